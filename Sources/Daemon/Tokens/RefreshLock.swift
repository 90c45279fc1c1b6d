import Facts
import Glibc

/// One refresher a grant, over all processes that work on one ledger: the daemon, and whoever looks by hand beside it.
///
/// A lock on one byte of a file, by the grant's key, so that grants do not wait for one another. The system lets go of it
/// when the process ends, however that happens.
final class RefreshLock: Sendable {
    private let file: Int32

    private init(_ file: Int32) { self.file = file }

    deinit { close(file) }

    /// Waits until nobody else refreshes that grant.
    static func hold(_ key: String, beside tokens: TokenFile, _ clock: any WallClock) async throws -> RefreshLock {
        let fault = TokenFileError(
            path: tokens.path, what: "cannot be locked; check the folder's owner, mode and free space")
        let file = open(tokens.path + "-refresh-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault }
        let lock = RefreshLock(file)
        // 15 hexadecimal digits: an offset is not negative.
        let offset = Int64(key.prefix(15), radix: 16) ?? 0
        while true {
            var range = flock()
            range.l_type = Int16(F_WRLCK)
            range.l_whence = Int16(SEEK_SET)
            range.l_start = off_t(offset)
            range.l_len = 1
            // Of the open file and not of the process: two parts of one process exclude one another too.
            if fcntl(file, openFileLock, &range) == 0 { return lock }
            guard errno == EAGAIN || errno == EACCES || errno == EINTR else { throw fault }
            await Task.yield()
            try await clock.sleep(until: clock.now + TimeSpan(microseconds: 100_000))
        }
    }

    /// F_OFD_SETLK of Linux, which the C library shows only to those that ask for all of GNU.
    private static let openFileLock: Int32 = 37
}
