package import Curl
import HTTPTypes

/// Where a receiver listens, and what has to be said there.
package enum ReceiverAddress: Sendable, Hashable {
    /// Over HTTP. Several are the members of one cluster, who are all told the same; `chat` is which of a service's chats is
    /// meant.
    case web([Secret], chat: String? = nil)
    case mail(MailAddress)
    /// A program and its arguments.
    case program([String])

    /// A mail server, and whose mail it is.
    package struct MailAddress: Sendable, Hashable {
        package var server: Secret
        package var from: String
        package var to: [String]
        package var user: String?

        package init(server: Secret, from: String, to: [String], user: String?) {
            (self.server, self.from, self.to, self.user) = (server, from, to, user)
        }

        /// Whether it is an address as mail servers take it: one `@`, no space, no bracket, ASCII.
        package static func isOne(_ text: String) -> Bool {
            text.utf8.count <= 254
                && text.wholeMatch(of: /[!#-'*+\-\/-9=?A-Z^-~.]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]*/) != nil
        }

        /// Of the sender: the host behind the `@`.
        var domain: String { String(from[from.index(after: from.lastIndex(of: "@") ?? from.startIndex)...]) }
    }

    /// Safe to show; nil where it cannot be used.
    var host: String? {
        switch self {
        case .web(let urls, _):
            let hosts = urls.compactMap { Request(method: .post, url: $0.reveal())?.head.authority.map(Self.host) }
            return hosts.count == urls.count ? hosts.first : nil
        case .mail(let mail):
            return Mail(server: mail.server.reveal(), as: mail.domain, from: mail.from, to: mail.to, message: [])?.host
        case .program(let words):
            return words.first
        }
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }) + "]" }
        return String(authority.prefix { $0 != ":" })
    }
}
