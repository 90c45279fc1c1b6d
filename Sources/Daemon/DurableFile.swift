import Foundation
import Glibc

/// Small files that a crash must leave either as they were or as they were to become.
enum DurableFile {
    /// Mode 0600, on the disk when it returns; false when it cannot be written, and then the old one stands.
    static func replace(_ path: String, by data: Data) -> Bool {
        guard write(data, to: path + ".new"), rename(path + ".new", path) == 0 else { return false }
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return true }
        fsync(folder)
        close(folder)
        return true
    }

    private static func write(_ data: Data, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let isWritten = data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                let count = Glibc.write(file, rest.baseAddress, rest.count)
                if count <= 0 { return false }
                done += count
            }
            return true
        }
        return isWritten && fchmod(file, 0o600) == 0 && fsync(file) == 0
    }
}
