import Facts
import HTTPTypes
import Ledgers
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("What is asked in other ways, or is not there, or goes wrong")
struct HeadTests {
    @Test(
        "HEAD is answered as GET is, without a body",
        arguments: [
            "/", "/stores/elm", "/stores/none", "/alerts", "/nowhere", "/healthz", "/metrics", "/api/v1/stores",
            "/api/v1/stores/none", "/assets/icon.svg",
        ])
    func head(_ path: String) async throws {
        let bench = try await DashboardBench()
        let (whole, head) = (try await bench.get(path), try await bench.send(.head, path))
        #expect(head.status == whole.status && head.body.isEmpty && !whole.body.isEmpty)
        #expect(head.headers[.contentType] == whole.headers[.contentType])
        #expect(head.headers[.eTag] == whole.headers[.eTag])
    }

    @Test("what can be read says that it can be asked for its head")
    func allowed() async throws {
        let bench = try await DashboardBench()
        let answer = try await bench.send(.delete, "/api/v1/stores")
        #expect(answer.status == 405 && answer.headers[.allow] == "GET, HEAD")
        #expect(try await bench.send(.get, "/api/v1/facts").headers[.allow] == "POST")
    }

    @Test("a page that is not there is told on a page, with a way on")
    func missing() async throws {
        let bench = try await DashboardBench()
        let answer = try await bench.get("/nowhere")
        #expect(answer.status == 404 && answer.headers[.contentType]?.hasPrefix("text/html") == true)
        #expect(answer.body.contains("there is no such page") && answer.body.contains("<nav"))
    }

    @Test("what fails for a reason of ours is told in the log, and to who asks only that it failed")
    func logged() async throws {
        let bench = try await DashboardBench()
        let said = Said()
        let old = await bench.state.assembly
        var assembly = Assembly(
            config: old.config, fleet: old.fleet, ledger: old.ledger, clock: old.clock,
            logger: Logger(label: "test") { _ in said })
        assembly.hold = old.hold
        await bench.state.take(assembly)
        try #require(old.ledger as? SQLiteLedger).close()
        let answer = try await bench.get("/api/v1/outbox")
        #expect(answer.status == 503, "\(answer.body)")
        #expect(said.lines.withLock { $0 }.contains { $0.hasPrefix("GET /api/v1/outbox: Listing the outbox failed") })
        let unknown = APIProblems.problem(Said.Odd(), at: "/api/v1/stores", .get)
        #expect(unknown.status == .internalServerError && unknown.detail == "it failed; the log says why")
    }

    /// Keeps what is logged.
    private final class Said: LogHandler {
        struct Odd: Error {}

        let lines = Mutex<[String]>([])
        var logLevel: Logger.Level {
            get { .error }
            set {}
        }
        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }
        subscript(metadataKey _: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }

        func log(
            level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
            function: String, line: UInt
        ) {
            lines.withLock { $0.append("\(message)") }
        }
    }
}
