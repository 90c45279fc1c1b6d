/// What the ledger could not do because of the world around it. `description` says what was attempted, on what, what
/// came back and what to do.
package enum LedgerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder that should hold the ledger is not there.
    case missing(path: String)
    /// The folder is there, the ledger is not, and it was not to be made.
    case absent(path: String)
    /// The file or its folder cannot be written (or read) by this user.
    case notPermitted(path: String, detail: String)
    /// The file is something else than a ledger.
    case notALedger(path: String)
    /// Written by a newer program; this one would lose what it does not know.
    case schemaTooNew(path: String, found: Int, known: Int)
    /// The file's pages contradict one another.
    case damaged(path: String, detail: String)
    /// No room on the disk; nothing of the attempt was kept.
    case full(attempt: String, path: String)
    /// Another process kept writing for longer than we wait.
    case busy(attempt: String, path: String)
    /// Another `run` or `pull` holds the ledger.
    case held(path: String, by: Int32?, command: String)
    /// The task was canceled; nothing of the attempt was kept.
    case canceled(attempt: String)
    case failed(attempt: String, path: String, detail: String)

    package var description: String {
        switch self {
        case .missing(let path):
            "Opening the ledger \(path) failed: there is no such folder. Create it, or correct `database:` in the "
                + "configuration."
        case .absent(let path):
            "There is no ledger \(path) yet. `goodstanding import`, `pull` and `run` make one; if there should be one, "
                + "correct `database:` in the configuration."
        case .notPermitted(let path, let detail):
            "Opening the ledger \(path) failed: \(detail). The program's user needs to read and write the file and its "
                + "folder."
        case .notALedger(let path):
            "\(path) is not a ledger of goodstanding: it holds something else. Name another file in `database:`; "
                + "this one was not touched."
        case .schemaTooNew(let path, let found, let known):
            "The ledger \(path) was written by a newer goodstanding (schema \(found), this program knows \(known)). "
                + "Run the newer program; this one was kept from touching it."
        case .damaged(let path, let detail):
            "The ledger \(path) is damaged: \(detail). Stop every goodstanding that uses it and restore a backup; "
                + "without one, save what can be read with `sqlite3 \(path) .recover | sqlite3 saved.db`, put it in its "
                + "place and run `goodstanding verify`, or move it away and pull everything anew."
        case .full(let attempt, let path):
            "\(attempt) failed: the disk that holds \(path) is full. Nothing of it was kept and nothing was lost; free "
                + "some space and it goes on."
        case .busy(let attempt, let path):
            "\(attempt) failed: another process kept \(path) locked. Nothing of it was kept; try again when it is done."
        case .held(let path, let pid, let command):
            "The ledger \(path) is in use by "
                + (pid.map { "goodstanding \(command) (process \($0))" } ?? "another goodstanding")
                + ". Only one `run` or `pull` may work on a ledger; stop that one first."
        case .canceled(let attempt):
            "\(attempt) was canceled; nothing of it was kept."
        case .failed(let attempt, let path, let detail):
            "\(attempt) failed on the ledger \(path): \(detail)."
        }
    }

    /// Whether the same attempt can succeed later without anybody changing anything but the surroundings.
    package var isPassing: Bool {
        switch self {
        case .full, .busy, .canceled: true
        default: false
        }
    }
}
