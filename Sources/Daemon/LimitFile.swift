import Facts
import Foundation
import Logging
package import Pull

/// The file beside the ledger in which it stands how much of a day's limit is used, so that a restart does not spend it
/// twice. Only limits over half a day and more: what is counted by the second or the hour is full again soon, and writing
/// for each such call would cost more than it saves.
struct LimitFile: Sendable {
    let path: String

    init(besideLedger path: String) { self.path = path + ".limits" }

    /// By limit, when all of it may be used again, in microseconds since 1970. Nothing where there is no file, or none
    /// that can be read: then a limit counts as unused, as on the first day.
    func read() -> [String: Timestamp] {
        guard let data = FileManager.default.contents(atPath: path),
            let known = try? JSONDecoder().decode([String: Int64].self, from: data)
        else { return [:] }
        return known.mapValues(Timestamp.init(microseconds:))
    }

    func write(_ levels: [String: Timestamp]) -> Bool {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(levels.mapValues(\.microseconds)) else { return false }
        return DurableFile.replace(path, by: data)
    }
}

extension Assembly {
    /// The limits of all platforms, as this process and those before it have used them. One for all that it pulls.
    package func rateGate() -> RateGate {
        let file: LimitFile
        switch config.database {
        case .sqlite(let path): file = LimitFile(besideLedger: path)
        }
        let logger = logger
        return RateGate(kept: file.read()) { levels in
            if !file.write(levels) {
                logger.warning(
                    "\(file.path) cannot be written: after a restart a day's limit would count as unused; check the folder's owner, mode and free space"
                )
            }
        }
    }
}
