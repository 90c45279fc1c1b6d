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
    package var clock: any WallClock
    package let logger: Logger
    /// What is pulled less than the configuration asks for, since it asks for more than half of a limit.
    package var slowed: [CallPlan.Use] = []
    /// Of this process: whether tokens may be refreshed and notices sent.
    package var hold = Hold()

    /// Reads configuration and packs. Throws everything that is wrong with them, at once.
    package static func fleet(
        config path: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        resolvesSecrets: Bool = true
    ) throws(ConfigurationError) -> (fleet: Fleet, warnings: [Diagnostic]) {
        try fleet(config: path, replacing: nil, environment: environment, resolvesSecrets: resolvesSecrets)
    }

    /// The same with one pack in the place of that of its name, for what looks at how things would be with it.
    package static func fleet(config path: String?, replacing pack: String) throws -> Fleet {
        let log = DiagnosticLog()
        guard let text = try YAMLFiles.text(pack, log: log) else { throw ConfigurationError(log.inOrder) }
        return try fleet(config: path, replacing: text, resolvesSecrets: false).fleet
    }

    /// The same with the names of secrets in their place, for who holds one configuration against another.
    static func fleetNamingSecrets(config path: String) throws(ConfigurationError) -> Fleet {
        try fleet(config: path, replacing: nil, resolvesSecrets: false, namesSecrets: true).fleet
    }

    private static func fleet(
        config path: String?, replacing pack: SourceText?,
        environment: [String: String] = ProcessInfo.processInfo.environment, resolvesSecrets: Bool,
        namesSecrets: Bool = false
    ) throws(ConfigurationError) -> (fleet: Fleet, warnings: [Diagnostic]) {
        let (config, read) = Config.examine(
            try Config.find(path, environment: environment), environment: environment, resolvesSecrets: resolvesSecrets,
            namesSecrets: namesSecrets)
        guard let config else { throw ConfigurationError(read) }
        let name = pack.flatMap(\.packName)
        let packs = config.packs.filter { name == nil || $0.packName != name } + [pack].compactMap { $0 }
        let (library, found) = PackLibrary.with(packs, only: Set(config.stores.map(\.pack)))
        // A pack that could not be read is named already; who uses it need not be told that there is none.
        let unread = Set(found.filter { $0.severity == .error }.compactMap { $0.source.packName })
        let (fleet, wrong) = Fleet.make(config, library, unread: unread)
        let all = read + found + wrong.shortened().withoutSecrets()
        guard let fleet, !all.contains(where: { $0.severity == .error }) else { throw ConfigurationError(all) }
        return (fleet, all)
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
        if access == .serve {
            for warning in warnings { logger.warning("\(warning.render())") }
        } else {
            ConfigurationWarnings().tell(warnings, logger)
        }
        for name in fleet.library.replaced {
            logger.notice("the pack '\(name)' of the configuration replaces the built-in one")
        }
        let assembly = Assembly(
            config: fleet.config, fleet: fleet, ledger: try openLedger(fleet.config, access),
            clock: SystemClock(), logger: logger)
        return assembly.fitted(tells: asksOthers)
    }

    /// Pulling no more than half of any limit, and judged by that.
    ///
    /// - Parameter tells: says what is slowed or held back; who only looks is not told each time.
    func fitted(tells: Bool = true) -> Assembly {
        let (fleet, changes) = fleet.fitted(at: clock.now)
        guard !changes.isEmpty else { return self }
        for use in changes where tells {
            let place = config.stores.first { $0.subject == .id(use.stores[0]) }
            let words = "\(use.words.en); \(use.meanwhile.en)"
            let warning = place.map { Diagnostic(.warning, words, at: $0.place, in: $0.source).render() }
            logger.warning("\(warning ?? words)")
        }
        var fitted = Assembly(config: fleet.config, fleet: fleet, ledger: ledger, clock: clock, logger: logger)
        (fitted.slowed, fitted.hold) = (changes, hold)
        return fitted
    }

    package enum LedgerAccess: Sendable {
        /// Makes a ledger that is not there yet, and checks one that is, page by page while that takes a second.
        case serve
        /// Makes a ledger that is not there yet. What is damaged is met where it is read or written.
        case write
        /// Reads one that is there.
        case read
    }

    static func openLedger(_ config: Config, _ access: LedgerAccess) throws(LedgerError) -> any Ledger {
        switch config.database {
        case .sqlite(let path):
            try SQLiteLedger.open(
                path: path, creating: access != .read, checking: access == .serve,
                writerCache: access == .serve ? 12 << 20 : 32 << 20)
        }
    }

    /// One transport for all that the task sends.
    package func transport() -> CurlTransport { CurlTransport(configuration: CurlConfiguration(caFile: config.caFile)) }

    /// Of the stores' platforms; one for all that this process pulls.
    package func tokenKeeper(_ transport: any Transport) -> TokenKeeper {
        fleet.tokenFile.warnIfOpen(logger)
        return fleet.tokenKeeper(transport, clock: clock, hold: hold)
    }

    /// Standard error, a line an entry, without what systemd's journal adds by itself.
    package static func logger(_ level: String) -> Logger {
        var logger = Logger(label: "goodstanding") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: level) ?? .notice
        return logger
    }

    package func runLock(for command: String) throws(LedgerError) -> RunLock {
        switch config.database {
        case .sqlite(let path):
            try RunLock(ledger: path, command: command, pid: ProcessInfo.processInfo.processIdentifier)
        }
    }

    /// One import at a time: what another broke off is then known to be broken off. Waits for the one under way.
    package func importLock() async throws -> RunLock {
        let path: String
        switch config.database {
        case .sqlite(let file): path = file
        }
        var isTold = false
        while true {
            do throws(LedgerError) {
                return try RunLock(
                    ledger: path, command: "import", pid: ProcessInfo.processInfo.processIdentifier,
                    ending: ".import-lock")
            } catch {
                guard case .held(_, let pid, _) = error else { throw error }
                if !isTold {
                    logger.notice(
                        "another import is under way\(pid.map { " (process \($0))" } ?? ""); this one begins when that has ended"
                    )
                }
                isTold = true
            }
            try await clock.sleep(until: clock.now + TimeSpan(microseconds: 100_000))
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
        let seen = try await ledger.seenStores()
        let pattern = glob.map { Glob($0) }
        return Set(seen).union(fleet.listedIDs).sorted().filter { pattern?.matches($0) ?? true }.compactMap {
            fleet.watched($0)
        }
    }
}

extension Assembly {
    /// Whether the configuration lists it or anything was ever heard of it.
    func knows(_ store: String) async throws(LedgerError) -> Bool {
        if fleet.isListed(store) { return true }
        return try await ledger.seenStores().contains(store)
    }

    /// The watched stores that fit, or an error that names the nearest.
    package func fittingStores(_ glob: String?) async throws -> [Watched] {
        let stores = try await watchedStores(glob)
        guard stores.isEmpty, let glob else { return stores }
        let known = try await watchedStores(nil).map(\.store.id)
        throw TaskError.noneFits(glob, among: known)
    }

    /// What only reads takes no changed `sources:` in.
    func warnOfUnsettled(_ stores: [String]) {
        guard let first = stores.first else { return }
        logger.warning(
            "facts of \(counted(stores.count, "store")), such as '\(first)', stand by another source than the configuration names; the daemon, `goodstanding pull` or `import` takes that in, and until then what rests on them is unknown"
        )
    }

    /// Makes the ledger's buckets fit the configuration: builds what watched stores lack, forgets what nobody counts.
    ///
    /// - Parameter known: stores for which that was done already.
    /// - Returns: the stores for which it is done now, `known` among them.
    @discardableResult
    package func adopt(
        except known: Set<String> = [], progress: @escaping @Sendable (Words) async -> Void
    ) async throws(LedgerError) -> Set<String> {
        let stores = try await watchedStores(nil).map(\.store.id).filter { !known.contains($0) }
        try await ledger.adopt(fleet.planBook(at: clock.now), for: stores, now: clock.now) { step in
            if step.facts > 0 {
                await progress(
                    Words(
                        en: "counting: \(step.storesDone) of \(step.storesInAll) stores, \(step.facts) facts",
                        zh: "统计中：\(step.storesDone) / \(step.storesInAll) 家店铺，\(step.facts) 条数据"))
            }
        }
        return known.union(stores)
    }

    /// Does it store by store and passes over those that cannot be read: whoever evaluates one meets the damage.
    func adoptAsFarAsReadable(_ stores: [String], beat: () async -> Void) async throws(LedgerError) {
        let book = fleet.planBook(at: clock.now)
        for store in stores {
            await beat()
            do { try await ledger.adopt(book, for: [store], now: clock.now) { _ in } } catch  where !error.isPassing {}
        }
    }
}

extension SourceText {
    /// The name that a pack which could not be read gives itself; nil when it gives none at the beginning of a line.
    fileprivate var packName: String? {
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("pack:") }
        return line.map { $0.dropFirst("pack:".count).trimmingCharacters(in: .whitespaces) }
    }
}
