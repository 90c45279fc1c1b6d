import Glibc

/// Bytes from a file or from standard input, as they lie there.
struct FileBytes: ~Copyable {
    /// What people know it by.
    let name: String
    /// In bytes; nil when it cannot be told (a pipe, standard input).
    let size: Int64?
    /// Seconds since 1970 and the nanoseconds after; nil when it is no plain file.
    let modified: (seconds: Int64, nanoseconds: Int64)?
    private let descriptor: Int32

    init(path: String) throws(FactFileError) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotOpen(path, because: FileBytes.reason(errno)) }
        var status = stat()
        guard fstat(opened, &status) == 0 else {
            let reason = FileBytes.reason(errno)
            close(opened)
            throw .cannotOpen(path, because: reason)
        }
        let type = status.st_mode & S_IFMT
        guard type != S_IFDIR else {
            close(opened)
            throw .cannotOpen(path, because: "it is a folder; name the files in it")
        }
        (name, descriptor) = (path, opened)
        let isPlain = type == S_IFREG
        size = isPlain ? Int64(status.st_size) : nil
        modified = isPlain ? (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec)) : nil
    }

    private init(standardInput: Void) { (name, size, modified, descriptor) = ("standard input", nil, nil, 0) }

    static var standardInput: FileBytes { FileBytes(standardInput: ()) }

    /// Fills `buffer` from its beginning and says how far; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FactFileError) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw .cannotRead(name, because: FileBytes.reason(errno)) }
        }
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

    deinit { if descriptor > 0 { close(descriptor) } }
}
