import CJSON

/// Owns one simdjson reader; what it read lies flat in `tokens` until the next read.
final class JSONReader {
    typealias Tokens = UnsafeBufferPointer<cjson_token>

    /// Given back in deinit, and nowhere else.
    private let reader: OpaquePointer

    /// - Parameter names: those by whose place a key's token can be told; nil for a document of which none is known.
    init(names: JSONNames? = nil) {
        // proof: nil only without memory
        reader = cjson_reader_take(names?.pointer)!
    }

    deinit { cjson_reader_give_back(reader) }

    func read(_ bytes: UnsafeRawBufferPointer) -> cjson_outcome {
        cjson_read(reader, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    var tokens: Tokens { Tokens(start: cjson_tokens(reader), count: cjson_token_count(reader)) }

    /// Whether the token's bytes held invalid UTF-8 or a bare control character.
    func isDamaged(_ token: cjson_token) -> Bool { cjson_is_damaged(reader, token.offset, token.length) != 0 }
}

extension cjson_token {
    @inline(__always)
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: text, count: Int(length)) }

    @inline(__always)
    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether it is that text.
    @inline(__always)
    func holds(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        // Most keys are of another length.
        name.count == Int(length) && name.isEqual(to: bytes)
    }
}
