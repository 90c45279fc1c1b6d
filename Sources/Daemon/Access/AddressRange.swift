import Glibc

/// Addresses of machines: one, or all that begin with the same bits (`10.0.0.0/8`, `fd00::/8`).
package struct AddressRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let bits: Int

    /// nil for what is neither an address nor one with a number of bits.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(of: String(parts[0])) else { return nil }
        let all = bytes.count * 8
        guard let bits = parts.count == 2 ? Int(parts[1]) : all, (0...all).contains(bits) else { return nil }
        (self.bytes, self.bits) = (bytes, bits)
    }

    package func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        for bit in stride(from: 0, to: bits, by: 8) {
            let mask = bits - bit >= 8 ? UInt8.max : ~(UInt8.max >> UInt8(bits - bit))
            if other[bit / 8] & mask != bytes[bit / 8] & mask { return false }
        }
        return true
    }

    /// Of whom one may believe that it is one: the address, of IPv6 the network, which a single machine has to itself.
    package static func neighbourhood(of address: String) -> String {
        guard let bytes = bytes(of: address), bytes.count == 16 else { return address }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// 4 or 16; of an IPv4 address in the dress of IPv6 the 4.
    private static func bytes(of text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]
        return bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
    }
}
