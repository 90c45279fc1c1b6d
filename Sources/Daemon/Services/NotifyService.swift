import Alerts
import Curl
import Facts
import Ledgers
import Logging
import Notify
import Rules
import ServiceLifecycle

/// Claims what is owed, sends it, settles it. Sending comes after the commit: a crash may repeat a notice, under the
/// same id, and loses none.
package struct NotifyService: Service {
    private let state: DaemonState
    private let transport: any Transport
    private let paces = Paces()
    private let lines = DeliveryLines()

    init(state: DaemonState, transport: any Transport) { (self.state, self.transport) = (state, transport) }

    /// Of one receiver, sent side by side: notices about different alerts.
    private static let claimLimit = 16
    /// A claim that was not settled within it is lent again. A start takes all of them back: nobody else sends.
    private static let lease = TimeSpan.minutes(2)
    /// A send takes 15 seconds at most, and settling it a moment.
    private static let patience = Duration.seconds(150)

    /// Returns after a graceful stop, when what was being sent is settled. A configuration taken in begins all
    /// receivers anew.
    package func run() async throws {
        await releaseClaims()
        while !isEnding {
            let heard = await state.reloading.rings
            let assembly = await state.assembly
            await tellStranded(assembly)
            await withTaskGroup(of: Void.self) { group in
                for entry in assembly.config.receivers {
                    // One that is slow, or that cannot be sent to, delays nobody else.
                    group.addTask { await serve(entry, assembly, heard) }
                }
                group.addTask {
                    while !isEnding {
                        // Before looking whether the configuration is another: a reload rings this bell as well.
                        let rung = await state.delivery.rings
                        guard await state.reloading.rings == heard else { break }
                        await tellOwed(assembly)
                        await SilenceEnds(assembly: assembly).run()
                        await wait(
                            for: state.delivery, after: rung, until: assembly.clock.now + .seconds(15), assembly)
                    }
                }
                await group.waitForAll()
            }
        }
    }

    /// Takes back what a former process had claimed. While the ledger cannot be written nothing can be claimed either.
    private func releaseClaims() async {
        while !isEnding {
            let assembly = await state.assembly
            do {
                return try await assembly.ledger.releaseClaims()
            } catch {
                assembly.logger.error("\(error)")
                await wait(for: state.reloading, until: assembly.clock.now + .seconds(5), assembly)
            }
        }
    }

    private var isEnding: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    private func wait(for bell: Bell, until moment: Timestamp, _ assembly: Assembly) async {
        let heard = await bell.rings
        await wait(for: bell, after: heard, until: moment, assembly)
    }

    private func wait(for bell: Bell, after heard: Int, until moment: Timestamp, _ assembly: Assembly) async {
        await cancelWhenGracefulShutdown {
            try? await bell.wait(after: heard, until: moment, clock: assembly.clock)
        }
    }

    private func tellOwed(_ assembly: Assembly) async {
        do {
            let receivers = Set(assembly.config.receivers.map(\.id))
            let counts = try await assembly.ledger.outboxCounts().filter { receivers.contains($0.key) }
            await state.update { status in
                status.outbox = counts
                status.noticesOwed = counts.values.reduce(0) { $0 + $1.owed }
                status.noticesDelayed = counts.values.reduce(0) { $0 + $1.delayed }
            }
        } catch {
            assembly.logger.error("\(error)")
        }
    }

    /// What is owed to receivers that are no longer configured waits for them to come back.
    private func tellStranded(_ assembly: Assembly) async {
        let receivers = Set(assembly.config.receivers.map(\.id))
        guard let counts = try? await assembly.ledger.outboxCounts() else { return }
        for (id, count) in counts.sorted(by: { $0.key < $1.key }) where !receivers.contains(id) {
            assembly.logger.warning(
                "\(counted(count.owed, "notice")) to receiver '\(id)' wait: the configuration no longer names it; they go out should it come back, and are forgotten after \(ForgetService.days) days"
            )
        }
    }

    // MARK: One receiver

    private func serve(_ entry: ReceiverEntry, _ assembly: Assembly, _ reloads: Int) async {
        let loop = "delivery to \(entry.id)"
        let receiver: Receiver
        do {
            receiver = try entry.receiver()
        } catch {
            assembly.logger.error("\(error)")
            return
        }
        let notifier = Notifier(transport: transport, clock: assembly.clock)
        let delivery = Delivery(state: state, assembly: assembly, entry: entry, receiver: receiver, notifier: notifier)
        // A service that counts is sent one after the other.
        let pace = entry.writing.kind.pace
        let atOnce = entry.writing.kind.isOneByOne ? 1 : Self.claimLimit
        // What a former process sent just now is not known here, and services punish who sends too fast.
        var line = await lines.line(of: entry.id, at: entry.address)
        line.free = max(line.free ?? assembly.clock.now, assembly.clock.now + pace)
        line.freeAtOnce = max(line.freeAtOnce ?? assembly.clock.now, assembly.clock.now + pace)
        var (gatheredAfter, gatherAt) = (-1, assembly.clock.now)
        // Counting what is owed looks at all of it: not after every few of a long line.
        var countAt: Timestamp?
        var going = entry.writing.kind.hasMembers ? GoingOn(receiver) : nil
        while !isEnding {
            let heard = await state.delivery.rings
            guard await state.reloading.rings == reloads else { break }
            await state.beat(loop, again: Self.patience)
            let latest = assembly.clock.now + .seconds(30)
            // All that waits is looked at: when something may have changed, and not between the notices of a long line.
            if heard != gatheredAfter || gatherAt <= assembly.clock.now || gatherAt > latest {
                do {
                    let isJudging = await state.isJudging
                    let next = try await Gathering(assembly: assembly, isJudging: isJudging).run(entry)
                    (gatheredAfter, gatherAt) = (heard, min(latest, next ?? latest))
                } catch {
                    if isEnding { break }
                    assembly.logger.error("\(error)")
                    gatherAt = assembly.clock.now + .seconds(5)
                }
            }
            var wake = gatherAt
            // Whoever else may be sending these has to be asked first.
            guard assembly.hold.reason == nil else {
                await wait(for: state.delivery, after: heard, until: wake, assembly)
                continue
            }
            if let free = line.free, free > assembly.clock.now {
                // Who mended it and says so need not wait for a pause that nobody asked for.
                if let since = line.pausedAt,
                    (try? await assembly.ledger.isHurried(owedTo: entry.id, since: since)) ?? false
                {
                    line.hurry()
                    continue
                }
                // Not longer than what waits: it beats, and gathers, also while a receiver is left alone for hours.
                await wait(for: state.delivery, after: heard, until: min(free, wake), assembly)
                continue
            }
            do {
                // Between what is delivered: what an alert's end has overtaken must not begin again.
                let next = try await going?.tell(by: notifier, assembly) {
                    await state.beat(loop, again: Self.patience)
                }
                if let next { wake = min(wake, next) }
                let claims = try await assembly.ledger.claimNotices(
                    now: assembly.clock.now, limit: line.circuit.isOpen ? 1 : atOnce, lease: Self.lease,
                    receiver: entry.id)
                if !claims.isEmpty {
                    if pace > .zero {
                        let moment = await paces.reserve(entry.address, pace, at: assembly.clock.now)
                        await wait(for: state.reloading, after: reloads, until: moment, assembly)
                    }
                    let (outcomes, taken) = await delivery.deliver(claims)
                    going?.note(taken, at: assembly.clock.now)
                    let (pause, asked) = await delivery.note(outcomes, of: claims, &line.circuit)
                    line.rest(from: assembly.clock.now, pace, pause, asked: asked)
                    await lines.keep(line, of: entry.id, at: entry.address)
                    if countAt.map({ $0 <= assembly.clock.now }) ?? true {
                        await tellOwed(assembly)
                        countAt = assembly.clock.now + .seconds(1)
                    }
                    continue
                }
                if countAt != nil { await tellOwed(assembly) }
                countAt = nil
                if let next = try await assembly.ledger.nextAttempt(of: entry.id) { wake = min(wake, next) }
            } catch {
                if isEnding { break }
                assembly.logger.error("\(error)")
                wake = assembly.clock.now + .seconds(5)
            }
            await wait(for: state.delivery, after: heard, until: wake, assembly)
        }
        await state.forget(loop)
    }
}
