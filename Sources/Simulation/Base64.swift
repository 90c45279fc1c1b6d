/// Base64 with padding, as signatures and secrets are written (RFC 4648).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        var (bits, held) = (0, 0)
        for byte in bytes {
            (bits, held) = (bits << 8 | Int(byte), held + 8)
            while held >= 6 {
                held -= 6
                result.append(alphabet[bits >> held & 63])
            }
            bits &= (1 << held) - 1
        }
        if held > 0 { result.append(alphabet[bits << (6 - held) & 63]) }
        while result.count % 4 != 0 { result.append(UInt8(ascii: "=")) }
        return String(decoding: result, as: UTF8.self)
    }

    /// Nil when it is not Base64. Padding may be missing.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        var result: [UInt8] = []
        var (bits, held, padding) = (0, 0, 0)
        for character in text.utf8 {
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = alphabet.firstIndex(of: character) else { return nil }
            (bits, held) = (bits << 6 | value, held + 6)
            if held >= 8 {
                held -= 8
                result.append(UInt8(bits >> held))
                bits &= (1 << held) - 1
            }
        }
        guard padding <= 2, held < 6 else { return nil }
        return result
    }
}
