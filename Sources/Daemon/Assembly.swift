package import Curl
package import Facts
import Foundation
package import Language
package import Ledgers
package import Logging
package import Pull
import Rules

/// The only place where concrete types meet: one clock, one transport, one ledger, the packs and the fleet.
package struct Assembly: Sendable {
    package let config: Config
    package let fleet: Fleet
    package let ledger: any Ledger
    package let clock: any WallClock
    package let logger: Logger

    /// Reads configuration and packs. Throws everything that is wrong with them, at once.
    package static func fleet(
        config path: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        resolvesSecrets: Bool = true
    ) throws(ConfigurationError) -> (fleet: Fleet, warnings: [Diagnostic]) {
        let (config, warnings) = try Config.read(Config.find(path, environment: environment), environment: environment, resolvesSecrets: resolvesSecrets)
        let (library, found) = PackLibrary.with(config.packs)
        guard !found.contains(where: { $0.severity == .error }) else { throw ConfigurationError(warnings + found) }
        return (try Fleet(config: config, library: library), warnings + found)
    }

    /// Opens everything a task needs.
    ///
    /// - Parameters:
    ///   - access: what the task does with the ledger.
    ///   - asksOthers: whether it sends requests, and so needs the secrets of the configuration.
    package static func open(
        config path: String?, log level: String, access: LedgerAccess = .write, asksOthers: Bool = false
    ) throws -> Assembly {
        let (fleet, warnings) = try fleet(config: path, resolvesSecrets: asksOthers)
        let logger = Assembly.logger(level)
        for warning in warnings { logger.warning("\(warning.render())") }
        for name in fleet.library.replaced { logger.notice("the pack '\(name)' of the configuration replaces the built-in one") }
        return Assembly(
            config: fleet.config, fleet: fleet, ledger: try openLedger(fleet.config, access),
            clock: SystemClock(), logger: logger)
    }

    package enum LedgerAccess: Sendable {
        /// Makes a ledger that is not there yet, and checks one that is.
        case write
        /// Reads one that is there. What is damaged is met where it is read.
        case read
    }

    static func openLedger(_ config: Config, _ access: LedgerAccess) throws(LedgerError) -> any Ledger {
        switch config.database {
        case .sqlite(let path): try SQLiteLedger.open(path: path, creating: access == .write, checking: access == .write)
        }
    }

    /// One transport for all that the task sends.
    package func transport() -> CurlTransport { CurlTransport(configuration: CurlConfiguration(caFile: config.caFile)) }

    /// Standard error, a line an entry, without what systemd's journal adds by itself.
    package static func logger(_ level: String) -> Logger {
        var logger = Logger(label: "goodstanding") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: level) ?? .notice
        return logger
    }

    package func runLock(for command: String) throws(LedgerError) -> RunLock {
        switch config.database {
        case .sqlite(let path): try RunLock(ledger: path, command: command, pid: ProcessInfo.processInfo.processIdentifier)
        }
    }

    /// What facts of a store may carry.
    package func decoding() async throws(LedgerError) -> FactDecoding {
        let fleet = fleet
        return FactDecoding(buyerKey: try await ledger.buyerKey()) { id in
            guard let watched = fleet.watched(id) else { return .unwatched }
            return StoreTerms(currency: watched.store.currency, labels: Set(watched.pack.labels))
        }
    }

    /// Every watched store that the configuration lists or the ledger has heard of and that fits, by id.
    package func watchedStores(_ glob: String?) async throws(LedgerError) -> [Watched] {
        let seen = try await ledger.seenStores().map(\.id)
        let pattern = glob.map { Glob($0) }
        return Set(seen).union(fleet.listedIDs).sorted().filter { pattern?.matches($0) ?? true }.compactMap { fleet.watched($0) }
    }
}

extension Assembly {
    /// Makes the ledger's buckets fit the configuration: builds what watched stores lack, forgets what nobody counts.
    package func adopt(progress: @escaping @Sendable (String) async -> Void) async throws(LedgerError) {
        let stores = try await watchedStores(nil).map(\.store.id)
        try await ledger.adopt(fleet.planBook(at: clock.now), for: stores) { step in
            if step.facts > 0 { await progress("counting: \(step.storesDone) of \(step.storesInAll) stores, \(step.facts) facts") }
        }
    }
}
