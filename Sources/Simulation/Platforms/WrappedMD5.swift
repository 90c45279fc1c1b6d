import Crypto

/// The signature that several Chinese platforms share: upper-case hex MD5 of secret, sorted names and values, secret.
enum WrappedMD5 {
    static func signature(_ values: [String: String], secret: String) -> String {
        hex(Insecure.MD5.hash(data: Array((secret + joined(values) + secret).utf8)))
    }

    /// Each name directly followed by its value, in the order of the names' bytes.
    static func joined(_ values: [String: String]) -> String {
        values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { $0.key + $0.value }.joined()
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}
