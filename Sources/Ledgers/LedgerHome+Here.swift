import Crypto
import Facts
import Glibc

extension LedgerHome {
    /// Where the ledger at a path is now.
    package static func here(_ ledger: String, beats: Int64) -> LedgerHome {
        let resolved = realpath(ledger, nil)
        defer { free(resolved) }
        let path = resolved.map { String(cString: $0) } ?? ledger
        var status = stat()
        let file = stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
        // systemd asks not to show a machine's id (machine-id(5)): a hash is kept, and one that is ours alone.
        return LedgerHome(
            machine: hashed("machine " + machineID), path: hashed("path " + path), file: file, beats: beats)
    }

    /// Empty where the machine has none.
    private static var machineID: String {
        let file = open("/etc/machine-id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).filter { $0 > 0x20 }, as: UTF8.self)
    }

    private static func hashed(_ text: String) -> String {
        SHA256.hash(data: Array("goodstanding \(text)".utf8)).prefix(8).hex
    }
}
