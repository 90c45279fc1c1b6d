import Curl
import Facts
import Foundation
import Glibc
import Pull

/// The file beside the ledger in which tokens live that consent and refreshing returned: mode 0600, replaced whole, and on
/// the disk before any of them is used.
struct TokenFile: Sendable {
    let path: String

    init(besideLedger path: String) { self.path = path + ".tokens" }

    struct Contents: Codable, Sendable, Hashable {
        /// By owner (`TokenCall.owner`).
        var grants: [String: Entry] = [:]
        /// By store: what the answer to a consent that was asked for has to bring back.
        var consents: [String: String] = [:]
    }

    /// What is kept for one owner.
    struct Entry: Codable, Sendable, Hashable {
        /// For people: the stores that use it.
        var stores: [String]
        var accessToken: String
        /// In seconds since 1970, like the others.
        var expiresAt: Int64?
        var refreshToken: String?
        var refreshExpiresAt: Int64?
        var obtainedAt: Int64
        var owner: String?
        var scopes: [String]

        init(_ grant: TokenCall.Grant, stores: [String], before: Entry?, refreshToken: String?, at now: Timestamp) {
            func seconds(_ moment: Timestamp?) -> Int64? { moment.map { $0.microseconds / 1_000_000 } }
            (self.stores, accessToken) = (stores, grant.accessToken.reveal())
            expiresAt = seconds(grant.expiresAt)
            self.refreshToken = grant.refreshToken?.reveal() ?? refreshToken
            // A refresh that tells nothing of it leaves the old end.
            refreshExpiresAt = seconds(grant.refreshExpiresAt) ?? before?.refreshExpiresAt
            obtainedAt = now.microseconds / 1_000_000
            owner = grant.owner ?? before?.owner
            scopes = grant.scopes.isEmpty ? before?.scopes ?? [] : grant.scopes
        }
    }

    /// Nothing where there is no file yet.
    func read() throws(TokenFileError) -> Contents {
        guard FileManager.default.fileExists(atPath: path) else { return Contents() }
        do {
            return try JSONDecoder().decode(Contents.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw TokenFileError(path: path, what: "cannot be read; mend or move it, and consent anew where need be")
        }
    }

    /// Changes what is there now, one process at a time. A crash leaves either what was there before or all of the new.
    func change(_ body: (inout Contents) -> Void) throws(TokenFileError) {
        let fault = TokenFileError(path: path, what: "cannot be written; check the folder's owner, mode and free space")
        let lock = open(path + "-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw fault }
        defer { close(lock) }
        var contents = try read()
        body(&contents)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(contents), write(data, to: path + ".new"), rename(path + ".new", path) == 0
        else { throw fault }
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private func write(_ data: Data, to path: String) -> Bool {
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

struct TokenFileError: Error, Sendable, Hashable, CustomStringConvertible {
    var path: String
    var what: String

    var description: String { "the file of tokens \(path) \(what)" }
}
