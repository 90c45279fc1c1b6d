package import Facts
import Ledgers

/// What a task works on.
package enum Opening: Sendable {
    /// The configuration at a path, nil: where it is looked for; opened anew for each task.
    case file(String?, log: String)
    /// What a daemon has open: for who works within it.
    case running(Assembly)

    /// With the ledger, whose access counts where it is opened anew.
    func assembly(_ access: Assembly.LedgerAccess = .write) throws -> Assembly {
        switch self {
        case .file(let path, let level): try Assembly.open(config: path, log: level, access: access)
        case .running(let assembly): assembly
        }
    }

    /// Who is watched, and how.
    ///
    /// - Parameter resolvesSecrets: for what sends requests; where it is read anew.
    func fleet(resolvesSecrets: Bool = false) throws -> Fleet {
        switch self {
        case .file(let path, let level):
            let (fleet, warnings) = try Assembly.fleet(config: path, resolvesSecrets: resolvesSecrets)
            ConfigurationWarnings().tell(warnings, Assembly.logger(level))
            return fleet
        case .running(let assembly): return assembly.fleet
        }
    }

    /// By whose clock people are shown what is about a store; UTC of one that nobody watches.
    package func calendars() throws -> (String) -> StoreCalendar {
        let fleet =
            switch self {
            case .file(let path, _): try Assembly.fleet(config: path).0
            case .running(let assembly): assembly.fleet
            }
        return { fleet.watched($0)?.calendar ?? .utc }
    }

    /// The ledger, if there is one already.
    func ledger(of fleet: Fleet) -> (any Ledger)? {
        switch self {
        case .file: try? Assembly.openLedger(fleet.config, .read)
        case .running(let assembly): assembly.ledger
        }
    }

    /// The path of the configuration; nil: where it is looked for.
    var path: String? {
        switch self {
        case .file(let path, _): path
        case .running(let assembly): assembly.config.path
        }
    }
}
