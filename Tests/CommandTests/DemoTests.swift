import TestSupport
import Testing

@Suite("the demo tells its story with the real daemon")
struct DemoTests {
    @Test("stores are judged, alerts fire and are delivered signed, and some resolve by corrected refunds")
    func story() async throws {
        let ended = try await Workplace().run("demo", "--stores", "100", "--seed", "2")
        #expect(ended.status == 0 && !ended.hasCrashed, "\(ended.everything)")
        #expect(ended.output.contains(#/\d+ facts in \d+ pages; 100 stores: /#), "\(ended.output)")
        #expect(ended.output.contains("✔ signed webhook  firing  shop-"))
        #expect(ended.output.contains(#/✔ signed webhook  resolved  shop-.* \[corrected\]/#))
        let summary = try #require(
            ended.output.firstMatch(
                of:
                    #/Delivered and verified: (\d+) webhooks, (\d+) alerts fired, (\d+) resolved, 0 with a bad signature/#
            ),
            "\(ended.output)")
        #expect((Int(summary.2) ?? 0) > 0 && (Int(summary.3) ?? 0) > 0)
        // What the first look finds comes in few webhooks, whatever came later in one each.
        #expect((Int(summary.1) ?? 0) >= 2)
    }
}
