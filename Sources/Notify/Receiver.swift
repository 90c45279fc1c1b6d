import Crypto
package import Curl
import HTTPTypes

/// A destination of notices: who it is, where it listens, and the key that proves a notice to be ours.
package struct Receiver: Sendable {
    package let id: String
    package let kind: ReceiverKind
    /// The whole address is treated as a secret: those of chat services are one.
    let url: Secret
    /// The host alone, safe to show.
    package let host: String
    /// Of a webhook; nil sends unsigned.
    let key: SymmetricKey?
    /// Of a chat service: for signing, or to be let in.
    let secret: Secret?
    /// Where a service wants to know which of its chats is meant.
    let chat: String?

    /// Why an entry cannot be a receiver.
    package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        case unusableAddress(receiver: String)
        case unusableSecret(receiver: String)
        case lacksSecret(receiver: String, ReceiverKind)
        case needlessSecret(receiver: String, ReceiverKind)
        case lacksChat(receiver: String)

        package var description: String {
            switch self {
            case .unusableAddress(let id):
                "The address of receiver '\(id)' is not an absolute http or https address in ASCII; correct it in the "
                    + "configuration."
            case .unusableSecret(let id):
                "The secret of receiver '\(id)' is not whsec_ followed by Base64; make one with: "
                    + "echo whsec_$(openssl rand -base64 24)"
            case .lacksSecret(let id, let kind):
                "The receiver '\(id)' lacks secret:, which for \(kind.rawValue) is \(kind.secretMeans ?? "")."
            case .needlessSecret(let id, let kind):
                "The receiver '\(id)' has a secret:, and \(kind.rawValue) has none beside its address; leave it out."
            case .lacksChat(let id):
                "The receiver '\(id)' lacks chat:, the id of the chat to which the bot writes."
            }
        }
    }

    /// - Parameters:
    ///   - url: absolute, http or https.
    ///   - secret: of a webhook `whsec_` and the Base64 of the key; nil sends unsigned.
    package init(
        id: String, kind: ReceiverKind = .webhook, url: Secret, secret: Secret?, chat: String? = nil
    ) throws(Fault) {
        guard let request = Request(method: .post, url: url.reveal()), let authority = request.head.authority else {
            throw .unusableAddress(receiver: id)
        }
        if secret == nil, kind.needsSecret { throw .lacksSecret(receiver: id, kind) }
        if secret != nil, kind.secretMeans == nil { throw .needlessSecret(receiver: id, kind) }
        if chat == nil, kind.needsChat { throw .lacksChat(receiver: id) }
        (self.id, self.kind, self.url, host) = (id, kind, url, Receiver.host(of: authority))
        (self.secret, self.chat) = (secret, chat)
        key = kind == .webhook ? secret.flatMap(WebhookSignature.key(of:)) : nil
        guard key != nil || secret == nil || kind != .webhook else { throw .unusableSecret(receiver: id) }
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }) + "]" }
        return String(authority.prefix { $0 != ":" })
    }
}
