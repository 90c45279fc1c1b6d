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
        let before = try Assembly.fleet(config: old, resolvesSecrets: false).fleet
        let after = try Assembly.fleet(config: new, resolvesSecrets: false).fleet
        let ledger = try? Assembly.openLedger(before.config, .read)
        let seen = try await ledger?.seenStores() ?? []
        let watched = Set(seen).union(before.listedIDs).filter { before.watched($0) != nil }
        return Difference(
            changes: FleetDifferences.differences(from: before, to: after),
            loss: FleetLoss(of: after, open: try await ledger?.openAlerts() ?? [], watched: watched.sorted()),
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
        let before = try await assembly.ledger.note(.watched)?.split(separator: "\n").map(String.init) ?? []
        let loss = try await assembly.loss(after: before)
        try await assembly.ledger.keep(assembly.fleet.digest, as: .accepted)
        try await assembly.audit("config accept", on: "configuration \(assembly.fleet.digest)", [loss.words])
        return loss
    }
}
