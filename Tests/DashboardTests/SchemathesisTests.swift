import Foundation
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

/// Schemathesis, which nobody here wrote, makes requests of the API's document and holds the answers against it.
@Suite(.enabled(if: Schemathesis.isThere, Schemathesis.absence), .timeLimit(.minutes(3)))
struct SchemathesisTests {
    @Test("the API answers as its document says, whatever it is asked")
    func agrees() async throws {
        let bench = try await DashboardBench(APIAnswerTests.configuration)
        try await APIAnswerTests.fill(bench)
        let application = Application(
            responder: Shown(bench.state, to: .writer), configuration: .init(address: .hostname("127.0.0.1", port: 0)))
        let report = try await application.test(.live) { client in
            let port = try #require(client.port)
            return try await Schemathesis.run("http://127.0.0.1:\(port)\(APIRoute.root)/openapi.json")
        }
        #expect(report.agrees, "\(report.text)")
        // It has looked at every route.
        #expect(report.text.contains("\(APIRoute.all.count) selected / \(APIRoute.all.count) total"), "\(report.text)")
    }
}

enum Schemathesis {
    private static let files =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
        + "/TestSupport/Schemathesis"
    /// `make test` installs it once, into the user's cache.
    static let isThere = (try? Tool("sh")?.run([files + "/install", "check"]) as [UInt8]?) != nil
    static let absence: Comment = """
        schemathesis is not installed (Tests/TestSupport/Schemathesis/install, which make test runs): the API was not held \
        against its document
        """

    struct Report {
        var agrees: Bool
        var text: String
    }

    static func run(_ document: String) async throws -> Report {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { $0 + "/.cache" } ?? ""
        let folder = try Workplace()
        let command = """
            cd '\(folder.path)' && '\(cache)/goodstanding/schemathesis/venv/bin/schemathesis' run '\(document)' \
            --phases examples,coverage,fuzzing --max-examples 5 --generation-deterministic --workers 1 \
            && echo agrees || echo differs
            """
        let printed = String(decoding: try await #require(Tool("sh")).run(["-c", command]), as: UTF8.self)
        return Report(agrees: printed.hasSuffix("agrees\n"), text: printed)
    }
}
