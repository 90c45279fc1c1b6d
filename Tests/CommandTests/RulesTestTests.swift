import Foundation
import FoundationXML
import TestSupport
import Testing

@Suite("rules test runs tests of packs")
struct RulesTestTests {
    private static let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "rules/tests").path

    /// Those of all packs are run as what they are, each a test of its own (`ShippedPackTests`).
    @Test("the tests of a pack within the program pass")
    func shipped() async throws {
        let ended = try await Workplace().run("rules", "test", Self.shipped + "/pinduoduo.yaml")
        #expect(ended.status == 0 && ended.error == "", "\(ended.everything)")
        #expect(ended.output.contains(#/\d+ tests: \d+ passed, 0 failed/#))
        let chinese = try await Workplace().run(
            ["rules", "test", Self.shipped + "/marketplace.yaml"], environment: ["LANG": "zh_CN.UTF-8"])
        #expect(chinese.output.contains(#/共 \d+ 项测试：通过 \d+，未通过 0/#))
    }

    private static let pack = """
        pack: mine
        timezone: Asia/Shanghai
        kinds: {dispute: refund where disputed and status == refunded}
        metrics:
          disputes: count(order by min(refunded_at of dispute) over 30d)
          paid: count(order by paid_at over 30d)
          mean_wait: mean(refunded_at - opened_at of refund by refunded_at over 30d)
          first: min(refunded_at of refund by refunded_at over 30d)
          reason: latest(reason of refund by refunded_at over 30d)
        rules:
          disputes: {require: disputes < 3, prefer: disputes < 2, given: paid >= 10, keep: 1d}
        gates: {entry: {title: Entry, rules: [disputes]}}
        """

    private func ran(_ tests: String, _ more: String...) async throws -> Program.Outcome {
        let folder = try Workplace()
        try folder.write("mine.yaml", Self.pack)
        try folder.write("tests.yaml", "pack: mine\n" + tests)
        return try await folder.run(["rules", "test", "--packs", "mine.yaml", "tests.yaml"] + more)
    }

    @Test("every sort of expectation is held against what the daemon's evaluation says")
    func expectations() async throws {
        let ended = try await ran(
            """
            facts: [20 paid orders on 2026-03-01]
            tests:
              - test: three disputes
                facts:
                  - 3 disputed refunded refunds on 2026-03-01 at 18:00 with opened_at -6h, reason quality
                at: 2026-03-02
                expect:
                  standing: breach
                  rules: {disputes: breach}
                  values: {disputes: 3, paid: 20, mean_wait: 21600, first: "2026-03-01T10:00:00Z", reason: quality}
                  gates: {entry: closed}
                  alerts: {disputes: firing}
                then:
                  - {at: 2026-03-31 09:00, expect: {rules: {disputes: breach}}}
                  - {at: "2026-04-01T00:00:00+08:00", expect: {standing: unjudged, values: {mean_wait: missing}}}
            """)
        #expect(ended.status == 0 && ended.output == "1 test: 1 passed, 0 failed\n", "\(ended.everything)")
    }

    @Test("what comes out otherwise fails, with its place and both figures")
    func failing() async throws {
        let tests = """
            tests:
              - test: two disputes
                facts: [20 paid orders on 2026-03-01, 2 disputed refunded refunds on 2026-03-01]
                at: 2026-03-02
                expect:
                  rules: {disputes: breach}
                  values: {disputes: 3, first: missing, reason: late, paid: 20.0000001}
                  gates: {entry: closed}
                  alerts: {disputes: none}
            """
        let ended = try await ran(tests)
        #expect(ended.status == 1)
        for words in [
            "tests.yaml:7:25: error: two disputes: rule 'disputes' is warning (outside what is preferred: paid 20, disputes 2), not breach",
            "tests.yaml:8:26: error: two disputes: metric 'disputes' is 2, not 3",
            "metric 'first' is '2026-03-01T04:00:00Z', not missing", "metric 'reason' is missing, not 'late'",
            "metric 'paid' is 20, not 20.0000001", "gate 'entry' is open, not closed",
            "the alert of rule 'disputes' is firing, not none",
            "1 test: 0 passed, 1 failed",
        ] { #expect(ended.output.contains(words), "\(ended.output)") }
        let report = try await ran(tests, "--format", "junit")
        let document = try XMLDocument(xmlString: report.output)
        #expect(try document.nodes(forXPath: "//testcase/failure").count == 7)
        #expect(try document.nodes(forXPath: "//testsuite[@tests=1][@failures=1]").count == 1)
    }

    @Test("headroom is asked of what the rule reads, and of a mean with the score that each fact has")
    func headroomKeys() async throws {
        let ended = try await ran(
            """
            tests:
              - test: one
                facts: [20 paid orders on 2026-03-01]
                at: 2026-03-02
                expect: {headroom: {disputes: {mean_wait: never, paid of 5: never}}}
            """)
        #expect(
            ended.status == 1 && ended.error.contains("rule 'disputes' does not read the metric 'mean_wait'")
                && ended.error.contains("'paid' is no mean"), "\(ended.error)")
    }

    @Test(
        "so many facts a day for some days are those of the days before the first moment, or of days that begin or end with one"
    )
    func forDays() async throws {
        // Before 4 April 2026 lie 30 days from 5 March on; the window of `paid` is the same.
        let ended = try await ran(
            """
            tests:
              - test: the days before
                facts: [40 paid orders a day for 30 days]
                at: 2026-04-04 10:00
                expect: {values: {paid: 1200}}
                then: [{at: 2026-04-05, expect: {values: {paid: 1160}}}]
              - test: several in one
                facts: ["40 paid orders a day for 30 days, 3 disputed refunded refunds on 2026-04-01 with reason late, closed_at +2d"]
                at: 2026-04-04
                expect: {values: {paid: 1200, disputes: 3}}
              - test: days that begin with one, and days that end with one
                facts: [3 paid orders a day for 2 days from 2026-03-04, 5 paid orders a day for 1 day to 2026-04-03]
                at: 2026-04-04
                expect: {values: {paid: 8}}
            """)
        #expect(ended.status == 0, "\(ended.everything)")
        let wrong = try await ran(
            """
            tests:
              - test: one
                facts: [4 refunds for 3 days, 4 refunds a day for no days, 4 refunds a day for 3 weeks, 4 refunds since 2026-03-01]
                at: 2026-03-02
                expect: {values: {paid: 1}}
            """)
        for words in [
            "more than one day needs `a day`", "'no' is no number of days", "after `for 3` comes `days`",
            "'since' stands where `on DAY`, `from DAY to DAY` or `for N days` is expected",
        ] { #expect(wrong.error.contains(words), "\(wrong.error)") }
    }

    @Test("what is wrong with a file of tests is told, all at once, and nothing of it is run")
    func wrong() async throws {
        let ended = try await ran(
            """
            store: {timezone: Mars/Olympus, parameters: {limit: 3}}
            tests:
              - {test: a, at: 2026-03-02, expect: {}}
            """)
        #expect(ended.status == 1 && ended.error.contains("tests.yaml:2:19: error: 'Mars/Olympus'"), "\(ended.error)")
        let faults = try await ran(
            """
            tests:
              - test: one
                facts: [20 payed orders on 2026-03-01, refunds on 2026-03-01, 2 refunds from 2026-03-01 to 2026-03-02, 1 rating on 2026-03-01 with score -1]
                at: soon
                expect: {values: {disptes: 3, paid: many}, rules: {disputes: bad}}
              - {test: nothing, at: 2026-03-02, expect: {}}
            """)
        #expect(faults.status == 1)
        for words in [
            "4:13: error: 'payed' is neither a kind of fact", "'refunds' is no number of facts",
            "needs `a day` after the kind", "score is negative", "'soon' is no moment", "no metric 'disptes'",
            "must be one of ok, warning, breach, unjudged, unknown, not 'bad'",
        ] { #expect(faults.error.contains(words), "\(words) in \(faults.error)") }
        let many = try await ran(
            """
            facts: [100000 orders a day from 1996-01-01 to 2099-01-01]
            tests:
              - {test: many, at: 2026-03-02, expect: {rules: {}}}
            """, "--format", "junit")
        #expect(many.status == 1 && many.error.contains("more than 200000 facts in one test"), "\(many.error)")
        #expect(many.error.contains("it expects nothing"))
        #expect(try XMLDocument(xmlString: many.output).nodes(forXPath: "//testcase/error").count == 2)
        let none = try await ran("tests: []\n")
        #expect(none.status == 1 && none.error.contains("the file has no test"))
        let unknown = try await Workplace().run("rules", "test", "nowhere.yaml")
        #expect(
            unknown.status == 64
                && unknown.error.contains("nowhere.yaml is neither a file, nor a folder, nor a built-in pack"))
    }
}
