import Curl
import Facts
import Pull
import TestSupport
import Testing

/// A feed that is pulled again and again, by a clock that stands still until told otherwise.
struct PulledFeed {
    /// 2026-03-02T10:00:00Z, when every test begins.
    static let start = Timestamp(seconds: 1_772_445_600)

    struct Pulled {
        var outcome: PullOutcome
        var requests: [Request]
        var sleeps: [Timestamp]
        var failure: PullFailure? { outcome.failure }
        var state: PullState { outcome.state }
    }

    let clock = ManualClock(PulledFeed.start)

    /// Pulls once, answered by the list, and keeps what was committed.
    func pull(_ answers: [CannedTransport.Answer], from kept: Kept, kinds: FactKinds = .all) async throws -> Pulled {
        let transport = CannedTransport(answers)
        let before = clock.sleeps.count
        var generator = SeededGenerator(seed: 5)
        let source = try #require(
            FeedSource(id: "erp", url: "https://erp.example/facts", kinds: kinds, decoding: decoding))
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            source, from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        await kept.keep(outcome.state)
        return Pulled(outcome: outcome, requests: transport.requests, sleeps: Array(clock.sleeps[before...]))
    }
}
