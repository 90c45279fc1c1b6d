import Curl
import Facts
import Foundation
import Glibc
import Pull

/// The file beside the ledger in which tokens live that refreshing returned: mode 0600, replaced whole, and on the disk
/// before any of them is used.
struct TokenFile: Sendable {
    let path: String

    init(besideLedger path: String) { self.path = path + ".tokens" }

    /// What is kept for one owner.
    struct Entry: Codable, Sendable, Hashable {
        /// For people: the stores that use it.
        var stores: [String]
        var accessToken: String
        var expiresAt: Int64?
        var refreshToken: String?
        var refreshExpiresAt: Int64?
        var obtainedAt: Int64

        init(_ grant: TokenCall.Grant, stores: [String], refreshToken: String?, at now: Timestamp) {
            func seconds(_ moment: Timestamp?) -> Int64? { moment.map { $0.microseconds / 1_000_000 } }
            (self.stores, accessToken) = (stores, grant.accessToken.reveal())
            (expiresAt, refreshExpiresAt) = (seconds(grant.expiresAt), seconds(grant.refreshExpiresAt))
            self.refreshToken = grant.refreshToken?.reveal() ?? refreshToken
            obtainedAt = now.microseconds / 1_000_000
        }
    }

    /// By owner; empty where there is no file yet.
    func read() throws(TokenFileError) -> [String: Entry] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        do {
            return try JSONDecoder().decode([String: Entry].self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw TokenFileError(path: path, what: "cannot be read; mend or move it, and consent anew where need be")
        }
    }

    /// A crash leaves either the file before or the new one.
    func write(_ entries: [String: Entry]) throws(TokenFileError) {
        let fault = TokenFileError(path: path, what: "cannot be written; check the folder's owner, mode and free space")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(entries) else { throw fault }
        let new = path + ".new"
        let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault }
        let isWritten = data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(
                    file, UnsafeRawBufferPointer(rebasing: bytes[done...]).baseAddress, bytes.count - done)
                if count <= 0 { return false }
                done += count
            }
            return true
        }
        let isKept = isWritten && fchmod(file, 0o600) == 0 && fsync(file) == 0
        close(file)
        guard isKept, rename(new, path) == 0 else { throw fault }
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}

struct TokenFileError: Error, Sendable, Hashable, CustomStringConvertible {
    var path: String
    var what: String

    var description: String { "the file of tokens \(path) \(what)" }
}
