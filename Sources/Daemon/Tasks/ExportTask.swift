package import Facts
import Ledgers
import Logging
import Rules

/// Facts out of the ledger as JSON Lines.
package struct ExportTask: Sendable {
    private let config: String?
    private let glob: String?
    private let kinds: FactKinds
    private let level: String

    package init(config: String?, glob: String?, kinds: FactKinds, log level: String) {
        (self.config, self.glob, self.kinds, self.level) = (config, glob, kinds, level)
    }

    private static let pageSize = 5000

    package func run(write: (String) -> Void) async throws {
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        var stores: [String]?
        if let glob {
            let pattern = Glob(glob)
            let fitting = try await assembly.ledger.seenStores().filter { pattern.matches($0) }
            guard !fitting.isEmpty else {
                throw TaskError(Words(en: "no store fits '\(glob)'", zh: "没有符合“\(glob)”的店铺"), isUsage: true)
            }
            stores = fitting
        }
        let halfTold = try await assembly.ledger.halfToldStores().filter { stores?.contains($0) ?? true }
        if !halfTold.isEmpty {
            assembly.logger.warning(
                """
                of \(counted(halfTold.count, "store")) a pull or import is under way or broke off in its middle, and whoever \
                imports this export will not know: \(halfTold.prefix(5).joined(separator: ", "))\(halfTold.count > 5 ? ", …" : "")
                """)
        }
        var (position, lists): (FactPosition?, [WithheldList]) = (nil, [])
        repeat {
            let page = try await assembly.ledger.facts(
                FactSelection(stores: stores, kinds: kinds), after: position, limit: Self.pageSize)
            var bytes: [UInt8] = []
            for fact in page.facts {
                // Which lists the platform does not give is no figure of the store's: it is said with what is covered.
                if let list = WithheldList(fact) {
                    lists.append(list)
                    continue
                }
                FactEncoder.encode(fact, into: &bytes)
                bytes.append(UInt8(ascii: "\n"))
            }
            write(String(decoding: bytes, as: UTF8.self))
            position = page.next
        } while position != nil
        try await writeMarks(of: stores, assembly, write: write)
        try await writeCoverage(of: stores, assembly, write: write)
        var bytes: [UInt8] = []
        for list in lists {
            FactEncoder.encode(list, into: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        if !bytes.isEmpty { write(String(decoding: bytes, as: UTF8.self)) }
    }

    /// What is known to be complete, so that whoever imports the export knows no more. Of stores that nobody watches it is
    /// not told: nobody judges them.
    private func writeCoverage(of stores: [String]?, _ assembly: Assembly, write: (String) -> Void) async throws {
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let watched = try await assembly.watchedStores(nil).filter { stores?.contains($0.store.id) ?? true }
        for start in stride(from: 0, to: watched.count, by: Judge.groupSize) {
            let group = Array(watched[start..<min(watched.count, start + Judge.groupSize)])
            var bytes: [UInt8] = []
            for prepared in try await judge.prepare(group, at: nil, clock: assembly.clock.now) {
                for kind in kinds.kinds {
                    guard let interval = prepared.state.coverage[kind] else { continue }
                    FactEncoder.encode(
                        KindCoverage(store: prepared.watched.store.id, kind: kind, interval: interval), into: &bytes)
                    bytes.append(UInt8(ascii: "\n"))
                }
            }
            if !bytes.isEmpty { write(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    /// After the facts: who imports the export has them all when the marks come.
    private func writeMarks(of stores: [String]?, _ assembly: Assembly, write: (String) -> Void) async throws {
        var named = stores ?? []
        if stores == nil { named = try await assembly.ledger.seenStores() }
        for store in named {
            var bytes: [UInt8] = []
            for mark in try await assembly.ledger.marks(of: store) where kinds.contains(mark.fact.kind) {
                FactEncoder.encode(mark, into: &bytes)
                bytes.append(UInt8(ascii: "\n"))
            }
            if !bytes.isEmpty { write(String(decoding: bytes, as: UTF8.self)) }
        }
    }
}
