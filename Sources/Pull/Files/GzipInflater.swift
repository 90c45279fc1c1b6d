import CZlib

/// gzip through zlib: one member after another, as `cat a.gz b.gz` makes them.
final class GzipInflater {
    private let name: String
    /// Owned here and freed in `deinit`; zlib keeps a pointer back to it, so it never moves.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether all that was read so far ends where a member ends.
    private(set) var isAtEnd = false
    private var hasBegun = false

    init(name: String) throws(FactFileError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, 16 more for the gzip wrapping.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw .damaged(name, because: "zlib could not be started")
        }
        (self.name, self.stream) = (name, stream)
    }

    /// Both buffers must not be empty.
    func step(
        from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(FactFileError) -> InflateStep {
        if isAtEnd {
            // Tapes and some tools pad with zeros; gzip passes over them, and so do we.
            let padding = input.prefix { $0 == 0 }.count
            if padding > 0 { return InflateStep(taken: padding, given: 0) }
            inflateReset(stream)
            isAtEnd = false
        }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let code = inflate(stream, Z_NO_FLUSH)
        let step = InflateStep(
            taken: input.count - Int(stream.pointee.avail_in), given: output.count - Int(stream.pointee.avail_out))
        switch code {
        case Z_STREAM_END: isAtEnd = true
        case Z_OK: break
        // No progress was possible: more input or more room is needed, and the caller brings both.
        case Z_BUF_ERROR: break
        default:
            let words = stream.pointee.msg.map { String(cString: $0) } ?? "zlib's code \(code)"
            throw .damaged(name, because: hasBegun ? words : "its name ends in .gz, but it is not gzip (\(words))")
        }
        if step.given > 0 || code == Z_STREAM_END { hasBegun = true }
        return step
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }
}
