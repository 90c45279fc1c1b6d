import Crypto
import Curl
import Facts
import Foundation

/// The signature of the Standard Webhooks specification (standardwebhooks.com), version `v1`: by it a receiver knows
/// that a message is ours, is whole, and is not an old one sent again by somebody else.
enum WebhookSignature {
    /// `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`.
    ///
    /// - Parameters:
    ///   - id: of the notice; holds no full stop.
    ///   - seconds: since 1970, of this attempt, as the header `webhook-timestamp` says.
    static func value(id: String, seconds: Int64, body: [UInt8], key: SymmetricKey) -> String {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Array("\(id).\(seconds).".utf8))
        code.update(data: body)
        return "v1," + Data(code.finalize()).base64EncodedString()
    }

    /// nil unless the secret is `whsec_` and the Base64, with its padding, of at least one byte.
    static func key(of secret: Secret) -> SymmetricKey? {
        let text = secret.reveal()
        guard text.hasPrefix(prefix), let bytes = Data(base64Encoded: String(text.dropFirst(prefix.count))),
            !bytes.isEmpty
        else { return nil }
        return SymmetricKey(data: bytes)
    }

    private static let prefix = "whsec_"
}
