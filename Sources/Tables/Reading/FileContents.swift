package import Facts
import Glibc

/// The bytes of a file at once: exports are looked at from their end (workbooks) or whole (their encoding).
package struct FileContents: Sendable {
    /// What people know it by.
    package let name: String
    package let bytes: [UInt8]
    /// When it was last changed; nil of standard input.
    package let modified: Timestamp?

    /// More than any export a person opens; months can be exported one by one.
    static let greatestBytes = 512 << 20

    package init(name: String, bytes: [UInt8], modified: Timestamp? = nil) {
        (self.name, self.bytes, self.modified) = (name, bytes, modified)
    }

    /// - Parameter argument: as the command line names it; `-` is standard input.
    package init(argument: String) throws(TableError) {
        let isInput = argument == "-"
        name = isInput ? "standard input" : argument
        let descriptor = isInput ? 0 : open(argument, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(name, because: String(cString: strerror(errno))) }
        defer { if !isInput { close(descriptor) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .cannotOpen(name, because: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw .cannotOpen(name, because: "it is a folder; name the files in it")
        }
        let isPlain = status.st_mode & S_IFMT == S_IFREG
        let written = status.st_mtim
        modified =
            isPlain
            ? Timestamp(microseconds: Int64(written.tv_sec) * 1_000_000 + Int64(written.tv_nsec) / 1000) : nil
        var bytes: [UInt8] = []
        if isPlain { bytes.reserveCapacity(min(Int(status.st_size), Self.greatestBytes) + 1) }
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = read(descriptor, chunk.baseAddress, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotOpen(name, because: String(cString: strerror(errno))) }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= Self.greatestBytes else {
                throw .tooLarge(name, bytes: max(bytes.count, Int(status.st_size)))
            }
        }
        self.bytes = bytes
    }

    /// The last part of its path.
    var lastComponent: String { name.split(separator: "/").last.map(String.init) ?? name }

    /// It begins as a workbook does, whatever its name says.
    var isWorkbook: Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// Why it is no table of text, though it was to be one: back ends give such files the names of workbooks. nil where it
    /// may be one.
    var isOtherThanText: String? {
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { return "it is one of the old form (.xls)" }
        let head = String(decoding: bytes.prefix(256), as: UTF8.self).trimmed.lowercased()
        let isPage = ["<!doctype html", "<html", "<table", "<meta", "<?xml"].contains { head.hasPrefix($0) }
        return isPage ? "it is a page of the web that bears a table's name" : nil
    }
}
