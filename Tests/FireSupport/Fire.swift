import Foundation
import Glibc
import Simulation
import Synchronization
import TestSupport

/// Alerts under fire: the daemon is killed at random moments, its receivers fail, throttle, answer 200 with errors, hang
/// and come back, the disk is full for a while; every firing and every resolve has to reach every receiver it was owed,
/// in order, at least once, and repeats come under one id.
package final class Fire: Sendable {
    package struct Scale: Sendable {
        /// Watched by the webhook alone; each has `rules` alerts, which fire once and resolve once.
        var plainStores: Int
        /// Beside the webhook, of every chat service.
        var chatStores: [ChatRobot.Service: Int]
        /// Beside the webhook, of a command.
        var commandStores: Int
        var waves: Int
        package var kills: Int
        /// How long a daemon lives, in milliseconds.
        var lives: ClosedRange<Int>
        /// How often the disk fills.
        package var fulls: Int
        var diskMebibytes: Int
        /// How many requests the webhook misses in a row, while it is away.
        var away: ClosedRange<Int>
        /// A chat that hangs takes the whole time limit.
        var chatsHang: Bool
        /// Of the last daemon, which nobody kills, in seconds.
        var patience: Int

        /// 10,000 alerts, 100 kills. Chat services allow a message in four seconds, so that each hears of as many stores
        /// as it can in ten minutes.
        package static let whole = Scale(
            plainStores: 1400,
            chatStores: [
                .dingtalk: 60, .wecom: 60, .ntfy: 50, .telegram: 80, .slack: 130, .feishu: 120, .teams: 100,
                .pagerduty: 20,
            ], commandStores: 20, waves: 40, kills: 100, lives: 30...11_000, fulls: 6, diskMebibytes: 512,
            away: 20...60,
            chatsHang: true, patience: 1800)
        package static let small = Scale(
            plainStores: 50,
            chatStores: [
                .dingtalk: 1, .wecom: 1, .ntfy: 1, .telegram: 1, .slack: 2, .feishu: 2, .teams: 2, .pagerduty: 1,
            ], commandStores: 1, waves: 3,
            kills: 12, lives: 100...2200, fulls: 1, diskMebibytes: 64, away: 6...14, chatsHang: false, patience: 60)

        var stores: Int { plainStores + chatStores.values.reduce(0, +) + commandStores }
        package var alerts: Int { stores * Fire.rules }
    }

    static let rules = 5
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    package let scale: Scale
    let listener = Listener(secret: secret)
    let posts: [Post]
    let site: FireSite
    let desk: Desk
    private let seed: UInt64
    /// How often the daemon was killed so far.
    private let killed = Mutex(0)

    /// - Parameter seed: of the moments of the kills and of what receivers answer.
    package init(_ scale: Scale, seed: UInt64) throws {
        (self.scale, self.seed) = (scale, seed)
        posts = ChatRobot.Service.allCases.filter { scale.chatStores[$0] != nil }.map(Post.init)
        site = try FireSite(diskMebibytes: scale.diskMebibytes)
        desk = try Desk()
    }

    /// - Parameter tell: how far it is, now and then.
    package func run(_ tell: @escaping @Sendable (String) -> Void = { _ in }) async throws -> FireOutcome {
        let began = ContinuousClock.now
        var outcome = FireOutcome()
        var random = SeededGenerator(seed: seed)
        await plan(using: &random)
        let told = try await listener.serving { [self] hook in
            try await serving(posts[...], [:]) { [self] addresses in
                try site.configure(hook: hook, posts.map { ($0, addresses[$0.id] ?? "") }, desk)
                return try await underFire(tell)
            }
        }
        (outcome.kills, outcome.fulls, outcome.wrong) = (told.kills, told.fulls, told.wrong)
        outcome.isDiskReal = site.disk != nil
        try await FireTruth(self).hold(against: &outcome)
        outcome.seconds = Int((ContinuousClock.now - began).components.seconds)
        return outcome
    }

    private func serving<Result: Sendable>(
        _ left: ArraySlice<Post>, _ addresses: [String: String],
        _ body: @escaping @Sendable ([String: String]) async throws -> Result
    ) async throws -> Result {
        guard let post = left.first else { return try await body(addresses) }
        return try await post.robot.serving { [self] address in
            try await serving(left.dropFirst(), addresses.merging([post.id: address]) { $1 }, body)
        }
    }

    // MARK: What goes wrong

    private func plan(using random: inout SeededGenerator) async {
        var faults: [Fault?] = []
        let count = scale.alerts * 2
        let refusals: [Fault] = [
            .status(500), .status(404), .hangUp, .throttle(seconds: 1), .unavailable(retryAfter: "1"), .garbage,
        ]
        for place in 0..<count {
            // It hangs now and then while the daemon is being killed; and it is away for a while, then comes back.
            if place.isMultiple(of: count / 6), place < count / 2 {
                faults += [.stall]
            } else if place % (count / 5) == count / 10 {
                faults += Array(repeating: Fault.status(503), count: Int.random(in: scale.away, using: &random))
            } else {
                faults.append(random.percent(8) ? random.pick(refusals) : nil)
            }
        }
        await listener.plan(faults)
        for post in posts {
            let count = (scale.chatStores[post.service] ?? 0) * 2
            var answers: [ChatRobot.Answer?] = [post.refusals[0], nil, scale.chatsHang ? .stall : .hangUp]
            for _ in 0..<count { answers.append(random.percent(15) ? random.pick(post.refusals) : nil) }
            await post.robot.plan(answers)
        }
    }

    /// The daemon's lives, one after the other, beside what happens at the stores.
    private func underFire(
        _ tell: @escaping @Sendable (String) -> Void
    ) async throws -> (kills: Int, fulls: Int, wrong: [String]) {
        let stores = self.stores
        try await site.take(stores.map { FireSite.refund(1, at: $0) })
        // What a first look finds is told in one message; what comes after it is what is tried here.
        let first = try site.start()
        let isLookedAt = await site.comes(
            to: "\(stores.count)", "SELECT count(*) FROM standings WHERE rules NOT LIKE '% unknown%'", within: 120)
        first.send(SIGKILL)
        let looked = await first.finish()
        guard isLookedAt else { throw FireFailure("no first look: \(looked.error.suffix(2000))") }
        async let story: Void = happen(stores)
        var random = SeededGenerator(seed: seed &+ 1)
        var (fulls, wrong): (Int, [String]) = (0, [])
        let every = max(1, scale.kills / max(1, scale.fulls + 1))
        while killed.withLock({ $0 }) < scale.kills {
            let number = killed.withLock { $0 }
            let isToFill = fulls < scale.fulls && number >= every * (fulls + 1)
            let daemon = try site.start()
            let life = Int.random(in: scale.lives, using: &random)
            await Pause.milliseconds(life / 2)
            if isToFill, let disk = site.disk {
                try disk.fill()
                fulls += 1
            }
            await Pause.milliseconds(life / 2)
            daemon.send(SIGKILL)
            let ended = await daemon.finish()
            if ended.status == 128 + SIGKILL {
                killed.withLock { $0 += 1 }
            } else if !isToFill {
                wrong.append("a daemon ended by itself with \(ended.status): \(ended.error.suffix(300))")
                if wrong.count > 5 { throw FireFailure(wrong.joined(separator: "\n")) }
            }
            if isToFill, let disk = site.disk {
                // The next one finds it full, and is there when room is made.
                let next = try site.start()
                await Pause.milliseconds(life / 4)
                try disk.free()
                await Pause.milliseconds(life / 4)
                next.send(SIGKILL)
                if await next.finish().status == 128 + SIGKILL { killed.withLock { $0 += 1 } }
            }
            if number.isMultiple(of: 10) { tell("killed \(number) times") }
        }
        tell("killed \(scale.kills) times; now it may go on")
        let last = try site.start()
        try await story
        let isAtRest = await site.comes(
            to: "0",
            """
            SELECT (SELECT count(*) FROM notices WHERE state <> 'taken')
                + (SELECT count(*) FROM notice_items WHERE state = 'waiting')
                + (SELECT 2 * \(scale.alerts) - count(*) FROM alert_events)
            """, within: scale.patience)
        last.send(SIGTERM)
        let ended = await last.finish()
        if !isAtRest { wrong.append("not everything was delivered: \(ended.error.suffix(2000))") }
        if ended.status != 0 { wrong.append("the last daemon ended with \(ended.status): \(ended.error.suffix(500))") }
        return (killed.withLock { $0 }, fulls, wrong)
    }

    /// Of all receivers, mixed, so that each wave has some of each.
    var stores: [String] {
        let all =
            (0..<scale.plainStores).map { "plain-\($0)" }
            + posts.flatMap { post in (0..<(scale.chatStores[post.service] ?? 0)).map { "\(post.id)-\($0)" } }
            + (0..<scale.commandStores).map { "\(Desk.id)-\($0)" }
        var random = SeededGenerator(seed: seed &+ 2)
        return all.shuffled(using: &random)
    }

    /// In waves: some stores have two refunds more, and those of the wave before lose them again.
    private func happen(_ stores: [String]) async throws {
        let size = (stores.count + scale.waves - 1) / scale.waves
        let waves = stride(from: 0, to: stores.count, by: size).map { stores[$0..<min(stores.count, $0 + size)] }
        var (fired, over): (Int, Int) = (0, 0)
        for number in 0...waves.count {
            let rising = number < waves.count ? waves[number] : []
            let falling = number > 0 ? waves[number - 1] : []
            try await site.take(
                rising.flatMap { store in [2, 3].map { FireSite.refund($0, at: store) } }
                    + falling.flatMap { store in [2, 3].map { FireSite.refund($0, at: store, isDeleted: true) } })
            (fired, over) = (fired + rising.count, over + falling.count)
            let isJudged = await site.comes(
                to: "\((fired + over) * Self.rules)", "SELECT count(*) FROM alert_events", within: scale.patience)
            guard isJudged else { throw FireFailure("wave \(number) was not judged") }
            // Spread over all the kills.
            while killed.withLock({ $0 }) < scale.kills * (number + 1) / (waves.count + 1), !Task.isCancelled {
                await Pause.milliseconds(100)
            }
        }
    }
}

package struct FireFailure: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
