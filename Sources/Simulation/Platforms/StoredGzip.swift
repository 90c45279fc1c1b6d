/// gzip (RFC 1952) that keeps its bytes as they are: whoever unpacks it has to do all that there is to do but for finding what
/// repeats.
enum StoredGzip {
    static func bytes(of plain: [UInt8]) -> [UInt8] {
        // No name, no time, made on Unix.
        var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var rest = plain[...]
        repeat {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            bytes.append(rest.isEmpty ? 1 : 0)
            bytes += little(UInt32(length), 2) + little(UInt32(~length), 2) + block
        } while !rest.isEmpty
        return bytes + little(checksum(of: plain), 4) + little(UInt32(truncatingIfNeeded: plain.count), 4)
    }

    private static func little(_ number: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
    }

    /// CRC-32.
    private static func checksum(of bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }
}
