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
    static func source(_ stream: String, labels: String = "") throws -> PlatformSource {
        let lines = stream.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }
        let pack = """
            pack: small
            timezone: UTC
            labels: [\(labels)]
            source:
              credentials: [token]
              authorization: {header: Authorization, value: "Token {token}"}
              streams:
                things:
                  get: /things
            \(lines.joined(separator: "\n"))
            """
        let (read, diagnostics) = PackReader.read(SourceText(name: "small.yaml", text: pack), isBuiltIn: false)
        try #require(
            diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })\n\(pack)")
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                Store(id: "s", pack: "small", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: "https://shop.example", credentials: ["token": Secret("given")], reach: .days(31),
                decoding: FactDecoding(buyerKey: BuyerKey(bytes: Array(0..<32))) { _ in
                    StoreTerms(labels: ["category"])
                }))
    }

    /// What one item becomes, fact by fact, as exported, or why it is none.
    static func facts(_ mapping: String, of item: String) throws -> [String] {
        let indented = mapping.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let source = try source("items: list\nfacts:\n  -\n\(indented)")
        var state = PullState()
        state.begin(at: PulledFeed.start)
        let page = try source.page(
            from: Reply(status: .ok, body: Array(#"{"list":[\#(item)]}"#.utf8)), after: state, at: PulledFeed.start)
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
