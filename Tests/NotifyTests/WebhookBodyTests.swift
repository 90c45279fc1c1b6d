import Alerts
import Facts
import Foundation
import Language
import Notify
import Rules
import TestSupport
import Testing

@Suite("the body of a webhook")
struct WebhookBodyTests {
    private func event(
        _ kind: AlertEvent.Kind, _ standing: Standing, _ reason: AlertReason, judgedTo: LocalDay?
    ) -> AlertEvent {
        AlertEvent(
            key: key, episode: "ep_d16a4459ac397fd6c776a4efa93de1e6", number: 1, kind: kind, reason: reason,
            standing: standing, since: start, at: start + .minutes(10), judgedTo: judgedTo)
    }

    private func text(_ event: AlertEvent, _ report: AlertReport) -> String {
        let content = NoticeContent(
            id: "n", receiver: "ops", madeAt: start + .minutes(11), alerts: [.init(event, report)])
        return String(decoding: WebhookBody.bytes(of: content), as: UTF8.self)
    }

    @Test("a firing, to the byte")
    func firing() throws {
        var report = AlertReport(
            subject: subject,
            values: [
                NamedEstimate("dispute_orders", .exact(.number(Fraction(4)))),
                NamedEstimate("dispute_rate", .exact(.number(try #require(Fraction(13, over: 1000))))),
                NamedEstimate("share", .exact(.number(try #require(Fraction(1, over: 3))))),
                NamedEstimate("wait", .exact(.duration(Fraction(90_500_000)))),
                NamedEstimate("last", .exact(.time(start))),
                NamedEstimate("bad_day", .exact(.bool(true))),
                NamedEstimate("level", .exact(.word("red"))),
                NamedEstimate("dsr", .exact(.missing)),
                NamedEstimate("open", .range(low: Fraction(4), high: nil, mayBeMissing: false, isDuration: false)),
            ],
            limit: "dispute_orders < 3 or dispute_rate < 1%", basis: .observed,
            evidence: [
                EvidenceItem(
                    kind: .refund, id: "r-1", order: "o-1", at: start - .days(3),
                    leaves: LocalDay(year: 2026, month: 3, day: 29), contestableUntil: start + .hours(24)),
                EvidenceItem(kind: .penalty, id: "p\n2", order: nil, at: start, leaves: nil),
            ],
            evidenceTotal: 4, consequence: Words(en: "No campaigns.", zh: "不能报名活动"),
            remedy: Words(en: "Answer within 24 h.", zh: "24小时内处理"), source: "https://rules.example/1", link: nil)
        report.headroom = [
            Headroom(
                subject: "paid_orders", title: Words(en: "paid orders", zh: "支付订单"), value: nil, more: 41,
                then: .warning),
            Headroom(
                subject: "dsr", title: Words(en: "scores", zh: "评分"), value: Fraction(5), more: 3, then: .ok,
                part: "toys", seen: LocalDay(year: 2026, month: 3, day: 20)),
        ]
        report.counterpart = .init(
            isMarked: true, standing: .warning, values: [NamedEstimate("dispute_orders", .exact(.number(Fraction(2))))])
        report.outlook = Outlook(recovery: .on(LocalDay(year: 2026, month: 3, day: 29), .ok))
        let expected = """
            {"type":"alerts","timestamp":"2026-03-02T10:11:00Z","data":{"receiver":"ops","alerts":[{"event":"firing",\
            "episode":"ep_d16a4459ac397fd6c776a4efa93de1e6","store":"pdd-flagship","store_name":"拼多多旗舰店",\
            "platform":"pinduoduo","labels":{"area":"\\"A\\"","team":"east"},"rule":"dispute-refunds",\
            "title":{"en":"Dispute refunds in 30 days","zh":"近30天纠纷退款"},"severity":"critical",\
            "standing":"breach","since":"2026-03-02T10:00:00Z","at":"2026-03-02T10:10:00Z","judged_to":"2026-03-01",\
            "reason":"limit","turned_by":null,"values":{"dispute_orders":4,"dispute_rate":0.013,"share":0.3333333333333333,\
            "wait":90.5,"last":"2026-03-02T10:00:00Z","bad_day":true,"level":"red","dsr":null,"open":null},\
            "limit":"dispute_orders < 3 or dispute_rate < 1%","basis":"observed",\
            "headroom":[{"more":41,"of":"paid_orders","each":null,"then":"warning","by":null,"part":null,"seen":null,\
            "words":{"en":"41 more paid orders and it is in warning","zh":"再增加 41 个支付订单即进入预警"}},\
            {"more":3,"of":"dsr","each":5,"then":"ok","by":null,"part":"toys","seen":"2026-03-20",\
            "words":{"en":"3 more scores of 5 of toys and toys is ok on 2026-03-20",\
            "zh":"再增加 3 个评分 5 分（toys）即转为正常（2026-03-20 考核）"}}],\
            "recovery":{"on":"2026-03-29","words":[{"en":"ok again on 2026-03-29 if no more of what harms comes and all \
            else goes on as in the last 28 days","zh":"若不再新增不利数据且其余按近28天均值延续，将于 2026-03-29 恢复为正常"}]},\
            "marks":{"counted":false,"with":{"standing":"warning","values":{"dispute_orders":2}}},"parts":null,"accepted":null,\
            "evidence":[{"kind":"refund","id":"r-1","order":"o-1","at":"2026-02-27T10:00:00Z","leaves":"2026-03-29",\
            "contestable_until":"2026-03-03T10:00:00Z"},{"kind":"penalty","id":"p\\n2","order":null,\
            "at":"2026-03-02T10:00:00Z","leaves":null,"contestable_until":null}],\
            "evidence_total":4,"consequence":{"en":"No campaigns.","zh":"不能报名活动"},\
            "remedy":{"en":"Answer within 24 h.","zh":"24小时内处理"},"source":"https://rules.example/1","link":null}]}}
            """
        let event = event(.firing, .breach, .limit, judgedTo: LocalDay(year: 2026, month: 3, day: 1))
        #expect(text(event, report) == expected)
    }

    @Test("the README's example has the members of a real one, in their order")
    func readme() throws {
        let shown = try #require(try Readme.blocks(of: "json").first { $0.hasPrefix("{\"type\"") })
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(shown.utf8)) }
        var report = AlertReport(
            subject: subject, values: [], limit: nil, basis: nil,
            evidence: [EvidenceItem(kind: .refund, id: "r", order: nil, at: start, leaves: nil)])
        report.headroom = [
            Headroom(subject: "paid_orders", title: Words(en: "orders", zh: "订单"), value: nil, more: 1, then: .warning)
        ]
        report.outlook = Outlook(recovery: .on(LocalDay(year: 2026, month: 3, day: 29), .ok))
        func members(_ text: String) -> [String] {
            let inner: Set = ["dispute_orders", "dispute_rate", "paid_orders", "team", "area", "en", "zh"]
            return text.matches(of: /"(\w+)":/).map { String($0.1) }.filter { !inner.contains($0) }
        }
        #expect(members(shown) == members(text(event(.firing, .warning, .limit, judgedTo: nil), report)))
    }

    @Test("a resolve of which nothing is known but the alert, to the byte")
    func removed() {
        let expected = """
            {"type":"alerts","timestamp":"2026-03-02T10:11:00Z","data":{"receiver":"ops","alerts":[{"event":"resolved",\
            "episode":"ep_d16a4459ac397fd6c776a4efa93de1e6","store":"pdd-flagship","store_name":"拼多多旗舰店",\
            "platform":"pinduoduo","labels":{"area":"\\"A\\"","team":"east"},"rule":"dispute-refunds",\
            "title":{"en":"Dispute refunds in 30 days","zh":"近30天纠纷退款"},"severity":"critical",\
            "standing":"unjudged","since":"2026-03-02T10:00:00Z","at":"2026-03-02T10:10:00Z","judged_to":null,\
            "reason":"rule_removed","turned_by":null,"values":{},"limit":null,"basis":null,"headroom":null,\
            "recovery":null,"marks":null,"parts":null,"accepted":null,"evidence":[],"evidence_total":null,"consequence":null,"remedy":null,"source":null,"link":null}]}}
            """
        let event = event(.resolved, .unjudged, .ruleRemoved, judgedTo: nil)
        #expect(text(event, AlertReport(subject: subject)) == expected)
    }

    @Test("an alert about data says in a member of its own which source it is, what is wrong, and what waits for it")
    func health() throws {
        var health = HealthReport(
            source: "platform", bringer: Words(en: "the platform", zh: "平台"), cause: .auth, remedy: Words("consent"))
        (health.lastSuccess, health.failures, health.unjudged) = (start, 3, ["a", "b"])
        var report = AlertReport(subject: subject, values: health.values(at: start + .minutes(90)))
        report.health = health
        let body = text(event(.firing, .breach, .limit, judgedTo: nil), report)
        #expect(body.contains(#""values":{"last_success":"2026-03-02T10:00:00Z","age":5400,"failures":3}"#))
        #expect(
            body.hasSuffix(
                #","link":null,"health":{"source":"platform","cause":"auth","last_success":"2026-03-02T10:00:00Z","failures":3,"unjudged":["a","b"],"stores":null,"of":null,"affected":[],"expiry":null}}]}}"#
            ), "\(body)")
        health.stores = HealthReport.Share(
            unhealthy: 3, all: 4, ids: ["n", "s", "w"], names: ["North", "South", "West"])
        report.health = health
        #expect(
            text(event(.firing, .breach, .limit, judgedTo: nil), report).contains(
                #""stores":3,"of":4,"affected":["n","s","w"],"expiry":null}"#))
    }

    @Test("is JSON whatever stands in it")
    func readable() throws {
        var odd = subject
        odd.storeName = "a\"b\\c\u{0}\u{1F}\t\r\n\u{7F}\u{2028}😀"
        odd.labels = ["\"": "\\", "": "{}"]
        let event = event(.lowered, .warning, .eased, judgedTo: nil)
        let body = text(event, AlertReport(subject: odd))
        let read = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        let data = try #require(read["data"] as? [String: Any])
        let alert = try #require((data["alerts"] as? [[String: Any]])?.first)
        #expect(alert["store_name"] as? String == odd.storeName)
        #expect(alert["labels"] as? [String: String] == odd.labels)
        #expect(!body.contains("\n"))
    }
}
