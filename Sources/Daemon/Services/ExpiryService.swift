import Alerts
import Curl
import Facts
import Ledgers
import Logging
import ServiceLifecycle

/// Finds out what ends unless somebody renews it, for the alerts about it (`HealthPass`) and the metrics page. In the log
/// it stands 30, 14 and 3 days ahead, and when it is over.
package struct ExpiryService: Service {
    private let state: DaemonState
    private let transport: any Transport

    init(state: DaemonState, transport: any Transport) { (self.state, self.transport) = (state, transport) }

    /// Whoever has renewed something does not wait long for the word that all is well.
    private static let every = TimeSpan.minutes(5)
    /// Servers are looked at more seldom: a certificate lives for weeks. One that ends soon is to be renewed any hour.
    private static let (everyServer, everyEnding) = (TimeSpan.hours(12), TimeSpan.hours(1))

    /// What servers showed: a look that fails leaves what was known.
    private struct Shown {
        var at: Timestamp?
        var hosts: [String: [String]] = [:]
        var caFile: String?
        var expiries: [Expiry] = []
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var logged: [Expiry: Int] = [:]
            var shown = Shown()
            while !Task.isCancelled {
                let heard = await state.reloading.rings
                let assembly = await state.assembly
                do {
                    try await look(at: assembly, &shown)
                    try await tell(assembly, shown, &logged)
                } catch {
                    // It is looked for again soon, long before anything ends.
                    if !Task.isCancelled { assembly.logger.error("looking for what will end: \(error)") }
                }
                try? await state.reloading.wait(
                    after: heard, until: assembly.clock.now + Self.every, clock: assembly.clock)
            }
        }
    }

    private func look(at assembly: Assembly, _ shown: inout Shown) async throws {
        let (now, hosts) = (assembly.clock.now, CertificateLook.hosts(of: assembly.fleet))
        let caFile = assembly.config.caFile
        let every = shown.expiries.contains { $0.stage(at: now) != nil } ? Self.everyEnding : Self.everyServer
        if hosts == shown.hosts, caFile == shown.caFile, let at = shown.at, now < at + every { return }
        let found = await CertificateLook(transport: transport).expiries(of: assembly.fleet)
        let former = shown.expiries.filter { known in
            let host = known.place ?? ""
            if known.name == Expiry.authority {
                return hosts == shown.hosts && known.place == caFile && !found.contains { $0.name == Expiry.authority }
            }
            return hosts[host] == known.stores && !found.contains { $0.place == host }
        }
        shown = Shown(at: now, hosts: hosts, caFile: caFile, expiries: found + former)
        let note = CertificateNote.text(shown.expiries)
        if try await assembly.ledger.note(.certificates) ?? "" != note {
            try await assembly.ledger.keep(note, as: .certificates)
        }
    }

    private func tell(_ assembly: Assembly, _ shown: Shown, _ logged: inout [Expiry: Int]) async throws {
        let (now, fleet) = (assembly.clock.now, assembly.fleet)
        let book = ExpiryBook(
            try fleet.expiries(fleet.tokenFile.read()), shown: shown.expiries, hosts: Set(shown.hosts.keys),
            caFile: shown.caFile, asksOthers: !CertificateLook.others(of: fleet).isEmpty)
        await state.update { status in
            status.expiries = book.all.map {
                .init(name: $0.name, stores: $0.stores, account: $0.account, place: $0.place, ends: $0.ends)
            }
        }
        for expiry in book.all {
            guard let stage = expiry.stage(at: now) else { continue }
            if logged[expiry] != stage { assembly.logger.warning("\(expiry.words(at: now).en)") }
            logged[expiry] = stage
        }
        if await state.note(book) { await state.evaluation.ring() }
    }
}
