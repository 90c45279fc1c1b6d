import Glibc

/// How the characters of a file are written.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    /// With or without the mark that some programs put before it.
    case utf8 = "utf-8"
    /// Of Chinese back ends and spreadsheets; GBK and GB2312 are parts of it.
    case gb18030
    /// By its mark; without one the little end first, as Windows writes it.
    case utf16 = "utf-16"
    case big5
    case shiftJIS = "shift_jis"
    case eucKR = "euc-kr"
    case windows1252 = "windows-1252"
    /// UTF-8 where that fits all of it, else GB18030: what people save who are not asked.
    case guessed = "utf-8 or gb18030"

    /// What a map may write.
    package static let named: [String: TextEncoding] = {
        var named = Dictionary(
            uniqueKeysWithValues: allCases.filter { $0 != .guessed }.map { ($0.rawValue, $0) })
        (named["gbk"], named["gb2312"], named["auto"]) = (.gb18030, .gb18030, .guessed)
        return named
    }()

    /// The text of a file as UTF-8, without a mark before it. Each byte that is no part of a character becomes U+FFFD, so
    /// that the row in which it stands is known.
    ///
    /// Throws where the C library has no table of these characters.
    package func text(of contents: FileContents) throws(TableError) -> [UInt8] {
        do throws(NoTable) {
            return try text(of: contents.bytes)
        } catch {
            throw .noCharacters(contents.name, encoding: error.name)
        }
    }

    /// The C library lacks a table of characters.
    private struct NoTable: Error { let name: String }

    private func text(of bytes: [UInt8]) throws(NoTable) -> [UInt8] {
        // A mark says more than a map that was written for another export.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Self.repaired(bytes.dropFirst(3)) }
        if bytes.starts(with: [0xFF, 0xFE]) { return try Self.converted(bytes.dropFirst(2), from: "UTF-16LE") }
        if bytes.starts(with: [0xFE, 0xFF]) { return try Self.converted(bytes.dropFirst(2), from: "UTF-16BE") }
        let bytes = bytes.starts(with: [0x84, 0x31, 0x95, 0x33]) ? bytes.dropFirst(4) : bytes[...]
        switch self {
        case .utf8: return Self.repaired(bytes)
        case .utf16: return try Self.converted(bytes, from: "UTF-16LE")
        case .guessed:
            let isWhole = String(validating: bytes, as: UTF8.self) != nil
            return isWhole ? Array(bytes) : try Self.converted(bytes, from: "GB18030")
        case .gb18030, .big5, .shiftJIS, .eucKR, .windows1252:
            return try Self.converted(bytes, from: rawValue.uppercased())
        }
    }

    private static func repaired(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Through the C library's iconv. Some systems keep its tables in a package of their own.
    private static func converted(_ bytes: ArraySlice<UInt8>, from name: String) throws(NoTable) -> [UInt8] {
        guard let door = iconv_open("UTF-8", name), door != iconv_t(bitPattern: -1) else { throw NoTable(name: name) }
        defer { iconv_close(door) }
        var source = Array(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(source.count + source.count / 2)
        let room = UnsafeMutablePointer<CChar>.allocate(capacity: 1 << 16)
        defer { room.deallocate() }
        source.withUnsafeMutableBytes { buffer in
            var from = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = buffer.count
            while left > 0 {
                var to: UnsafeMutablePointer<CChar>? = room
                var free = 1 << 16
                let outcome = iconv(door, &from, &left, &to, &free)
                result.append(contentsOf: UnsafeRawBufferPointer(start: room, count: (1 << 16) - free))
                guard outcome == -1, errno != E2BIG else { continue }
                // Not a character, or half of one at the end.
                result.append(contentsOf: replacement)
                guard errno == EILSEQ, left > 1 else { break }
                from = from?.advanced(by: 1)
                left -= 1
            }
        }
        return result
    }
}
