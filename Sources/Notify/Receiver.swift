import Crypto
package import Curl
import HTTPTypes

/// A destination of notices: who it is, where it listens, and the key that proves a notice to be ours.
package struct Receiver: Sendable {
    package let id: String
    /// The whole address is treated as a secret: those of chat services are one.
    let url: Secret
    /// The host alone, safe to show.
    package let host: String
    /// nil sends unsigned.
    let key: SymmetricKey?

    /// Why an entry cannot be a receiver.
    package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        case unusableAddress(receiver: String)
        case unusableSecret(receiver: String)

        package var description: String {
            switch self {
            case .unusableAddress(let id):
                "The address of receiver '\(id)' is not an absolute http or https address in ASCII; correct it in the "
                    + "configuration."
            case .unusableSecret(let id):
                "The secret of receiver '\(id)' is not whsec_ followed by Base64; make one with: "
                    + "echo whsec_$(openssl rand -base64 24)"
            }
        }
    }

    /// - Parameters:
    ///   - url: absolute, http or https.
    ///   - secret: `whsec_` and the Base64 of the key; nil sends unsigned.
    package init(id: String, url: Secret, secret: Secret?) throws(Fault) {
        guard let request = Request(method: .post, url: url.reveal()), let authority = request.head.authority else {
            throw .unusableAddress(receiver: id)
        }
        (self.id, self.url, host) = (id, url, Receiver.host(of: authority))
        key = secret.flatMap(WebhookSignature.key(of:))
        guard key != nil || secret == nil else { throw .unusableSecret(receiver: id) }
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }) + "]" }
        return String(authority.prefix { $0 != ":" })
    }
}
