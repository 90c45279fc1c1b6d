import Facts
import Foundation

/// The certificates in a PEM file, as far as one has to know them: until when each is good.
///
/// Of a certificate (RFC 5280, 4.1) only what stands before its validity is passed over: a version that may be missing, the
/// serial number, the signature's algorithm and the issuer. What does not read so is passed over whole.
struct CertificateFile {
    /// In the order of the file.
    let ends: [Timestamp]

    init(pem text: String) {
        let parts = text.split(separator: "-----BEGIN CERTIFICATE-----", omittingEmptySubsequences: false).dropFirst()
        ends = parts.compactMap { part -> Timestamp? in
            guard let lines = part.split(separator: "-----END CERTIFICATE-----", maxSplits: 1).first else { return nil }
            let base64 = String(lines.filter { !$0.isWhitespace })
            return Data(base64Encoded: base64).flatMap { Self.end(of: Array($0)) }
        }
    }

    /// An element of DER: its tag, and what it holds.
    private struct Element {
        var tag: UInt8
        var content: ArraySlice<UInt8>

        /// Takes the first element off the bytes; nil where there is none, or not all of it.
        init?(_ bytes: inout ArraySlice<UInt8>) {
            guard let tag = bytes.popFirst(), let first = bytes.popFirst() else { return nil }
            var length = Int(first)
            if first >= 0x80 {
                // So many bytes of length follow; none of use here has more than four.
                let count = Int(first & 0x7F)
                guard (1...4).contains(count), bytes.count >= count else { return nil }
                length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
                bytes = bytes.dropFirst(count)
            }
            guard length <= bytes.count else { return nil }
            (self.tag, content) = (tag, bytes.prefix(length))
            bytes = bytes.dropFirst(length)
        }
    }

    private static func end(of der: [UInt8]) -> Timestamp? {
        var all = der[...]
        guard var certificate = Element(&all)?.content, var signed = Element(&certificate)?.content else { return nil }
        // 0xA0: the version, which only the first form leaves out.
        if signed.first == 0xA0 { _ = Element(&signed) }
        // The serial number, the algorithm, the issuer.
        for _ in 0..<3 {
            guard Element(&signed) != nil else { return nil }
        }
        guard var validity = Element(&signed)?.content, Element(&validity) != nil, let end = Element(&validity) else {
            return nil
        }
        return moment(end)
    }

    /// `YYMMDDhhmmssZ` (0x17), in which 50 and more are of the last century, or `YYYYMMDDhhmmssZ` (0x18).
    private static func moment(_ element: Element) -> Timestamp? {
        var digits = String(decoding: element.content, as: UTF8.self)
        guard digits.hasSuffix("Z") else { return nil }
        digits.removeLast()
        if element.tag == 0x17 { digits = (digits < "50" ? "20" : "19") + digits }
        guard digits.utf8.count == 14, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        func part(_ from: Int, _ count: Int) -> Substring { digits.dropFirst(from).prefix(count) }
        return Timestamp(
            "\(part(0, 4))-\(part(4, 2))-\(part(6, 2))T\(part(8, 2)):\(part(10, 2)):\(part(12, 2))Z")
    }
}
