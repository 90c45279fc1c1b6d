package import Facts
import Foundation
package import Ledgers
import Logging

/// Where the ledger is at work, and whether it is the one that was at work here.
extension Assembly {
    private var ledgerPath: String {
        switch config.database {
        case .sqlite(let path): path
        }
    }

    private var beatsPath: String { ledgerPath + ".beats" }

    /// In the folder that systemd gives a service for what it may lose: who restores the ledger's folder, all of it and in
    /// place, does not restore that one. nil: there is no such folder.
    private var beatsApart: String? {
        ProcessInfo.processInfo.environment["CACHE_DIRECTORY"].flatMap { folders in
            folders.split(separator: ":").first.map {
                "\($0)/\(LedgerHome.here(ledgerPath, beats: 0).path).beats"
            }
        }
    }

    /// Of the files beside the ledger and apart from it; 0 where there is none.
    private var beatsBeside: Int64 {
        ([beatsPath] + (beatsApart.map { [$0] } ?? [])).compactMap { path in
            FileManager.default.contents(atPath: path).flatMap {
                Int64(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }.max() ?? 0
    }

    /// Why this is taken for a copy; nil: it is the ledger that was at work here last, or it was never at work.
    package func reasonToHold() async throws(LedgerError) -> Words? {
        guard let known = try await ledger.home() else { return nil }
        let present = LedgerHome.here(ledgerPath, beats: known.beats)
        if known.machine != present.machine {
            return Words(en: "this ledger was at work on another machine", zh: "该账本此前在另一台机器上运行")
        }
        if known.path != present.path {
            return Words(en: "this ledger was at work in another place", zh: "该账本此前在另一个路径下运行")
        }
        if known.file != present.file {
            return Words(en: "this ledger is a copy of the one that was at work here", zh: "该账本是此前在此运行的账本的副本")
        }
        if known.beats < beatsBeside {
            return Words(
                en: "this ledger is older than the one that was at work here: it was restored",
                zh: "该账本比此前在此运行的账本更旧：已从备份恢复")
        }
        return nil
    }

    /// For who is about to work on the ledger: notes that it is here, or holds.
    func settleOrHold() async throws(LedgerError) {
        if let reason = try await reasonToHold() {
            hold.set(reason)
            logger.error("\(Hold.words(reason).en)")
            // Others who ask, such as `resume`, may not see what is counted apart.
            _ = DurableFile.replace(beatsPath, by: Data("\(beatsBeside)\n".utf8))
            return
        }
        hold.set(nil)
        try await settle()
    }

    /// From now on it is here.
    ///
    /// - Parameter isReleased: somebody has let it go, and who did may not see the folder apart: it counts from there on
    ///   beyond whatever was counted before, of which no ledger sees the end.
    func settle(isReleased: Bool = false, audit: [AuditEntry] = []) async throws(LedgerError) {
        let known = try await ledger.home()?.beats ?? 0
        let beats = max(known, beatsBeside) + (isReleased ? 1 << 20 : 1)
        // The ledger first: it may be ahead of the file beside it, and never behind.
        try await ledger.settle(at: .here(ledgerPath, beats: beats), audit: audit)
        for path in [beatsPath] + (beatsApart.map { [$0] } ?? []) {
            _ = DurableFile.replace(path, by: Data("\(beats)\n".utf8))
        }
    }

    /// For who only looks.
    func warnOfHold() async throws(LedgerError) {
        guard let reason = try await reasonToHold() else { return }
        hold.set(reason)
        logger.warning("\(Hold.words(reason).en)")
    }
}

extension Fleet {
    /// For who opens no ledger of its own and may refresh tokens: of one that is not there yet nothing is held.
    func hold(_ level: String) async -> Hold {
        let hold = Hold()
        guard let ledger = try? Assembly.openLedger(config, .read) else { return hold }
        let assembly = Assembly(
            config: config, fleet: self, ledger: ledger, clock: SystemClock(), logger: Assembly.logger(level))
        if let reason = try? await assembly.reasonToHold() { hold.set(reason) }
        return hold
    }
}
