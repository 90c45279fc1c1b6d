import Alerts
package import Facts
import Ledgers
import Pull
import Rules

/// What would happen if a ledger that is held were let go, and letting it go.
package struct ResumeTask: Sendable {
    private let config: String?
    private let level: String

    package init(config: String?, log level: String) { (self.config, self.level) = (config, level) }

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
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        let reason = try await assembly.reasonToHold()
        let report = Report(reason: reason, tokens: try tokens(assembly), notices: try await notices(assembly))
        if letsGo, reason != nil { try await assembly.settle() }
        return report
    }

    private func tokens(_ assembly: Assembly) throws -> [Report.Token] {
        let now = assembly.clock.now
        let refreshing = Set(
            assembly.fleet.pullSubjects.compactMap { subject -> String? in
                guard case .store(let watched, _) = subject, watched.pack.pull?.token != nil else { return nil }
                return watched.store.id
            })
        var tokens: [Report.Token] = []
        var kept: Set<String> = []
        for entry in try assembly.fleet.tokenFile.read().grants.values {
            let stores = entry.stores.filter(refreshing.contains)
            kept.formUnion(stores)
            guard !stores.isEmpty, let ends = entry.expiresAt.map({ Timestamp(seconds: $0) }) else { continue }
            tokens.append(.init(stores: stores, at: ends - TokenKeeper.ahead <= now ? nil : ends - TokenKeeper.ahead))
        }
        // Of these nothing was ever got: the first pull does.
        let others = refreshing.subtracting(kept).sorted()
        if !others.isEmpty { tokens.append(.init(stores: others, at: nil)) }
        return tokens.sorted { ($0.at?.microseconds ?? 0, $0.stores[0]) < ($1.at?.microseconds ?? 0, $1.stores[0]) }
    }

    private func notices(_ assembly: Assembly) async throws -> [Report.Owed] {
        let receivers = Set(assembly.config.receivers.map(\.id))
        let owed = try await assembly.ledger.outbox(.owed, limit: 100_000)
        return try await assembly.ledger.outboxCounts().filter { receivers.contains($0.key) }.map { receiver, count in
            let since = owed.filter { $0.notice.receiver == receiver }.map(\.notice.madeAt).min()
            return Report.Owed(receiver: receiver, count: count.owed, since: since)
        }.sorted { $0.receiver < $1.receiver }
    }
}
