import Crypto

/// The digests by which platforms sign, over texts in UTF-8.
enum Digests {
    /// MD5 is what some platforms ask for; here it signs, and nothing else rests on it.
    static func md5(_ text: String) -> [UInt8] { Array(Insecure.MD5.hash(data: Array(text.utf8))) }

    static func hmacMD5(_ text: String, key: String) -> [UInt8] {
        Array(HMAC<Insecure.MD5>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: Array(key.utf8))))
    }

    static func hmacSHA256(_ text: String, key: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: Array(key.utf8))))
    }

    static func sha256(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    static func lowerHex(_ bytes: [UInt8]) -> String { hex(bytes, digits: Array("0123456789abcdef".utf8)) }
    static func upperHex(_ bytes: [UInt8]) -> String { hex(bytes, digits: Array("0123456789ABCDEF".utf8)) }

    private static func hex(_ bytes: [UInt8], digits: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Every key directly followed by its value, in the order of the keys' bytes.
    static func joined(_ parameters: [String: String]) -> String {
        parameters.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { $0.key + $0.value }.joined()
    }
}
