import Facts
import Foundation
import Logging
package import Pull

/// The file beside the ledger in which it stands how much of a long limit is used, so that a restart does not spend it
/// twice, and what answers told of limits, such as a shop's plan. What is full again within minutes is not written: that
/// would cost more than it saves.
struct LimitFile: Sendable {
    let path: String

    init(besideLedger path: String) { self.path = path + ".limits" }

    private struct Contents: Codable {
        /// By limit, when all of it may be used again, in microseconds since 1970.
        var levels: [String: Int64] = [:]
        var learnt: [String: Learnt] = [:]
    }

    private struct Learnt: Codable {
        var each: Int64?
        var size: Int?
        var costs: [String: Int]?
        var at: Int64?
    }

    /// Nothing where there is no file, or none that can be read: then a limit counts as unused, as on the first day.
    func read() -> KeptLimits {
        guard let data = FileManager.default.contents(atPath: path) else { return KeptLimits() }
        let decoder = JSONDecoder()
        // Versions before wrote levels alone.
        guard
            let contents = (try? decoder.decode(Contents.self, from: data))
                ?? (try? decoder.decode([String: Int64].self, from: data)).map({ Contents(levels: $0) })
        else { return KeptLimits() }
        return KeptLimits(
            levels: contents.levels.mapValues(Timestamp.init(microseconds:)),
            learnt: contents.learnt.mapValues { learnt in
                KeptLimits.Learnt(
                    each: learnt.each.flatMap { $0 > 0 ? TimeSpan(microseconds: $0) : nil },
                    size: learnt.size.flatMap { $0 > 0 ? $0 : nil },
                    costs: (learnt.costs ?? [:]).filter { $0.value > 0 },
                    at: learnt.at.map(Timestamp.init(microseconds:)))
            })
    }

    func write(_ kept: KeptLimits) -> Bool {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let contents = Contents(
            levels: kept.levels.mapValues(\.microseconds),
            learnt: kept.learnt.mapValues { learnt in
                Learnt(
                    each: learnt.each?.microseconds, size: learnt.size,
                    costs: learnt.costs.isEmpty ? nil : learnt.costs, at: learnt.at?.microseconds)
            })
        guard let data = try? encoder.encode(contents) else { return false }
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
        return RateGate(kept: file.read()) { kept in
            if !file.write(kept) {
                logger.warning(
                    "\(file.path) cannot be written: after a restart a day's limit would count as unused; check the folder's owner, mode and free space"
                )
            }
        }
    }
}
