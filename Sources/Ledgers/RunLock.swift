import Glibc

/// Held by the one `run` or `pull` that works on a ledger, or by the one `import`; let go when this object goes, or the
/// process does.
///
/// The operating system holds it (`flock` on a file beside the ledger), so that no crash leaves it behind. The file
/// stays and says who held it last. Readers need no lock.
package final class RunLock: Sendable {
    private let file: Int32

    /// - Parameters:
    ///   - ledger: the path of the ledger.
    ///   - command: what messages call the holder: `run`, `pull`.
    ///   - pid: of this process.
    ///   - ending: of the file's name; who works with another does not hinder.
    /// - Throws: `held` with the holder's pid; `missing` or `notPermitted` when the file cannot be made.
    package init(ledger: String, command: String, pid: Int32, ending: String = ".lock") throws(LedgerError) {
        // By the file itself: a ledger reached through a link is the same ledger.
        let resolved = realpath(ledger, nil)
        defer { free(resolved) }
        let path = (resolved.map { String(cString: $0) } ?? ledger) + ending
        var ours: Int32 = -1
        while ours < 0 {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else {
                let number = errno
                throw number == ENOENT || number == ENOTDIR
                    ? .missing(path: path) : .notPermitted(path: path, detail: SQLiteLedger.reason(number))
            }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                let holder = RunLock.holder(file)
                close(file)
                throw .held(path: ledger, by: holder.pid, command: holder.command)
            }
            // Another file may lie there by now: what is held then hinders nobody.
            var (held, there) = (stat(), stat())
            guard fstat(file, &held) == 0, stat(path, &there) == 0, held.st_ino == there.st_ino,
                held.st_dev == there.st_dev
            else {
                close(file)
                continue
            }
            ours = file
        }
        let file = ours
        // Made by root, it must not keep out the one whose ledger it is.
        var owner = stat()
        if geteuid() == 0, stat(ledger, &owner) == 0 { _ = fchown(file, owner.st_uid, owner.st_gid) }
        let text = Array("\(pid) \(command)\n".utf8)
        // Only words for a message: a full disk must not keep the daemon from starting.
        ftruncate(file, 0)
        _ = pwrite(file, text, text.count, 0)
        self.file = file
    }

    deinit { close(file) }

    private static func holder(_ file: Int32) -> (pid: Int32?, command: String) {
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = pread(file, &bytes, bytes.count, 0)
        let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return (words.first.flatMap { Int32($0) }, words.count > 1 ? String(words[1]) : "run")
    }
}
