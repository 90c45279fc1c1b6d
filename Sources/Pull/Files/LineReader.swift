import Glibc

/// The lines of a text, numbered from 1, in memory that does not grow with it.
struct LineReader: ~Copyable {
    /// Lines given so far.
    private(set) var number = 0
    /// The line given last has no end: the text stops in it.
    private(set) var isUnended = false
    /// Bytes taken from the file so far, as they lie there.
    private(set) var bytesRead: Int64 = 0
    /// Bytes of text that came out of them.
    private(set) var textBytes: Int64 = 0

    private let bytes: FileBytes
    private let inflater: Inflater
    private let lineLimit: Int
    /// Owned here and freed in `deinit`. Text read and not yet given lies in `start..<end`; behind `end` there are
    /// always `padding` bytes to read, which a wide JSON parser may touch.
    private let text: UnsafeMutableRawBufferPointer
    private var (start, scanned, end) = (0, 0, 0)
    /// Owned here and freed in `deinit`. Compressed bytes not yet inflated lie in `inputStart..<inputEnd`.
    private let input: UnsafeMutableRawBufferPointer
    private var (inputStart, inputEnd) = (0, 0)
    private var isAtEnd = false
    private var skipped = 0

    static let padding = 128
    private static let chunk = 256 << 10

    enum Line {
        /// Without its end (LF or CRLF). Good until the next line is asked for; may be empty.
        case text(UnsafeRawBufferPointer)
        /// Longer than the limit, by this many bytes in all; it was passed over.
        case tooLong(Int)
        case end
    }

    /// - Parameter lineLimit: the longest line that is looked at, in bytes.
    init(_ bytes: consuming FileBytes, lineLimit: Int) throws(FactFileError) {
        inflater = try Inflater(for: bytes.name)
        self.bytes = bytes
        self.lineLimit = lineLimit
        text = .allocate(byteCount: lineLimit + 2 * LineReader.chunk + LineReader.padding, alignment: 64)
        text.initializeMemory(as: UInt8.self, repeating: 0)
        input = .allocate(byteCount: LineReader.chunk, alignment: 64)
    }

    mutating func next() throws(FactFileError) -> Line {
        while true {
            let base = text.baseAddress!  // proof: allocated with a size above zero
            if let found = memchr(base + scanned, 10, end - scanned) {
                let offset = found - UnsafeMutableRawPointer(base)
                defer { (start, scanned) = (offset + 1, offset + 1) }
                return line(start..<offset)
            }
            if skipped > 0 || end - start > lineLimit {
                skipped += end - start
                (start, end) = (0, 0)
            }
            scanned = end
            if isAtEnd {
                guard start < end || skipped > 0 else { return .end }
                isUnended = true
                defer { (start, scanned) = (end, end) }
                return line(start..<end)
            }
            try fill()
        }
    }

    private mutating func line(_ range: Range<Int>) -> Line {
        number += 1
        if skipped > 0 || range.count > lineLimit {
            defer { skipped = 0 }
            return .tooLong(skipped + range.count)
        }
        var line = UnsafeRawBufferPointer(rebasing: text[range])
        if line.last == UInt8(ascii: "\r") { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
        // The byte order mark that some editors put before UTF-8.
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) {
            line = UnsafeRawBufferPointer(rebasing: line.dropFirst(3))
        }
        return .text(line)
    }

    /// Brings more text behind `end`, or notes that there is none.
    private mutating func fill() throws(FactFileError) {
        if start > 0 {
            if end > start { text.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[start..<end])) }
            (start, scanned, end) = (0, scanned - start, end - start)
        }
        let room = UnsafeMutableRawBufferPointer(
            rebasing: text[end..<min(end + LineReader.chunk, text.count - LineReader.padding)])
        let given = try read(into: room)
        end += given
        textBytes += Int64(given)
        isAtEnd = given == 0
    }

    /// 0 at the end only.
    private mutating func read(into room: UnsafeMutableRawBufferPointer) throws(FactFileError) -> Int {
        if case .none = inflater {
            let count = try bytes.read(into: room)
            bytesRead += Int64(count)
            return count
        }
        while true {
            let isDry = inputStart == inputEnd
            if isDry {
                inputStart = 0
                inputEnd = try bytes.read(into: input)
                bytesRead += Int64(inputEnd)
            }
            let rest = UnsafeRawBufferPointer(rebasing: input[inputStart..<inputEnd])
            if rest.isEmpty {
                guard isAtBoundary else { throw .cutOff(bytes.name) }
                return 0
            }
            let step = try inflate(rest, into: room)
            inputStart += step.taken
            if step.given > 0 { return step.given }
        }
    }

    private var isAtBoundary: Bool {
        switch inflater {
        case .none: true
        case .gzip(let gzip): gzip.isAtEnd
        case .zstd(let zstd): zstd.isAtEnd
        }
    }

    private func inflate(
        _ rest: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) throws(FactFileError) -> InflateStep {
        switch inflater {
        case .none: InflateStep(taken: 0, given: 0)
        case .gzip(let gzip): try gzip.step(from: rest, into: room)
        case .zstd(let zstd): try zstd.step(from: rest, into: room)
        }
    }

    deinit {
        text.deallocate()
        input.deallocate()
    }
}
