import Alerts
import Curl
import Facts
import Language
import Ledgers
import Synchronization
import TestSupport
import Testing

@testable import Daemon

@Suite("The dead man's switch hears of a start, and of a success only where all is watched")
struct HeartbeatTests {
    private static let b = [HealthBench.platform("a"), HealthBench.platform("b")]

    private func bench() async throws -> (HealthBench, DaemonState) {
        let bench = try await HealthBench(Self.b)
        for store in ["a", "b"] { try await bench.pulled(store, at: 0) }
        return (bench, DaemonState(assembly: bench.assembly))
    }

    private func why(_ bench: HealthBench, _ state: DaemonState, since minute: Int64 = 0) async -> String? {
        await HeartbeatService.why(state, since: bench.start + .minutes(minute), bench.assembly)
    }

    @Test("every store judged is a success; a store that was looked at before the window is not")
    func judged() async throws {
        let (bench, state) = try await bench()
        #expect(await why(bench, state) == "the stores were not looked at since 2026-06-01T12:00:00Z")
        await state.note(try #require(try await bench.look(at: 1)), at: bench.start + .minutes(1))
        #expect(await why(bench, state) == nil)
        // Evaluation hangs, and says nothing more.
        #expect(await why(bench, state, since: 5) == "the stores were not looked at since 2026-06-01T12:05:00Z")
    }

    @Test("an unknown that an alert tells of is one that is watched")
    func told() async throws {
        let (bench, state) = try await bench()
        for minute in stride(from: Int64(50), through: 85, by: 5) { try await bench.look(at: minute) }
        try await bench.failed("a", at: 86, .auth)
        await state.note(try #require(try await bench.look(at: 90)), at: bench.start + .minutes(90))
        #expect(await why(bench, state, since: 86) == nil)
    }

    @Test("stores that could not be judged and of which no alert tells are named")
    func unaccounted() async throws {
        let (bench, state) = try await bench()
        await state.note(HealthPass.Outcome(unaccounted: ["a", "b"]), at: bench.start)
        #expect(await why(bench, state) == "not judged, and no alert says why: 2 stores (a, b)")
    }

    @Test("a store of which nothing is known, and of which no alert tells yet, is not accounted for")
    func unknown() async throws {
        let bench = try await HealthBench([HealthBench.platform("a"), HealthBench.platform("b")])
        try await bench.pulled("a", at: 0)
        let outcome = try #require(try await bench.look(at: 5))
        #expect(outcome.unaccounted == ["b"])
    }

    @Test(
        "a store that is only observed is told of to nobody, and its unknown is none that was announced",
        arguments: [(", observe: true", ["b"]), ("", [])])
    func observed(_ more: String, _ unaccounted: [String]) async throws {
        let bench = try await HealthBench([HealthBench.platform("a"), HealthBench.platform("b", more: more)])
        try await bench.pulled("a", at: 0)
        try await bench.failed("b", at: 5, .auth)
        let outcome = try #require(try await bench.look(at: 5))
        #expect(outcome.unaccounted == unaccounted)
    }

    @Test("a notice that was given up within a day is no success, and an older one is nothing")
    func deadLetters() async throws {
        let (bench, state) = try await bench()
        let notice = Notice(
            id: "ntc_1", receiver: "ops", key: AlertKey(store: "a", rule: "refunds"), episode: "ep_1", change: 1,
            madeAt: bench.start, body: [])
        _ = try await bench.assembly.ledger.owe([notice])
        await state.note(HealthPass.Outcome(), at: bench.start)
        try await bench.assembly.ledger.settle("ntc_1", .abandoned(at: bench.start - .hours(25), because: "no"))
        #expect(await why(bench, state) == nil)
        _ = try await bench.assembly.ledger.owe([
            Notice(
                id: "ntc_2", receiver: "ops", key: notice.key, episode: "ep_1", change: 2, madeAt: bench.start, body: []
            )
        ])
        try await bench.assembly.ledger.settle("ntc_2", .abandoned(at: bench.start - .hours(1), because: "no"))
        #expect(await why(bench, state) == "given up within 24 h: 1 notice to ops")
    }

    @Test("its address is a secret: no message about the configuration shows it, and it is one of the web")
    func configured() throws {
        for (entry, words) in [
            ("{url: \"https://hc.example/ping/0f0e\", evry: 5m}", "unknown key"),
            ("\n  url: https://hc.example/ping/0f0e\n  every: often", "often"),
            ("{url: ftp://hc.example/ping/0f0e}", "is no web address"),
        ] {
            let folder = try Folder([
                "goodstanding.yaml":
                    "database: sqlite:l.db\nstores: [{id: a, pack: marketplace, timezone: UTC}]\nheartbeat: \(entry)\n"
            ])
            let error = #expect(throws: ConfigurationError.self) {
                try Assembly.fleet(config: folder.path + "/goodstanding.yaml", environment: [:])
            }
            let text = error?.diagnostics.map { $0.render() }.joined(separator: "\n") ?? ""
            #expect(!text.contains("0f0e") && (words == "often" || text.contains(words)), "\(text)")
        }
        let folder = try Folder([
            "goodstanding.yaml":
                "database: sqlite:l.db\nstores: [{id: a, pack: marketplace, timezone: UTC}]\nheartbeat: {url: {env: PING}}\n"
        ])
        let (fleet, _) = try Assembly.fleet(
            config: folder.path + "/goodstanding.yaml", environment: ["PING": "https://hc.example/ping/0f0e"])
        let entry = try #require(fleet.config.heartbeat)
        #expect(entry.every == .minutes(5) && !"\(entry)".contains("0f0e"))
    }

    @Test("each word has its path, a failure its reason, and what goes wrong is told without the address")
    func words() async throws {
        let asked = Asked()
        try await RawServer.running({ asked.hear($0) }) { server in
            let transport = CurlTransport(configuration: CurlConfiguration(caFile: nil))
            let heartbeat = Heartbeat(
                transport: transport, url: Secret("http://127.0.0.1:\(server.port)/ping/u-u-i-d/?rid=1"))
            #expect(await heartbeat.say(.start) == nil)
            #expect(await heartbeat.say(.success) == nil)
            #expect(await heartbeat.say(.fail("it is so")) == nil)
            let nobody = await Heartbeat(
                transport: transport, url: Secret("http://127.0.0.1:\(server.port)/refused/u-u-i-d")
            ).say(.success)
            #expect(nobody == "it answered 404")
            await transport.shutDown()
        }
        #expect(
            asked.lines == [
                "POST /ping/u-u-i-d/start?rid=1 ", "POST /ping/u-u-i-d?rid=1 ",
                "POST /ping/u-u-i-d/fail?rid=1 it is so",
                "POST /refused/u-u-i-d ",
            ])
    }
}

/// What a server was asked: method, path and body.
private final class Asked: Sendable {
    private let heard = Mutex<[String]>([])
    var lines: [String] { heard.withLock { $0 } }

    func hear(_ connection: RawServer.Connection) {
        guard let head = connection.readHead() else { return }
        let words = head.split(separator: " ").prefix(2).joined(separator: " ")
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let length = line.flatMap { Int($0.split(separator: ":")[1].filter { !$0.isWhitespace }) } ?? 0
        let body = length > 0 ? connection.readBody(length) : []
        heard.withLock { $0.append("\(words) \(String(decoding: body, as: UTF8.self))") }
        let status = words.contains("/refused/") ? "404 Not" : "200 OK"
        connection.write("HTTP/1.1 \(status)\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    }
}
