package import Alerts
package import Facts
import Ledgers
import Rules

/// What a configuration would end: alerts that fire and whose store or rule it no longer has, and stores that it no longer
/// watches. A slip of the pen, a folder that is not mounted, would end many; nobody means that without saying so.
package struct FleetLoss: Sendable {
    package var ending: [Ending] = []
    /// Stores that were watched and are no more, by id.
    package var lost: [String] = []
    /// How many were watched.
    package var watched = 0

    package struct Ending: Sendable, Hashable {
        package var key: AlertKey
        package var title: Words
        /// `ruleRemoved` or `storeRemoved`.
        package var reason: AlertReason
    }

    /// More alerts than this are not ended without a word, nor more than a twentieth of the stores, and two.
    private static let mostAlerts = 20

    package var isTooMuch: Bool {
        ending.count > Self.mostAlerts || lost.count >= 2 && lost.count * 20 > watched
    }

    /// - Parameters:
    ///   - open: alerts that go on.
    ///   - watched: the stores that were watched before.
    init(of fleet: Fleet, open: [Alert], watched: [String]) {
        // What was never announced ends without a word in any case.
        ending = open.filter { $0.isOpen && $0.announced != nil }.compactMap { alert in
            guard !alert.key.store.isEmpty else { return nil }
            let known = fleet.watched(alert.key.store)
            if let known, alert.key.isHealth || known.pack.rule(alert.key.rule) != nil { return nil }
            return Ending(
                key: alert.key, title: alert.subject.title, reason: known == nil ? .storeRemoved : .ruleRemoved)
        }.sorted { $0.key < $1.key }
        lost = watched.filter { fleet.watched($0) == nil }.sorted()
        self.watched = watched.count
    }

    package var words: Words {
        Words(
            en:
                "it would end \(counted(ending.count, "alert")) and no longer watch \(lost.count) of \(counted(watched, "store"))",
            zh: "将结束 \(ending.count) 条告警，并不再监控 \(watched) 家店铺中的 \(lost.count) 家")
    }

    /// With what to do.
    var refusal: Words {
        words
            + Words(
                en: "; if that is meant, goodstanding config accept lets it pass once",
                zh: "；如确需如此，请执行 goodstanding config accept 放行一次")
    }
}

extension Fleet {
    /// By which a configuration is known that somebody has accepted: its stores, and the rules of their packs.
    var digest: String {
        var parts = config.stores.map { "\($0.subject) \($0.pack)" }.sorted()
        for pack in Set(config.stores.map(\.pack)).sorted() {
            parts.append(pack)
            parts += library[pack]?.rules.map(\.id).sorted() ?? []
        }
        return ContentID.configuration(parts)
    }
}

extension Assembly {
    /// What this configuration would end.
    func loss(after watched: [String]) async throws -> FleetLoss {
        FleetLoss(of: fleet, open: try await ledger.openAlerts(), watched: watched)
    }

    /// The same, held against what was watched when a configuration was last in force; nil where nothing stands in its way,
    /// or somebody has accepted it.
    func lossAtStart() async throws -> FleetLoss? {
        let loss = try await loss(after: try await ledger.note(.watched)?.split(separator: "\n").map(String.init) ?? [])
        guard loss.isTooMuch, try await ledger.note(.accepted) != fleet.digest else { return nil }
        return loss
    }

    /// From now on this configuration is in force, and what somebody accepted has passed.
    func noteInForce() async throws {
        let watched = try await watchedStores(nil).map(\.store.id).joined(separator: "\n")
        if try await ledger.note(.watched) != watched { try await ledger.keep(watched, as: .watched) }
        if try await ledger.note(.accepted) != nil { try await ledger.keep(nil, as: .accepted) }
    }
}
