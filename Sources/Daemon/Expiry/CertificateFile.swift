import Facts
import Foundation

/// The certificates in a PEM file, as far as one has to know them: until when each is good, whose it is and by whom.
///
/// Of a certificate (RFC 5280, 4.1) the beginning is read: a version that may be missing, the serial number, the signature's
/// algorithm, the issuer, the validity and the subject. What does not read so is passed over whole.
struct CertificateFile {
    /// In the order of the file.
    let certificates: [Certificate]

    struct Certificate: Hashable {
        var ends: Timestamp
        /// Names, as they stand there.
        var (issuer, subject): ([UInt8], [UInt8])
    }

    init(pem text: String) {
        let parts = text.split(separator: "-----BEGIN CERTIFICATE-----", omittingEmptySubsequences: false).dropFirst()
        certificates = parts.compactMap { part -> Certificate? in
            guard let lines = part.split(separator: "-----END CERTIFICATE-----", maxSplits: 1).first else { return nil }
            let base64 = String(lines.filter { !$0.isWhitespace })
            return Data(base64Encoded: base64).flatMap { Self.certificate(Array($0)) }
        }
    }

    /// Until when the authority in this file is good that vouches for the certificates which a server sent, its own first.
    /// Where an authority stands here several times, old and new, it is good as long as the last of them. nil: none here
    /// does.
    func authorityEnds(for chain: [Certificate]) -> Timestamp? {
        // Whoever verifies looks here first for the issuer of each, from the server's own on.
        chain.lazy.compactMap { sent in certificates.filter { $0.subject == sent.issuer }.map(\.ends).max() }.first
    }

    /// Until when anything here is good. Of several that nobody has seen at work no one may be missed: a root that is over
    /// stands in many a bundle, and stops nothing.
    var ends: Timestamp? { certificates.map(\.ends).max() }

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

    private static func certificate(_ der: [UInt8]) -> Certificate? {
        var all = der[...]
        guard var certificate = Element(&all)?.content, var signed = Element(&certificate)?.content else { return nil }
        // 0xA0: the version, which only the first form leaves out.
        if signed.first == 0xA0 { _ = Element(&signed) }
        // The serial number and the algorithm.
        guard Element(&signed) != nil, Element(&signed) != nil, let issuer = Element(&signed)?.content,
            var validity = Element(&signed)?.content, Element(&validity) != nil,
            let ends = Element(&validity).flatMap(moment), let subject = Element(&signed)?.content
        else { return nil }
        return Certificate(ends: ends, issuer: Array(issuer), subject: Array(subject))
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
