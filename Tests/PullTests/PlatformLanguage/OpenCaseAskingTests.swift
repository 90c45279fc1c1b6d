import Curl
import Facts
import HTTPTypes
import Pull
import TestSupport
import Testing

@Suite("Of cases that may still change those are asked for that the pack means")
struct OpenCaseAskingTests {
    /// Beside the list: those of two to nine days, and claims, also refused ones.
    private static let streams = (
        list: """
        items: list
        facts: [{kind: refund, id: id, status: status}]
        """,
        others: """
        old:
          only: later
          open: {by: case, after: 2d, until: 9d}
          get: "/old/{item}"
          items: .
          facts: [{kind: refund, id: id, status: status}]
        claims:
          only: later
          open: {by: case, types: [claim], status: [open, rejected]}
          get: "/claims/{item}"
          items: .
          facts: [{kind: refund, id: id, status: status}]
        """
    )

    private static let cases = [
        OpenCase(id: "1", order: nil, openedAt: PulledFeed.start - .days(8), type: "return"),
        OpenCase(id: "2", order: nil, openedAt: PulledFeed.start - .days(8), type: "claim"),
        OpenCase(id: "3", order: nil, openedAt: PulledFeed.start - .days(12), type: "return"),
        OpenCase(id: "4", order: nil, openedAt: PulledFeed.start - .days(8), type: "claim", status: "rejected"),
        OpenCase(id: "5", order: nil, openedAt: PulledFeed.start - .days(1), type: "return"),
    ]

    /// A second pull, after one that found nothing: what was asked besides the list, and what came of it.
    private static func second(
        _ answers: [CannedTransport.Answer]
    ) async throws -> (paths: [String], failure: PullFailure?, kept: Kept) {
        let source = try MadeUpPack.source(streams.list, others: streams.others, openCases: cases)
        let (kept, none) = (Kept(), reply(200, #"{"list": []}"#))
        var (paths, failure): ([String], PullFailure?) = ([], nil)
        for (hours, answers) in [(0, [none]), (1, [none] + answers)] {
            let transport = CannedTransport(answers)
            var generator = SeededGenerator(seed: 3)
            let clock = ManualClock(PulledFeed.start + .hours(Int64(hours)))
            let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
                source, from: await kept.state, using: &generator
            ) { await kept.commit($0) }
            await kept.keep(outcome.state)
            (paths, failure) = (transport.requests.dropFirst().map { $0.head.path ?? "" }, outcome.failure)
        }
        return (paths, failure, kept)
    }

    @Test("by their age, their type and their status")
    func meant() async throws {
        let ended = reply(200, #"{"id": "1", "status": "refunded"}"#)
        let asked = try await Self.second([ended, ended, ended, ended])
        #expect(asked.failure == nil && asked.paths == ["/old/1", "/old/2", "/claims/2", "/claims/4"], "\(asked)")
    }

    @Test("the plan counts those, and where none is known as many as are guessed")
    func counted() throws {
        let source = try MadeUpPack.source(Self.streams.list, others: Self.streams.others, openCases: Self.cases)
        let needs = source.needs(every: .days(1), paces: [:], at: PulledFeed.start)
        #expect(needs.map(\.daily) == [1000, 2000, 2000])
        let bare = source.asking(about: [])
        #expect(
            bare.needs(every: .days(1), paces: [:], open: 7, at: PulledFeed.start).map(\.daily) == [1000, 7000, 7000])
        #expect(bare.needs(every: .days(1), paces: [:], at: PulledFeed.start).map(\.daily) == [1000, 0, 0])
    }

    @Test("one that the platform refuses is passed over and said; without the right none is asked for")
    func refused() async throws {
        let ended = reply(200, #"{"id": "2", "status": "refunded"}"#)
        let asked = try await Self.second([reply(404), ended, reply(403)])
        #expect(asked.failure == nil && asked.paths == ["/old/1", "/old/2", "/claims/2"], "\(asked)")
        let pages = await asked.kept.pages
        #expect(await asked.kept.all.map(\.id) == ["2"])
        let said = pages.flatMap(\.refused)
        #expect(said.count == 2 && said[0].hasPrefix("old: ") && said[1].hasPrefix("claims: "), "\(said)")
    }

    @Test("an age, a type or a status that makes no sense is an error")
    func errors() {
        let told = MadeUpPack.errors(
            Self.streams.list,
            others: """
                old:
                  open: {by: case, after: 9d, until: 9d, types: [clam], status: [refunded]}
                  get: "/old/{item}"
                  facts: []
                """)
        #expect(told.count == 3, "\(told)")
    }
}
