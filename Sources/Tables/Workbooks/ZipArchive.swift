import CZlib

/// The files within a zip, by name. Only what workbooks need: entries stored or deflated, none encrypted, below 4 GB.
struct ZipArchive {
    struct Entry {
        fileprivate var method: Int
        fileprivate var checksum: Int
        fileprivate var packed: Int
        fileprivate var size: Int
        fileprivate var header: Int
    }

    /// Why it is none, in words.
    struct Fault: Error { let words: String }

    private let bytes: [UInt8]
    private(set) var entries: [String: Entry] = [:]

    /// A sheet that says it is larger was made to fill the memory.
    private static let greatestEntry = 1 << 30

    init(_ bytes: [UInt8]) throws(Fault) {
        self.bytes = bytes
        // The directory stands at the end, before a comment of at most 64 KiB.
        var end = bytes.count - 22
        let least = max(0, end - 65_535)
        while end >= least, number(at: end, bytes: 4) != 0x0605_4B50 { end -= 1 }
        guard end >= least, end >= 0 else { throw Fault(words: "it is no zip, or its end is missing") }
        var at = number(at: end + 16, bytes: 4)
        for _ in 0..<number(at: end + 10, bytes: 2) {
            guard number(at: at, bytes: 4) == 0x0201_4B50 else { throw Fault(words: "its directory is damaged") }
            let length = number(at: at + 28, bytes: 2)
            guard at + 46 + length <= bytes.count else { throw Fault(words: "its directory is cut off") }
            let name = String(decoding: bytes[(at + 46)..<(at + 46 + length)], as: UTF8.self)
            guard number(at: at + 8, bytes: 2) & 1 == 0 else { throw Fault(words: "it is encrypted") }
            entries[name] = Entry(
                method: number(at: at + 10, bytes: 2), checksum: number(at: at + 16, bytes: 4),
                packed: number(at: at + 20, bytes: 4), size: number(at: at + 24, bytes: 4),
                header: number(at: at + 42, bytes: 4))
            at += 46 + length + number(at: at + 30, bytes: 2) + number(at: at + 32, bytes: 2)
        }
    }

    /// The bytes of an entry; nil when there is none of that name.
    func contents(of name: String) throws(Fault) -> [UInt8]? {
        guard let entry = entries[name] else { return nil }
        guard number(at: entry.header, bytes: 4) == 0x0403_4B50 else {
            throw Fault(words: "\(name) is not where it should be")
        }
        let start =
            entry.header + 30 + number(at: entry.header + 26, bytes: 2) + number(at: entry.header + 28, bytes: 2)
        guard start <= bytes.count, entry.packed <= bytes.count - start, entry.size <= Self.greatestEntry else {
            throw Fault(words: "\(name) is cut off, or larger than any sheet")
        }
        let whole: [UInt8]
        switch entry.method {
        case 0 where entry.packed == entry.size: whole = Array(bytes[start..<start + entry.size])
        case 8:
            guard let inflated = inflated(start..<start + entry.packed, size: entry.size) else {
                throw Fault(words: "\(name) is damaged")
            }
            whole = inflated
        default: throw Fault(words: "\(name) is packed in a way that workbooks are not")
        }
        guard crc32_z(0, whole, whole.count) == UInt(entry.checksum) else { throw Fault(words: "\(name) is damaged") }
        return whole
    }

    /// nil unless the packed bytes give just what the directory says.
    private func inflated(_ range: Range<Int>, size: Int) -> [UInt8]? {
        var stream = z_stream()
        // A negative window: without a header of its own.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var isWhole = false
        let result = [UInt8](unsafeUninitializedCapacity: size) { output, count in
            bytes[range].withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(size)
                isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END
                count = size - Int(stream.avail_out)
            }
        }
        return isWhole && result.count == size ? result : nil
    }

    /// Little end first; 0 outside of the bytes.
    private func number(at offset: Int, bytes count: Int) -> Int {
        guard offset >= 0, offset <= bytes.count - count else { return 0 }
        return (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
