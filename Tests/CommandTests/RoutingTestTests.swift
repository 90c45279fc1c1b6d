import Foundation
import TestSupport
import Testing

@Suite("rules test proves who hears what, and when")
struct RoutingTestTests {
    private static let pack = """
        pack: mine
        timezone: Asia/Shanghai
        metrics:
          few: count(refund by refunded_at over 30d)
          hourly: count(refund by refunded_at over 24h)
        rules:
          few: {require: few < 3, prefer: few < 2}
          many: {require: few < 3, severity: critical}
          hourly: {require: hourly < 100, severity: minor}
        """

    private func ran(_ tests: String) async throws -> Program.Outcome {
        let folder = try Workplace()
        try folder.write("mine.yaml", Self.pack)
        try folder.write("tests.yaml", "pack: mine\n" + tests)
        return try await folder.run(["rules", "test", "--packs", "mine.yaml", "tests.yaml"])
    }

    @Test("filters, first looks, groups, steps of escalation, reminders, nights and ends are those of the daemon")
    func routing() async throws {
        let ended = try await ran(
            """
            receivers:
              - {id: all}
              - {id: critical, when: {severity: critical}}
              - {id: other, when: {platform: taobao}}
              - {id: pager, kind: pagerduty}
              - {id: group, group: {by: [store], wait: 10min}}
              - {id: boss, after: 2h, when: {standing: breach}}
              - {id: night, quiet: daily, zone: Asia/Shanghai}
            tests:
              - test: a first look is one message, but where each alert is a case
                facts: [3 refunded refunds on 2026-03-01]
                at: 2026-03-02 10:00
                expect:
                  told:
                    all: [[firing few, firing many]]
                    critical: [firing many]
                    other: none
                    pager: [firing few, firing many]
                    group: [[firing few, firing many]]
                    boss: none
                then:
                  - {at: 2026-03-02 11:00, expect: {told: {all: none, boss: none}}}
                  - {at: 2026-03-02 12:00, expect: {told: {boss: [[firing few, firing many]]}}}
                  - {at: 2026-04-01 10:00, expect: {told: {all: [resolved few, resolved many], boss: [resolved few, resolved many]}}}
              - test: what comes later is told by itself, by its group, and in the morning
                facts: [2 refunded refunds on 2026-03-02, 1 refunded refund on 2026-03-03]
                at: 2026-03-02
                expect: {told: {all: none}}
                then:
                  - {at: 2026-03-03, expect: {told: {all: [firing few], group: none, night: none}}}
                  - {at: 2026-03-03 00:10, expect: {told: {group: [firing few], night: none}}}
                  - {at: 2026-03-04, expect: {told: {all: [raised few, firing many], night: [firing few, firing many]}}}
                  - {at: 2026-03-04 08:00, expect: {told: {all: none, night: [raised few], boss: [[raised few, firing many]]}}}
            """)
        #expect(ended.status == 0, "\(ended.everything)")
    }

    @Test("silences end by their time, with what they fit, or let pass what grows worse; windows of the store hold")
    func held() async throws {
        let ended = try await ran(
            """
            receivers: [{id: ops}, {id: desk, remind: 1d}]
            inhibit: [{source: {rule: many}, target: {rule: few}, equal: [store]}]
            tests:
              - test: by time
                facts: [2 refunded refunds on 2026-03-02]
                silences: [{rule: few, from: 2026-03-02, until: 2026-03-05}]
                at: 2026-03-02
                expect: {told: {ops: none}}
                then:
                  - {at: 2026-03-03, expect: {alerts: {few: firing}, told: {ops: none}}}
                  - {at: 2026-03-05, expect: {told: {ops: [firing few]}}}
                  - {at: 2026-03-06, expect: {told: {ops: none, desk: [reminder few]}}}
              - test: what began and ended meanwhile is not told
                facts: [2 refunded refunds on 2026-03-02]
                silences: [{rule: few, from: 2026-03-02, until: 2026-05-05}]
                at: 2026-03-02
                expect: {told: {ops: none}}
                then:
                  - {at: 2026-03-03, expect: {alerts: {few: firing}, told: {ops: none}}}
                  - {at: 2026-04-02, expect: {alerts: {few: resolved}, told: {ops: none}}}
                  - {at: 2026-05-06, expect: {told: {ops: none}}}
              - test: until it grows worse, and what another alert speaks for
                facts: [2 refunded refunds on 2026-03-02, 1 refunded refund on 2026-03-03]
                silences: [{store: "*", from: 2026-03-02, ends: worse}]
                at: 2026-03-02
                expect: {told: {ops: none}}
                then:
                  - {at: 2026-03-03, expect: {told: {ops: none}}}
                  - {at: 2026-03-04, expect: {told: {ops: [firing many]}}}
              - test: until it is over
                facts: [2 refunded refunds on 2026-03-02, 2 refunded refunds on 2026-04-10]
                silences: [{rule: few, from: 2026-03-03, ends: resolved}]
                at: 2026-03-02
                expect: {told: {ops: none}}
                then:
                  - {at: 2026-03-03, expect: {alerts: {few: firing}, told: {ops: none}}}
                  - {at: 2026-04-02, expect: {alerts: {few: resolved}, told: {ops: none}}}
                  - {at: 2026-04-11, expect: {told: {ops: [firing few]}}}
              - test: while the store is worked on only what is critical
                store: {maintenance: [{weekly: tuesday, at: "00:00", for: 24h}]}
                facts: [2 refunded refunds on 2026-03-02]
                at: 2026-03-02
                expect: {told: {ops: none}}
                then:
                  - {at: 2026-03-03, expect: {alerts: {few: firing}, told: {ops: none}}}
                  - {at: 2026-03-04, expect: {told: {ops: [firing few]}}}
            """)
        #expect(ended.status == 0, "\(ended.everything)")
    }

    @Test("what is told otherwise fails with what was told and what holds back the rest")
    func failing() async throws {
        let ended = try await ran(
            """
            receivers: [{id: ops}, {id: desk}]
            tests:
              - test: it is silenced
                silences: [{rule: few, from: 2026-03-01, until: 2026-03-09}]
                facts: [3 refunded refunds on 2026-03-01]
                at: 2026-03-02
                expect:
                  told: {ops: [firing few, firing many], desk: none}
            """)
        #expect(ended.status == 1)
        #expect(
            ended.output.contains(
                "tests.yaml:9:19: error: it is silenced: receiver 'ops' is told firing many, not firing few, firing many; held back: firing few (silence)"
            ), "\(ended.everything)")
        #expect(ended.output.contains("receiver 'desk' is told firing many, not nothing; held"), "\(ended.everything)")
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var text: String
        var said: String
        var testDescription: String { said }
    }

    @Test(
        "what cannot be meant is said with its place",
        arguments: [
            Wrong(text: "inhibit: []", said: "2:10: error: there is nobody to hear: say who under receivers:"),
            Wrong(text: "receivers: [{id: a, when: {rules: x}}]", said: "unknown key 'rules'"),
            Wrong(text: "receivers: [{id: a, kind: pigeon}]", said: "'pigeon'"),
            Wrong(text: "receivers: [{id: a}, {id: a}]", said: "the receiver 'a' is there twice"),
            Wrong(text: "receivers: [{id: a, quiet: daily}]", said: "say where: zone: Asia/Shanghai"),
            Wrong(
                text: "receivers: [{id: a}]\nsilences: [{rule: few, from: 2026-03-01}]",
                said: "until when? until:, or ends: resolved"),
            Wrong(
                text: "receivers: [{id: a}]\nsilences: [{from: 2026-03-01, ends: worse}]",
                said: "names nothing; give one of platform, store"),
            Wrong(text: "receivers: [{id: oops}]", said: "there is no receiver 'ops'; did you mean 'oops'?"),
            Wrong(text: "receivers: [{id: ops}]", said: "the pack 'mine' has no rule 'fev'; did you mean 'few'?"),
        ])
    func wrong(_ wrong: Wrong) async throws {
        let ended = try await ran(
            """
            \(wrong.text)
            tests: [{test: t, at: 2026-03-02, expect: {told: {ops: [firing fev]}}}]
            """)
        #expect(ended.status == 1 && ended.error.contains(wrong.said), "\(ended.everything)")
    }

    @Test("without receivers a test cannot ask who is told")
    func nobody() async throws {
        let ended = try await ran("tests: [{test: t, at: 2026-03-02, expect: {told: {ops: none}}}]\n")
        #expect(
            ended.status == 1 && ended.error.contains("say who under receivers: of the file"), "\(ended.everything)")
    }
}
