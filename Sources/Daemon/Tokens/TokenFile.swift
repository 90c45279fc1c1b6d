import Curl
import Facts
import Foundation
import Glibc
import Logging
import Pull

/// The file beside the ledger in which tokens live that consent and refreshing returned: mode 0600, replaced whole, and on
/// the disk before any of them is used.
struct TokenFile: Sendable {
    let path: String

    init(besideLedger path: String) { self.path = path + ".tokens" }

    /// Nothing where there is no file yet.
    func read() throws(TokenFileError) -> TokenContents {
        guard FileManager.default.fileExists(atPath: path) else { return TokenContents() }
        do {
            return try JSONDecoder().decode(TokenContents.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw TokenFileError(path: path, what: "cannot be read; mend or move it, and consent anew where need be")
        }
    }

    /// Changes what is there now, one process at a time. A crash leaves either what was there before or all of the new.
    @discardableResult
    func change<Result>(_ body: (inout TokenContents) -> Result) throws(TokenFileError) -> Result {
        let fault = TokenFileError(path: path, what: "cannot be written; check the folder's owner, mode and free space")
        let lock = open(path + "-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw fault }
        defer { close(lock) }
        guard flock(lock, LOCK_EX) == 0 else { throw fault }
        var contents = try read()
        let result = body(&contents)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(contents), DurableFile.replace(path, by: data) else { throw fault }
        return result
    }

    /// Whether others than its owner may read it.
    var isOpenToOthers: Bool {
        var about = stat()
        return stat(path, &about) == 0 && about.st_mode & 0o077 != 0
    }

    /// Tokens are taken all the same: a store that stands still helps nobody. The next that is kept closes the file.
    func warnIfOpen(_ logger: Logger) {
        guard isOpenToOthers else { return }
        logger.warning(
            "others than its owner may read the file of tokens \(path): chmod 600 it, and ask for new consents where somebody may have"
        )
    }
}

struct TokenFileError: Error, Sendable, Hashable, CustomStringConvertible {
    var path: String
    var what: String

    var description: String { "the file of tokens \(path) \(what)" }
}
