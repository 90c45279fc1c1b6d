import Facts
import Ledgers
import Rollups

/// Recounts every watched store's facts and holds them against the day buckets.
package struct VerifyTask: Sendable {
    private let config: String?
    private let glob: String?
    private let level: String

    package init(config: String?, glob: String?, log level: String) {
        (self.config, self.glob, self.level) = (config, glob, level)
    }

    package struct Outcome: Sendable {
        package var differences: [String]
        package var words: String
    }

    package func run(progress: (String) -> Void) async throws -> Outcome {
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        if let damage = try await assembly.ledger.findDamage() {
            return Outcome(differences: [damage], words: "The ledger's pages contradict one another; see above.")
        }
        let stores = try await assembly.watchedStores(glob)
        if let glob, stores.isEmpty { throw TaskError("no watched store fits '\(glob)'", isUsage: true) }
        let today = assembly.clock.now
        var differences: [String] = []
        var (compared, unbuilt) = (0, 0)
        for (index, watched) in stores.enumerated() {
            progress("\(index) of \(stores.count) stores recounted")
            let plan = assembly.fleet.plan(of: watched, on: watched.calendar.day(of: today)).rollups
            let found = try await assembly.ledger.verify(watched.store.id, under: plan)
            compared += plan.aggregates.count - found.unbuilt.count
            unbuilt += found.unbuilt.count
            for difference in found.differences {
                differences.append(
                    "store '\(watched.store.id)', \(difference.day), \(difference.aggregate.text): the bucket holds \(difference.kept.count) (sum \(difference.kept.sum)), the facts give \(difference.counted.count) (sum \(difference.counted.sum))"
                )
            }
        }
        var words =
            differences.isEmpty
            ? "\(counted(stores.count, "store")) recounted, \(counted(compared, "aggregate")) compared: every bucket equals its facts."
            : "\(differences.count) buckets differ from their facts. Please report it, and keep a copy of the ledger."
        if unbuilt > 0 {
            words +=
                " \(unbuilt) aggregates have no buckets yet and are counted from the facts; the daemon, `pull` and `import` build them."
        }
        return Outcome(differences: differences, words: words)
    }
}
