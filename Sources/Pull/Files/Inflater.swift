/// How the bytes of a file become the text of its lines.
enum Inflater {
    case none
    case gzip(GzipInflater)
    case zstd(ZstdInflater)

    /// By the name's ending, as `import` says.
    init(for name: String) throws(FactFileError) {
        if name.hasSuffix(".gz") {
            self = .gzip(try GzipInflater(name: name))
        } else if name.hasSuffix(".zst") {
            self = .zstd(try ZstdInflater(name: name))
        } else {
            self = .none
        }
    }
}

/// What one step of inflating took and gave.
struct InflateStep {
    var taken: Int
    var given: Int
}
