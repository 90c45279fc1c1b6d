import Facts
import Ledgers
import Logging
import Rules

extension Assembly {
    /// Rules that are called otherwise than before keep their alerts, and what was known of them.
    func takeOverRenamed() async throws {
        guard fleet.library.packs.values.contains(where: { $0.rules.contains { !$0.previousIDs.isEmpty } }) else {
            return
        }
        let renames = try await watchedStores(nil).flatMap { watched in
            watched.pack.rules.flatMap { rule in
                rule.previousIDs.map { RuleRename(store: watched.store.id, from: $0, to: rule.id) }
            }
        }
        let count = try await ledger.rename(renames)
        if count > 0 { logger.notice("rules with a new name: \(count) go on with their alerts and history") }
    }
}
