import CZstd

/// zstd through libzstd: one frame after another. Memory is bounded by the format's usual window of 128 MiB.
final class ZstdInflater {
    private let name: String
    /// Owned here and freed in `deinit`.
    private let context: OpaquePointer
    /// Whether all that was read so far ends where a frame ends.
    private(set) var isAtEnd = false
    private var hasBegun = false

    init(name: String) throws(FactFileError) {
        guard let context = ZSTD_createDCtx() else { throw .damaged(name, because: "zstd could not be started") }
        (self.name, self.context) = (name, context)
    }

    /// `input` may be empty: what zstd still holds is given then.
    func step(
        from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(FactFileError) -> InflateStep {
        var taking = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var giving = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let code = ZSTD_decompressStream(context, &giving, &taking)
        guard ZSTD_isError(code) == 0 else {
            let words = String(cString: ZSTD_getErrorName(code))
            throw .damaged(
                name, because: hasBegun ? words : "its name ends in .zst, but it cannot be read as zstd (\(words))")
        }
        isAtEnd = code == 0
        if giving.pos > 0 || isAtEnd { hasBegun = true }
        return InflateStep(taken: taking.pos, given: giving.pos)
    }

    deinit { ZSTD_freeDCtx(context) }
}
