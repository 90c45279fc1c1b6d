import Crypto

/// The key under which buyers are hashed: made once with the ledger, so that hashes can be counted and compared within
/// it and mean nothing elsewhere. Prints as dots.
package struct BuyerKey: Sendable {
    private let key: SymmetricKey

    /// - Parameter bytes: 32 random bytes; any other number works, fewer are weaker.
    package init(bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    /// `h:` and 16 bytes, hex, of HMAC-SHA256. A value of that form is kept as it is: it was hashed before.
    package func pseudonym(of buyer: String) -> String {
        if BuyerKey.isPseudonym(buyer) { return buyer }
        return "h:" + HMAC<SHA256>.authenticationCode(for: Array(buyer.utf8), using: key).prefix(16).hex
    }

    package static func isPseudonym(_ text: String) -> Bool {
        text.utf8.count == 34 && text.hasPrefix("h:")
            && text.utf8.dropFirst(2).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}

extension BuyerKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
