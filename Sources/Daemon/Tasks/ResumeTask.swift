import Alerts
package import Facts
import Ledgers
import Pull
import Rules

/// What would happen if a ledger that is held were let go, and letting it go.
package struct ResumeTask: Sendable {
    private let config: String?
    private let level: String
    private let clock: any WallClock

    package init(config: String?, log level: String) { self.init(config: config, log: level, clock: SystemClock()) }

    package init(config: String?, log level: String, clock: any WallClock) {
        (self.config, self.level, self.clock) = (config, level, clock)
    }

    package struct Report: Sendable {
        /// Why it is held; nil: it is not.
        package var reason: Words?
        package var tokens: [Token]
        package var notices: [Owed]

        /// A token that would be refreshed, now or at its time.
        package struct Token: Sendable {
            package var stores: [String]
            /// nil: with the next pull.
            package var at: Timestamp?
            /// Why it cannot be refreshed any more: the owner has to consent anew.
            package var isOver: Words?
        }

        package struct Owed: Sendable {
            package var receiver: String
            package var count: Int
            /// When the oldest of them was made.
            package var since: Timestamp?
        }
    }

    /// - Parameter letsGo: from now on tokens are refreshed and notices sent; a daemon that runs notices within seconds.
    package func run(letsGo: Bool) async throws -> Report {
        var assembly = try Assembly.open(config: config, log: level, access: .read)
        assembly.clock = clock
        let reason = try await assembly.reasonToHold()
        let report = Report(reason: reason, tokens: try tokens(assembly), notices: try await notices(assembly))
        if letsGo, let reason {
            try await assembly.settle(isReleased: true, audit: [assembly.entry(of: "resume", [reason])])
        }
        return report
    }

    private func tokens(_ assembly: Assembly) throws -> [Report.Token] {
        let now = assembly.clock.now
        let contents = try assembly.fleet.tokenFile.read()
        var plans: [String: PullPlan.TokenPlan] = [:]
        var configured: [String] = []
        for case .store(let watched, let access) in assembly.fleet.pullSubjects {
            guard let plan = watched.pack.pull, let token = plan.token else { continue }
            plans[watched.store.id] = token
            if case .configured = AuthTask.kind(of: watched.store.id, access, plan, contents) {
                configured.append(watched.store.id)
            }
        }
        var tokens: [Report.Token] = []
        // By the stores that are noted with each: secrets, by which their keys are made, are not read here.
        var kept: Set<String> = []
        for entry in contents.grants.values {
            let stores = entry.stores.filter { plans[$0] != nil }
            kept.formUnion(stores)
            guard let first = stores.first, let plan = plans[first], let at = TokenKeeper.refreshes(entry, plan) else {
                continue
            }
            tokens.append(
                .init(
                    stores: stores, at: at <= now ? nil : at,
                    isOver: at <= now ? TokenKeeper.isOver(entry, plan, at: now) : nil))
        }
        // Of these nothing was ever got: the first pull does. Where nobody has consented yet it does not.
        let others = configured.filter { !kept.contains($0) }.sorted()
        if !others.isEmpty { tokens.append(.init(stores: others, at: nil)) }
        return tokens.sorted { ($0.at?.microseconds ?? 0, $0.stores[0]) < ($1.at?.microseconds ?? 0, $1.stores[0]) }
    }

    private func notices(_ assembly: Assembly) async throws -> [Report.Owed] {
        let receivers = Set(assembly.config.receivers.map(\.id))
        return try await assembly.ledger.outboxCounts().filter { receivers.contains($0.key) }.map { receiver, count in
            Report.Owed(receiver: receiver, count: count.owed, since: count.since)
        }.sorted { $0.receiver < $1.receiver }
    }
}
