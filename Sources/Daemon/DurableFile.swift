import Foundation
import Glibc

/// Small files that a crash must leave either as they were or as they were to become.
enum DurableFile {
    /// Mode 0600, and on the disk when it returns; false when that cannot be said.
    static func replace(_ path: String, by data: Data) -> Bool {
        guard write(data, to: path + ".new"), rename(path + ".new", path) == 0 else { return false }
        // Without its folder on the disk a new name may be lost with the power.
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }

    private static func write(_ data: Data, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        // Before there is anything in it: one that was there may be open to others.
        guard fchmod(file, 0o600) == 0 else { return false }
        let isWritten = data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                let count = Glibc.write(file, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return false }
                done += count
            }
            return true
        }
        return isWritten && fsync(file) == 0
    }
}
