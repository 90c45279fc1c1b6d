package import Facts
import Ledgers

/// What a changed configuration changes, before it is taken in, and what it would end.
package struct ConfigDiffTask: Sendable {
    private let old: String
    private let new: String

    package init(old: String, new: String) { (self.old, self.new) = (old, new) }

    package struct Difference: Sendable {
        package var changes: [Words]
        package var loss: FleetLoss
        /// There was no ledger to ask about alerts.
        package var isWithoutLedger: Bool
    }

    package func run() async throws -> Difference {
        let before = try Assembly.fleetNamingSecrets(config: old)
        let after = try Assembly.fleetNamingSecrets(config: new)
        let ledger = try? Assembly.openLedger(before.config, .read)
        let seen = try await ledger?.seenStores() ?? []
        let watched = Set(seen).union(before.listedIDs).filter { before.watched($0) != nil }
        let open = try await ledger?.openAlerts() ?? []
        let cleared = try await ledger.map { Clearing(fleet: after, ledger: $0, now: SystemClock().now) }?
            .endings(of: open, before: before)
        return Difference(
            changes: FleetDifferences.differences(from: before, to: after),
            loss: FleetLoss(of: after, open: open, watched: watched.sorted(), cleared: cleared ?? []),
            isWithoutLedger: ledger == nil)
    }
}

/// Lets a configuration pass once that would end much.
package struct ConfigAcceptTask: Sendable {
    private let config: String?
    private let level: String

    package init(config: String?, log level: String) { (self.config, self.level) = (config, level) }

    /// - Returns: what it ends.
    package func run() async throws -> FleetLoss {
        let assembly = try Assembly.open(config: config, log: level, access: .write)
        let loss = try await assembly.lossSinceInForce()
        let entry = assembly.entry(of: "permit", on: "configuration \(assembly.fleet.digest)", [loss.words])
        try await assembly.ledger.keep(assembly.fleet.digest, as: .accepted, audit: [entry])
        return loss
    }
}
