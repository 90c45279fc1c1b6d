import CJSON

/// Names by whose place a reader tells keys. Made once for the life of the program: their table is never freed.
struct JSONNames: @unchecked Sendable {
    // proof: what it points at is never written again, and lives as long as the program.
    let pointer: OpaquePointer

    init(_ names: [String]) {
        let copies = names.map { Array($0.utf8CString) }
        var pointers: [UnsafePointer<CChar>?] = []
        func withPointers<R>(from index: Int, _ body: () -> R) -> R {
            if index == copies.count { return body() }
            return copies[index].withUnsafeBufferPointer { buffer in
                pointers.append(buffer.baseAddress)
                return withPointers(from: index + 1, body)
            }
        }
        // proof: nil only without memory, or for more names than any schema has
        pointer = withPointers(from: 0) { cjson_names_new(pointers, pointers.count) }!
    }
}
