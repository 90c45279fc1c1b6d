package import Alerts
import Crypto
package import Curl
package import Facts

/// A destination of notices: who it is, where it listens, and the key that proves a notice to be ours.
package struct Receiver: Sendable {
    package let id: String
    package let kind: ReceiverKind
    package let address: ReceiverAddress
    /// The host alone, safe to show; of a command its first word.
    package let host: String
    /// Of a webhook; nil sends unsigned.
    let key: SymmetricKey?
    /// Of a chat service or a mail server: for signing, or to be let in.
    let secret: Secret?
    /// So long what goes on at Alertmanager goes on there without a word from here.
    package var hold = Receiver.standardHold
    package static let standardHold = TimeSpan.hours(6)
    /// Who of several mail addresses is still to be told.
    let rests = MailRests()
    /// What was too large for it, and is sent shorter.
    let shortened = ShortenedNotices()
    /// In which it is said how late a message is sent.
    package var language = MessageLanguage.en

    /// The whole address is treated as a secret: those of chat services are one.
    var url: Secret { if case .web(let urls, _) = address { urls.first ?? Secret("") } else { Secret("") } }
    /// Where a service wants to know which of its chats is meant.
    var chat: String? { if case .web(_, let chat) = address { chat } else { nil } }

    /// Why an entry cannot be a receiver.
    package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        case unusableAddress(receiver: String)
        case unusableSecret(receiver: String)
        case lacksSecret(receiver: String, ReceiverKind)
        case needlessSecret(receiver: String, ReceiverKind)
        case lacksChat(receiver: String)
        case lacksUser(receiver: String)

        package var description: String {
            switch self {
            case .unusableAddress(let id):
                "The address of receiver '\(id)' is not an absolute http or https address (of mail: smtp or smtps) in ASCII; "
                    + "correct it in the configuration."
            case .unusableSecret(let id):
                "The secret of receiver '\(id)' is not whsec_ followed by Base64; make one with: "
                    + "echo whsec_$(openssl rand -base64 24)"
            case .lacksSecret(let id, let kind):
                "The receiver '\(id)' lacks secret:, which for \(kind.rawValue) is \(kind.secretMeans ?? "")."
            case .needlessSecret(let id, let kind):
                "The receiver '\(id)' has a secret:, and \(kind.rawValue) has none beside its address; leave it out."
            case .lacksChat(let id):
                "The receiver '\(id)' lacks chat:, the id of the chat to which the bot writes."
            case .lacksUser(let id):
                "Of user: and secret:, name and password at the mail server, the receiver '\(id)' has one alone."
            }
        }
    }

    /// - Parameters:
    ///   - url: absolute, http or https.
    ///   - secret: of a webhook `whsec_` and the Base64 of the key; nil sends unsigned.
    package init(
        id: String, kind: ReceiverKind = .webhook, url: Secret, secret: Secret?, chat: String? = nil
    ) throws(Fault) {
        try self.init(id: id, kind: kind, address: .web([url], chat: chat), secret: secret)
    }

    package init(id: String, kind: ReceiverKind, address: ReceiverAddress, secret: Secret?) throws(Fault) {
        guard let host = address.host else { throw .unusableAddress(receiver: id) }
        if secret == nil, kind.needsSecret { throw .lacksSecret(receiver: id, kind) }
        if secret != nil, kind.secretMeans == nil { throw .needlessSecret(receiver: id, kind) }
        if case .web(_, nil) = address, kind.needsChat { throw .lacksChat(receiver: id) }
        if case .mail(let mail) = address, (mail.user == nil) != (secret == nil) { throw .lacksUser(receiver: id) }
        (self.id, self.kind, self.address, self.host, self.secret) = (id, kind, address, host, secret)
        key = kind == .webhook ? secret.flatMap(WebhookSignature.key(of:)) : nil
        guard key != nil || secret == nil || kind != .webhook else { throw .unusableSecret(receiver: id) }
    }
}
