import Alerts
import Curl
import Facts
import Ledgers
import Logging
import Notify
import ServiceLifecycle

/// Tells 30, 14 and 3 days ahead, and when it is over, of what ends unless somebody renews it: in the log, at the receivers
/// and on the metrics page.
package struct ExpiryService: Service {
    private let state: DaemonState
    private let transport: any Transport

    init(state: DaemonState, transport: any Transport) { (self.state, self.transport) = (state, transport) }

    private static let every = TimeSpan.hours(1)
    /// Servers are looked at more seldom: a certificate lives for weeks.
    private static let everyServer = TimeSpan.hours(12)

    /// What servers showed: a look that fails leaves what was known.
    private struct Shown {
        var at: Timestamp?
        var hosts: [String: [String]] = [:]
        var caFile: String?
        var expiries: [Expiry] = []
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var told: [Expiry: Int] = [:]
            var shown = Shown()
            while !Task.isCancelled {
                let heard = await state.reloading.rings
                let assembly = await state.assembly
                do {
                    await look(at: assembly, &shown)
                    try await tell(assembly, shown.expiries, &told)
                } catch {
                    // It is looked for again in an hour, long before anything ends.
                    if !Task.isCancelled { assembly.logger.error("looking for what will end: \(error)") }
                }
                try? await state.reloading.wait(
                    after: heard, until: assembly.clock.now + Self.every, clock: assembly.clock)
            }
        }
    }

    private func look(at assembly: Assembly, _ shown: inout Shown) async {
        let (now, hosts) = (assembly.clock.now, CertificateLook.hosts(of: assembly.fleet))
        let caFile = assembly.config.caFile
        if hosts == shown.hosts, caFile == shown.caFile, let at = shown.at, now < at + Self.everyServer { return }
        let found = await CertificateLook(transport: transport).expiries(of: assembly.fleet)
        let former = shown.expiries.filter { known in
            let host = known.place ?? ""
            if known.name == Expiry.authority {
                return hosts == shown.hosts && known.place == caFile && !found.contains { $0.name == Expiry.authority }
            }
            return hosts[host] == known.stores && !found.contains { $0.place == host }
        }
        shown = Shown(at: now, hosts: hosts, caFile: caFile, expiries: found + former)
    }

    private func tell(_ assembly: Assembly, _ shown: [Expiry], _ told: inout [Expiry: Int]) async throws {
        let now = assembly.clock.now
        let all = Expiry.all(try assembly.fleet.expiries(assembly.fleet.tokenFile.read()), shown)
        await state.update { status in
            status.expiries = all.map {
                .init(name: $0.name, stores: $0.stores, account: $0.account, place: $0.place, ends: $0.ends)
            }
        }
        var notices: [Notice] = []
        for expiry in all {
            guard let stage = expiry.stage(at: now) else { continue }
            if told[expiry] != stage { assembly.logger.warning("\(expiry.words(at: now).en)") }
            told[expiry] = stage
            // Boards name what ends as well.
            notices += assembly.config.receivers.filter { $0.route.digest == nil }.map { receiver in
                ExpiryBody(
                    receiver: receiver.id, name: expiry.name, account: expiry.account, stores: expiry.stores,
                    place: expiry.place, ends: expiry.ends, stage: stage, title: expiry.title,
                    when: expiry.when(at: now), remedy: expiry.remedy
                ).notice(at: now, in: receiver.writing)
            }
        }
        guard !notices.isEmpty else { return }
        if try await assembly.ledger.owe(notices) > 0 { await state.delivery.ring() }
    }
}
