import Crypto
package import Facts

/// What a receiver finds when it holds a delivery against its secret, by its own reading of the Standard Webhooks
/// specification: HMAC-SHA256 over `id.timestamp.body`, under the bytes that the secret's Base64 stands for.
package enum SignatureReading: Sendable, Hashable {
    case valid
    /// One of webhook-id, webhook-timestamp and webhook-signature is missing or empty.
    case headerMissing(String)
    case timestampUnreadable
    /// More than five minutes from the receiver's clock.
    case timestampTooFar
    /// None of the `v1` signatures is ours.
    case mismatch
    case secretUnreadable

    /// - Parameter now: the receiver's clock; nil does not look at the age.
    package static func read(
        headers: [String: String], body: [UInt8], secret: String, now: Timestamp? = nil
    ) -> SignatureReading {
        var values: [String] = []
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            guard let value = headers[name], !value.isEmpty else { return .headerMissing(name) }
            values.append(value)
        }
        guard let seconds = Int64(values[1]), String(seconds) == values[1] else { return .timestampUnreadable }
        if let now, abs(now.microseconds / 1_000_000 - seconds) > 300 { return .timestampTooFar }
        let encoded = secret.hasPrefix("whsec_") ? secret.dropFirst(6) : Substring(secret)
        guard let key = Base64.bytes(of: encoded), !key.isEmpty else { return .secretUnreadable }

        var code = HMAC<SHA256>(key: SymmetricKey(data: key))
        code.update(data: Array("\(values[0]).\(values[1]).".utf8))
        code.update(data: body)
        let expected = Array(code.finalize())
        for signature in values[2].split(separator: " ") {
            let parts = signature.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, parts[0] == "v1", let given = Base64.bytes(of: parts[1]) else { continue }
            // Every byte is looked at, so that the time taken tells nothing.
            let difference = zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            if given.count == expected.count, difference == 0 { return .valid }
        }
        return .mismatch
    }
}
