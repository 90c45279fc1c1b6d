import Daemon
import Facts
import PlatformSupport
import Rules
import TestSupport
import Testing

@testable import Simulation

@Suite("Shopify's points are counted with it", .timeLimit(.minutes(10)))
struct ShopifyPointTests {
    private func row() throws -> PlatformRow { try #require(PlatformRow.all.first { $0.pack == "shopify" }) }

    struct Plan: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var rate: Int
        /// Seconds that the first pull may take, by the clock of the test.
        var seconds: ClosedRange<Int64>
    }

    /// The pull takes some 30,000 points, of which as many as the bucket holds are there at once.
    static let rows = [
        Plan(testDescription: "half of the smallest plan", rate: 50, seconds: 60...1200),
        Plan(testDescription: "Standard", rate: 100, seconds: 20...600),
        // All of it is there at once, once the first answers have told so.
        Plan(testDescription: "Plus", rate: 1000, seconds: 0...19),
    ]

    @Test("no query is refused for want of points, and the more a plan has the sooner all is there", arguments: rows)
    func plans(_ plan: Plan) async throws {
        let pulled = try PulledPlatform(
            try row(), seed: 31, orders: [20], known: ["points a second": "\(plan.rate)"])
        try await pulled.serving {
            let began = pulled.clock.now
            for outcome in try await pulled.pull() { try #require(outcome.failure == nil, "\(outcome.words.en)") }
            let seconds = (pulled.clock.now - began).microseconds / 1_000_000
            #expect(plan.seconds.contains(seconds), "\(seconds) s")
            #expect(await pulled.platforms[0].desk.overruns == 0)
            let differences = try await pulled.differences()
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            #expect(await pulled.platforms[0].asked.count > 30, "there was something to hold up")
        }
    }

    @Test("what the pack expects of each query is what the documents' reckoning makes of it")
    func expected() throws {
        let plan = try #require(PackLibrary.builtIn(only: ["shopify"]).0["shopify"]?.pull)
        let cost = try #require(plan.limits.first?.cost)
        let streams = plan.streams.flatMap { [$0] + ($0.details?.streams ?? []) }
        #expect(streams.count == 4)
        for stream in streams {
            guard case .object(let members)? = stream.json,
                case .literal(let text)? = members.first(where: { $0.name == "query" })?.value
            else {
                Issue.record("\(stream.name) asks nothing")
                continue
            }
            let given: [String: GraphQLQuery.Value] = ["id": .string("x"), "cursor": .null, "query": .string("")]
            let query = try GraphQLQuery(text, variables: given)
            #expect(cost.expected[stream.name] == query.fields.reduce(0) { $0 + $1.cost }, "\(stream.name)")
        }
    }
}
