package import Alerts
package import Facts
import Language
import Ledgers
import Rules

/// What a configuration would end: alerts that fire and whose store or rule it no longer has, or that are clear by what
/// their rule says now, and stores that it no longer watches. A slip of the pen, a nought too many in a limit, a folder that
/// is not mounted, would end many; nobody means that without saying so.
package struct FleetLoss: Sendable {
    package var ending: [Ending] = []
    /// Stores that were watched and are no more, by id.
    package var lost: [String] = []
    /// How many were watched.
    package var watched = 0

    package struct Ending: Sendable, Hashable {
        package var key: AlertKey
        package var title: Words
        /// `ruleRemoved` or `storeRemoved`; by a changed rule `limitChanged`, or `notApplicable` where it is no longer judged.
        package var reason: AlertReason

        var isOfChangedRule: Bool { reason == .limitChanged || reason == .notApplicable }
    }

    /// More alerts than this are not ended without a word, nor more than a twentieth of the stores: of few stores that is one.
    private static let mostAlerts = 20

    package var isTooMuch: Bool {
        ending.count > Self.mostAlerts || lost.count * 20 > watched
    }

    /// - Parameters:
    ///   - open: alerts that go on.
    ///   - watched: the stores that were watched before.
    ///   - cleared: what `Clearing` found.
    init(of fleet: Fleet, open: [Alert], watched: [String], cleared: [Ending] = []) {
        // What was never announced ends without a word in any case.
        let removed = open.filter { $0.isOpen && $0.announced != nil }.compactMap { alert -> Ending? in
            guard !alert.key.store.isEmpty else { return nil }
            let known = fleet.watched(alert.key.store)
            if let known, alert.key.isHealth || known.pack.rule(everCalled: alert.key.rule) != nil { return nil }
            return Ending(
                key: alert.key, title: alert.subject.title, reason: known == nil ? .storeRemoved : .ruleRemoved)
        }
        ending = (removed + cleared).sorted { $0.key < $1.key }
        lost = watched.filter { fleet.watched($0) == nil }.sorted()
        self.watched = watched.count
    }

    /// Alerts that go on, though they stand clear, until somebody has accepted that they end.
    var kept: Set<AlertKey> { Set(ending.filter(\.isOfChangedRule).map(\.key)) }

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
    /// By which a configuration is known that somebody has accepted: its stores, and all that their rules go by.
    var digest: String {
        var parts = config.stores.map { entry in
            let parameters = entry.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }
            let labels = entry.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let sources = entry.sources.sorted { $0.key < $1.key }.map { "\($0.key.name)=\($0.value)" }
            return
                "\(entry.subject) \(entry.pack) \(entry.timezone ?? "") \(entry.market ?? "") \(entry.currency ?? "") "
                + "\(entry.countsMarks) \(labels) \(parameters) \(sources)"
        }.sorted()
        for name in Set(config.stores.map(\.pack)).sorted() {
            var pack = library[name]
            while let next = pack {
                parts.append("\(next.name) \(digest(of: next))")
                pack = next.extends.flatMap { library[$0] }
            }
        }
        return ContentID.configuration(parts)
    }
}

extension Assembly {
    /// What this configuration would end.
    ///
    /// - Parameters:
    ///   - watched: the stores that were watched before.
    ///   - old: what was in force before.
    func loss(after watched: [String], before old: Fleet) async throws -> FleetLoss {
        let open = try await ledger.openAlerts()
        let cleared = try await Clearing(fleet: fleet, ledger: ledger, now: clock.now).endings(of: open, before: old)
        return FleetLoss(of: fleet, open: open, watched: watched, cleared: cleared)
    }

    /// The same, held against what was noted when a configuration was last in force.
    func lossSinceInForce() async throws -> FleetLoss {
        let open = try await ledger.openAlerts()
        let watched = try await ledger.note(.watched)?.split(separator: "\n").map(String.init) ?? []
        let former = try await ledger.note(.inForce)
        // By the same rules nothing is clear but by what happened.
        let isEdited = former != nil && former != fleet.digest
        let cleared =
            isEdited
            ? try await Clearing(fleet: fleet, ledger: ledger, now: clock.now).endings(of: open, before: nil) : []
        return FleetLoss(of: fleet, open: open, watched: watched, cleared: cleared)
    }

    /// The same; nil where nothing stands in its way, or somebody has accepted it.
    func lossAtStart() async throws -> FleetLoss? {
        if try await isAccepted() { return nil }
        let loss = try await lossSinceInForce()
        return loss.isTooMuch ? loss : nil
    }

    /// Somebody has accepted this configuration, as it is.
    func isAccepted() async throws -> Bool { try await ledger.note(.accepted) == fleet.digest }

    /// From now on this configuration is in force, and what somebody accepted has passed.
    func noteInForce() async throws {
        let watched = try await watchedStores(nil).map(\.store.id).joined(separator: "\n")
        if try await ledger.note(.watched) != watched { try await ledger.keep(watched, as: .watched) }
        if try await ledger.note(.inForce) != fleet.digest { try await ledger.keep(fleet.digest, as: .inForce) }
        if try await ledger.note(.accepted) != nil { try await ledger.keep(nil, as: .accepted) }
    }

    /// What clears from now on was not cleared by these rules: they were held against those in force. Where these wait to be
    /// accepted themselves, they go on waiting.
    func noteRules(after old: Fleet) async throws {
        guard try await ledger.note(.inForce) == old.digest, old.digest != fleet.digest else { return }
        try await ledger.keep(fleet.digest, as: .inForce)
    }
}
