import Curl
import Daemon
import Facts
import Foundation
import HTTPTypes
import Ledgers
import Pull
import Simulation
import Synchronization
import TestSupport
import Testing

/// A store, or several of one owner, at a made-up platform: pulled as the daemon does it, by a clock that tests move, with
/// an eye on what is sent and on the file of tokens.
final class TokenPlace: Sendable {
    let row: ConsentRow
    let platform: MadeUpPlatform
    let clock: ManualClock
    let folder: Workplace
    let watched: WatchedTransport

    private init(_ row: ConsentRow, _ platform: MadeUpPlatform, _ clock: ManualClock, _ folder: Workplace) {
        (self.row, self.platform, self.clock, self.folder) = (row, platform, clock, folder)
        watched = WatchedTransport(platform, tokens: folder.file("ledger.db.tokens"))
    }

    /// - Parameters:
    ///   - given: more of the dialect's credentials than a store gives that waits for a consent.
    ///   - without: those that it does not give.
    static func at(
        _ pack: String, given: [String] = [], without: [String] = [], stores: [String] = ["shop"], days: Int = 4,
        _ body: @escaping @Sendable (TokenPlace) async throws -> Void
    ) async throws {
        var row = try ConsentRow.of(pack)
        row.credentials = (row.credentials + given).filter { !without.contains($0) }
        let begin: Int64 = 1_772_409_600
        let clock = ManualClock(Timestamp(seconds: begin))
        let history = PlatformHistory(seed: 5, from: begin - 3 * 86_400, days: days, orders: 2)
        let platform = MadeUpPlatform(row.dialect, history: history) { clock.now.microseconds / 1_000_000 }
        let asked = row
        try await platform.serving { endpoint in
            let folder = try asked.folder(endpoint, await platform.desk.credentials, stores: stores)
            let place = TokenPlace(asked, platform, clock, folder)
            try await body(place)
            await place.watched.shutDown()
            #expect(place.watched.early == [], "a token was used before it was on the disk")
        }
    }

    var auth: AuthTask { AuthTask(config: folder.file("goodstanding.yaml"), log: "critical", clock: clock) }

    /// The owner consents, and the answer is taken in.
    func consent(_ store: String = "shop") async throws -> Grant {
        let address = try #require(try await auth.invite(store).address)
        let led = try #require(await platform.open(address))
        return try await auth.take(led, for: store).grant
    }

    /// What one process pulls with.
    func process() async throws -> Pulling {
        var assembly = try Assembly.open(config: folder.file("goodstanding.yaml"), log: "critical", asksOthers: true)
        assembly.clock = clock
        return Pulling(
            assembly: assembly, transport: watched, decoding: try await assembly.decoding(),
            tokens: assembly.tokenKeeper(watched), gate: RateGate())
    }

    @discardableResult
    func pull(_ pulling: Pulling, _ store: String = "shop") async throws -> Pulling.Outcome {
        await platform.setHorizon(clock.now.microseconds / 1_000_000)
        let subject = try #require(pulling.assembly.fleet.pullSubjects.first { $0.id == store })
        return try await pulling.pull(subject)
    }

    /// How often a new token was asked for since the beginning.
    func refreshes() async -> Int { await platform.asked.filter(TokenPlace.isTokenCall).count }

    static func isTokenCall(_ call: PlatformCall) -> Bool {
        let form = String(decoding: call.body, as: UTF8.self)
        return call.path.contains("token") || form.contains("auth.token.")
    }

    func tokens() -> String {
        (try? String(contentsOfFile: folder.file("ledger.db.tokens"), encoding: .utf8)) ?? ""
    }

    /// Makes the file of tokens such that nobody can write it, or mends that.
    func breakFile(_ isBroken: Bool) throws {
        let obstacle = folder.file("ledger.db.tokens.new")
        if isBroken {
            try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: true)
        } else {
            try FileManager.default.removeItem(atPath: obstacle)
        }
    }
}

/// The real transport, with a look at each request: a token that the platform gave has to be in the file by then.
final class WatchedTransport: Transport {
    private let transport = CurlTransport()
    private let platform: MadeUpPlatform
    private let path: String
    private let state = Mutex(State())

    private struct State {
        var early: [String] = []
        var sent = 0
        var hook: (@Sendable (Int, Request) async throws -> Void)?
        var after: (@Sendable (Request) throws -> Void)?
        var loses = false
    }

    init(_ platform: MadeUpPlatform, tokens path: String) { (self.platform, self.path) = (platform, path) }

    /// Requests that carried a token which was not in the file.
    var early: [String] { state.withLock { $0.early } }
    /// Before each request, with its number from 1.
    func before(_ hook: @escaping @Sendable (Int, Request) async throws -> Void) {
        state.withLock { ($0.hook, $0.sent) = (hook, 0) }
    }
    /// After each answer.
    func after(_ hook: (@Sendable (Request) throws -> Void)?) { state.withLock { $0.after = hook } }

    /// The next answer never arrives.
    func lose() { state.withLock { $0.loses = true } }

    func send(_ request: Request) async throws(TransportError) -> Reply {
        await look(at: request)
        let (hook, number) = state.withLock { state in
            state.sent += 1
            return (state.hook, state.sent)
        }
        try? await hook?(number, request)
        let reply = try await transport.send(request)
        let (after, isLost) = state.withLock { state in
            defer { state.loses = false }
            return (state.after, state.loses)
        }
        if isLost { throw .cutOff(host: "127.0.0.1") }
        try? after?(request)
        return reply
    }

    private func look(at request: Request) async {
        let given = await platform.desk.credentials
        let text =
            "\(request.head.path ?? "") \(request.head.headerFields.map { "\($0.value)" }.joined(separator: " ")) "
            + String(decoding: request.body ?? [], as: UTF8.self)
        for name in ["access_token", "session"] {
            // Those that were there from the beginning were configured.
            guard let token = given[name], token.contains("-made-up"), let encoded = percent(token) else { continue }
            guard text.contains(token) || text.contains(encoded) else { continue }
            let kept = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            let isGiven = kept.contains(token) || kept.contains(token.replacing("/", with: "\\/"))
            if !isGiven, !isFirst(token) { state.withLock { $0.early.append(request.head.path ?? "") } }
        }
    }

    /// Of the dialect itself.
    private func isFirst(_ token: String) -> Bool { token.contains("-0-made-up") || token.hasPrefix("made-up") }

    private func percent(_ text: String) -> String? {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~")))
    }

    func shutDown() async { await transport.shutDown() }
}
