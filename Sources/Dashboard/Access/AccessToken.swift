import Crypto
import Facts

/// A token by which a person or program shows who he is: 256 bits by chance. It is no password, so a plain SHA-256 of it
/// gives nothing away.
package enum AccessToken {
    /// With a beginning by which scanners of leaked secrets can know it.
    package static func made() -> String { "gst_" + random() }

    /// 32 bytes, in letters, digits, `-` and `_`.
    static func random() -> String { SymmetricKey(size: .bits256).withUnsafeBytes { base64url($0) } }

    /// SHA-256 in hex.
    package static func hash(of token: String) -> String {
        SHA256.hash(data: Array(token.utf8)).hex
    }

    /// Takes as long wherever they differ.
    static func isSame(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    static func base64url(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var (text, held, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
        for byte in bytes {
            held = held << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(digits[Int(held >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(digits[Int(held << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
