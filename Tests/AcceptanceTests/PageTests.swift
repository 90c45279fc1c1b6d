import Foundation
import TestSupport
import Testing

@Suite("The daemon's pages say how it is, on loopback only", .serialized, .timeLimit(.minutes(2)))
struct PageTests {
    @Test("alive at once, ready when every store was judged once, and the metrics agree with both")
    func readiness() async throws {
        // So many stores that the first evaluation takes a while.
        let site = try Site()
        try site.configure()
        let count = 4000
        try await site.take((0..<count).map { Site.refund("r", at: "shop-\($0)") })
        try await RunningDaemon.running(site.config) { daemon in
            var answers: [String] = []
            let isReady = await Wait.until(60) {
                #expect(daemon.page("/healthz")?.text == "ok\n")
                let answer = daemon.page("/readyz")
                answers.append(answer.map { "\($0.status) \($0.text)" } ?? "no answer")
                return answer?.status == 200
            }
            try #require(isReady, "\(answers.suffix(5)): \(daemon.log)")
            #expect(answers.dropLast().allSatisfy { $0.hasPrefix("503 not ready") }, "\(Set(answers))")
            #expect(
                answers.last?.contains("\(count) stores: \(count) ok") == true,
                "the first time it is ready, it knows all: \(answers)")
            let samples = try Exposition(daemon.page("/metrics")?.text ?? "").samples
            #expect(samples[#"goodstanding_stores{standing="ok"}"#] == Double(count))
            #expect(samples["goodstanding_evaluations_total"] ?? 0 >= Double(count))
            #expect(
                samples["goodstanding_last_evaluation_timestamp_seconds"].map {
                    abs($0 - Date().timeIntervalSince1970) < 120
                } == true)
        }
    }

    @Test("the metrics are well-formed, labels and all, while there is something of everything")
    func metrics() async throws {
        let site = try Site()
        try await Metronome.ticking { tick in
            try site.configure(
                feeds: [tick, "{id: \"dead.feed-1\", url: \"http://127.0.0.1:9/facts\", every: 1s}"],
                receivers: ["{id: ops, webhook: \"http://127.0.0.1:9/hook\"}"])
            try await site.take(Site.refunds(3, at: "a") + Site.refunds(1, at: "b"))
            try await RunningDaemon.running(site.config) { daemon in
                func has(_ name: String, _ value: Double) -> Bool {
                    ((try? Exposition(daemon.page("/metrics")?.text ?? "").samples)?[name] ?? 0) >= value
                }
                try #require(await Wait.until { has("goodstanding_delivery_failures_total", 1) }, "\(daemon.log)")
                try #require(await Wait.until { has("goodstanding_pages_total", 2) }, "\(daemon.log)")
                let failures = #"goodstanding_feed_consecutive_failures{feed="dead.feed-1"}"#
                try #require(await Wait.until { has(failures, 1) }, "\(daemon.log)")
                let page = try #require(daemon.page("/metrics"))
                #expect(page.status == 200)
                #expect(page.head.lowercased().contains("content-type: text/plain; version=0.0.4"))
                let exposition = try Exposition(page.text)
                #expect(exposition.samples[#"goodstanding_stores{standing="breach"}"#] == 1)
                #expect(exposition.samples[#"goodstanding_alerts{state="firing"}"#] == 1)
                #expect(exposition.samples["goodstanding_notices_owed"] == 1)
                for (name, kind) in exposition.kinds {
                    #expect((kind == "counter") == name.hasSuffix("_total"), "\(name) is a \(kind)")
                    #expect(name.hasPrefix("goodstanding_"))
                }
                if let promtool = Tool("promtool") {
                    try await promtool.run(["check", "metrics"], input: Array(page.text.utf8))
                }
            }
        }
    }

    @Test("feeds that fail are counted though nothing else moves")
    func failingFeed() async throws {
        let site = try Site()
        try site.configure(feeds: ["{id: dead, url: \"http://127.0.0.1:9/facts\", every: 1s}"])
        try await site.take(Site.refunds(1, at: "a"))
        try await RunningDaemon.running(site.config) { daemon in
            func failures() -> Double {
                let samples = try? Exposition(daemon.page("/metrics")?.text ?? "").samples
                return samples?[#"goodstanding_feed_consecutive_failures{feed="dead"}"#] ?? 0
            }
            // Five attempts with growing waits come before it.
            #expect(await Wait.until(90) { failures() >= 1 }, "\(daemon.log)")
        }
    }

    @Test("without `listen:` it is 127.0.0.1:8420, and no other machine can reach it")
    func standardAddress() async throws {
        let site = try Site()
        try site.configure()
        let text = try String(contentsOfFile: site.config, encoding: .utf8)
        try site.folder.write("goodstanding.yaml", text.replacing("listen: 127.0.0.1:0\n", with: ""))
        // Somebody else's daemon may have the port; then ours must say so of the same address.
        guard Loopback.get("/healthz", port: 8420) == nil else {
            let refused = try await RunningDaemon.refused("run", site.config)
            #expect(refused.status == 1 && refused.error.contains("127.0.0.1:8420"), "\(refused.error)")
            return
        }
        try await RunningDaemon.running(site.config) { daemon in
            #expect(daemon.port == 8420)
            // 8420 is 20E4; 0A is LISTEN; 0100007F is 127.0.0.1. The kernel gives its table a piece at a time.
            let tables = try ["/proc/net/tcp", "/proc/net/tcp6"].map { path in
                let file = try #require(FileHandle(forReadingAtPath: path))
                return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
            }
            let own = tables.joined().split(separator: "\n").filter { $0.contains(/:20E4 [0-9A-F]+:0000 0A\b/) }
            #expect(own.count == 1 && own.allSatisfy { $0.contains(" 0100007F:20E4 ") }, "\(own)")
        }
    }

    @Test("a port that is taken ends the program with a message and 1")
    func takenPort() async throws {
        let site = try Site()
        try await RawServer.running({ $0.waitForClose() }) { server in
            try site.configure(listen: "127.0.0.1:\(server.port)")
            let ended = try await RunningDaemon.refused("run", site.config)
            #expect(ended.status == 1)
            #expect(ended.error.contains("127.0.0.1:\(server.port)") && ended.error.contains("taken"), "\(ended.error)")
            #expect(server.connectionCount == 0)
        }
        // Nothing stays locked by the failed start.
        try site.configure()
        try await RunningDaemon.running(site.config) { daemon in #expect(daemon.page("/healthz")?.status == 200) }
    }
}

/// Prometheus' text format, read strictly: every sample under its HELP and TYPE, no name twice, every value a number.
private struct Exposition {
    struct Malformed: Error, CustomStringConvertible { var description: String }

    private(set) var kinds: [String: String] = [:]
    private(set) var samples: [String: Double] = [:]

    init(_ text: String) throws {
        func isOf(_ family: String?, _ name: String) -> Bool {
            guard let family, kinds[family] == "histogram" else { return family == name }
            return ["_bucket", "_sum", "_count"].contains { family + $0 == name }
        }
        func refuse(_ line: Substring) -> Malformed { Malformed(description: "'\(line)' is out of place") }
        guard text.hasSuffix("\n") else { throw Malformed(description: "the last line does not end") }
        var helped: String?
        var current: String?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /# HELP ([a-z_]+) \S.*/) {
                guard helped == nil, kinds[String(match.1)] == nil else { throw refuse(line) }
                helped = String(match.1)
            } else if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (gauge|counter|histogram)/) {
                guard helped == String(match.1) else { throw refuse(line) }
                (current, helped, kinds[String(match.1)]) = (helped, nil, String(match.2))
            } else if let match = line.wholeMatch(
                of: /([a-z_]+)(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? (\S+)/)
            {
                let name = String(match.1) + (match.2 ?? "")
                guard helped == nil, isOf(current, String(match.1)), samples[name] == nil, let value = Double(match.3)
                else { throw refuse(line) }
                samples[name] = value
            } else {
                throw refuse(line)
            }
        }
        guard helped == nil, !samples.isEmpty else { throw Malformed(description: "there is nothing in it") }
    }
}
