import Curl
import Facts
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Pull

/// A platform of one stream, for what the language of packs says by itself.
enum MadeUpPack {
    /// - Parameter stream: what stands under `items:`, indented by nothing.
    static func source(
        _ stream: String, others: String = "", labels: String = "", metrics: String = "",
        openCases: [OpenCase] = []
    ) throws -> PlatformSource {
        let pack = pack(stream, others: others, labels: labels, metrics: metrics)
        let (read, diagnostics) = PackReader.read(SourceText(name: "small.yaml", text: pack), isBuiltIn: false)
        try #require(
            diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })\n\(pack)")
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                Store(id: "s", pack: "small", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: "https://shop.example", credentials: ["token": Secret("given")], openCases: openCases,
                reach: .days(31),
                decoding: FactDecoding(buyerKey: BuyerKey(bytes: Array(0..<32))) { _ in
                    StoreTerms(labels: ["category"])
                }))
    }

    /// What is said of a pack that is wrong.
    static func errors(_ stream: String, others: String = "") -> [String] {
        let text = SourceText(name: "small.yaml", text: pack(stream, others: others, labels: "", metrics: ""))
        return PackReader.read(text, isBuiltIn: false).1.filter { $0.severity == .error }.map { $0.render() }
    }

    /// - Parameter others: streams besides, indented by nothing.
    private static func pack(_ stream: String, others: String, labels: String, metrics: String) -> String {
        func indented(_ text: String, by spaces: Int) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map {
                String(repeating: " ", count: spaces) + $0
            }
        }
        let lines = indented(stream, by: 6) + (others.isEmpty ? [] : indented(others, by: 4))
        let more = metrics.isEmpty ? "" : "\nmetrics: {\(metrics)}"
        return """
            pack: small
            timezone: UTC\(more)
            labels: [\(labels)]
            source:
              credentials: [token]
              authorization: {header: Authorization, value: "Token {token}"}
              streams:
                things:
                  get: /things
            \(lines.joined(separator: "\n"))
            """
    }

    /// What the first answer becomes.
    static func page(_ stream: String, _ answer: String) throws -> Page {
        var state = PullState()
        state.begin(at: PulledFeed.start)
        return try source(stream).page(
            from: Reply(status: .ok, body: Array(answer.utf8)), after: state, at: PulledFeed.start)
    }

    /// What one item becomes, fact by fact, as exported, or why it is none.
    static func facts(_ mapping: String, of item: String) throws -> [String] {
        let indented = mapping.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let page = try page("items: list\nfacts:\n  -\n\(indented)", #"{"list":[\#(item)]}"#)
        return page.facts.map(FactEncoder.line) + page.rejections.map { "no: \($0.rejection.reason)" }
    }

    /// The queries of a whole pull that is answered so.
    static func queries(_ stream: String, answers: [String]) async throws -> [String] {
        let (kept, transport) = (Kept(), CannedTransport(answers.map { reply(200, $0) }))
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: ManualClock(PulledFeed.start), together: 1).pull(
            try source(stream), from: PullState(), using: &generator
        ) { await kept.commit($0) }
        let failed = outcome.failure.map { ["failed: \($0.error)"] } ?? []
        return transport.requests.map { String(($0.head.path ?? "").drop { $0 != "?" }) } + failed
    }
}
