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
            responder: Shown(bench.state, to: .local, writing: .writer, acting: .local(.operator)),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)))
        let episode = try #require(try await bench.list("/alerts?store=elm&rule=refunds", "alerts", "episode").first)
        let known = ["store": "elm", "rule": "refunds", "pack": "shop", "episode": episode, "receiver": "ops"]
        try await application.test(.live) { client in
            let document = "http://127.0.0.1:\(try #require(client.port))\(APIRoute.root)/openapi.json"
            // By paths that it makes up, and by those that are there.
            for parameters in [[:], known] {
                let report = try await Schemathesis.run(document, in: parameters)
                #expect(report.agrees, "\(report.text)")
                // It has looked at every route but the document's own.
                let count = APIRoute.all.count - 1
                #expect(report.text.contains("\(count) selected / \(count) total"), "\(report.text)")
            }
        }
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

    /// - Parameter path: values for what stands in paths; it makes up the others.
    static func run(_ document: String, in path: [String: String]) async throws -> Report {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { $0 + "/.cache" } ?? ""
        let folder = try Workplace()
        let values = path.sorted { $0.key < $1.key }.map { "\"path.\($0.key)\" = \"\($0.value)\"\n" }
        try folder.write("schemathesis.toml", "[parameters]\n" + values.joined())
        let command = """
            cd '\(folder.path)' && '\(cache)/goodstanding/schemathesis/venv/bin/schemathesis' run '\(document)' \
            --phases examples,coverage,fuzzing --max-examples 20 --generation-deterministic --workers 1 \
            && echo agrees || echo differs
            """
        let printed = String(decoding: try await #require(Tool("sh")).run(["-c", command]), as: UTF8.self)
        return Report(agrees: printed.hasSuffix("agrees\n"), text: printed)
    }
}
