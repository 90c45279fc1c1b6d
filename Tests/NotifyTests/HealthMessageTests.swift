import Alerts
import Facts
import Language
import Rules
import Testing

@testable import Notify

@Suite("What people read of data that does not come")
struct HealthMessageTests {
    private let id = "ntc_952d43e911ea4974dd17d90bb8149d32"

    private func told(
        _ kind: AlertEvent.Kind, _ standing: Standing = .breach, isReminder: Bool = false
    ) -> NoticeContent.Told {
        let platform = Words(en: "the platform", zh: "平台")
        var health = HealthReport(
            source: "platform", bringer: platform, cause: .auth,
            remedy: Words(en: "consent anew", zh: "重新授权"))
        (health.lastSuccess, health.failures) = (start - .hours(3), 2)
        var report = AlertReport(
            subject: AlertSubject(
                storeName: "拼多多旗舰店", platform: "pinduoduo", labels: ["team": "east"], title: health.title,
                severity: .major))
        if kind != .resolved {
            (report.health, report.values, report.remedy) = (health, health.values(at: start), health.remedy)
        }
        let key = AlertKey(store: "pdd-flagship", rule: health.rule)
        return NoticeContent.Told(
            AlertEvent(
                key: key, episode: ContentID.episode(key, since: start), number: 1, kind: kind, reason: .limit,
                standing: standing, since: start - .hours(1), at: start, judgedTo: nil), report, isReminder: isReminder)
    }

    struct Row: Sendable {
        var kind: AlertEvent.Kind
        var standing = Standing.breach
        var isReminder = false
        var en: String
        var zh: String
    }

    @Test(
        "the headline says what happened: that it comes and goes, is steady again, or goes on still",
        arguments: [
            Row(kind: .firing, en: "access refused", zh: "授权失效"),
            Row(kind: .firing, isReminder: true, en: "access refused, still", zh: "授权失效，仍未恢复"),
            Row(kind: .flapping, en: "comes and goes: access refused", zh: "反复波动：授权失效"),
            Row(kind: .settled, en: "steady again: access refused", zh: "不再波动：授权失效"),
            Row(kind: .resolved, standing: .ok, en: "data again", zh: "数据已恢复"),
            Row(kind: .resolved, standing: .unjudged, en: "no longer watched", zh: "不再监控"),
        ])
    func headline(_ row: Row) {
        let told = told(row.kind, row.standing, isReminder: row.isReminder)
        let english = MessageWriting(language: .en).message(told, id: id)
        #expect(english.headline.hasPrefix("[\(row.en)] 拼多多旗舰店: "))
        #expect(MessageWriting(language: .zh).message(told, id: id).headline.hasPrefix("【\(row.zh)】拼多多旗舰店："))
        #expect(english.lines.contains { $0.contains("4 times within 7 days") } == (row.kind == .flapping))
    }

    @Test("a template has it in its words, with the cause and what was seen")
    func template() throws {
        let log = DiagnosticLog()
        let text =
            "{{title}}: {{store}} ({{cause}})\n{{figures}}\n{{remedy}}\n{{^limit}}goodstanding {{short_id}}{{/limit}}"
        let template = try #require(MessageTemplate(SourceText(name: "t", text: text), log: log), "\(log.diagnostics)")
        let message = MessageWriting(language: .en, template: template).message(told(.firing), id: id)
        #expect(message.headline == "access refused: 拼多多旗舰店 (auth)")
        #expect(
            message.lines == [
                "since 2026-03-02 09:00 UTC; complete up to 2026-03-02 07:00 UTC, 3 h ago; 2 pulls failed since",
                "consent anew", "goodstanding ntc_952d43e9",
            ])
        let over = MessageWriting(language: .en, template: template).message(told(.resolved, .ok), id: id)
        #expect(over.headline == "data again: 拼多多旗舰店 ()")
    }

    @Test("what grows graver in the same standing leaves no second alert at Alertmanager; severity is a label")
    func graver() throws {
        var told = told(.raised)
        (told.report.announced, told.report.announcedSeverity) = (.breach, .major)
        told.report.subject.severity = .critical
        let alerts = PrometheusAlert.all(of: told, id: id)
        #expect(alerts.map { $0.labels["severity"] } == ["major", "critical"])
        #expect(alerts.map { $0.endsAt == nil } == [false, true])
        told.report.announcedSeverity = .critical
        #expect(PrometheusAlert.all(of: told, id: id).count == 1)
    }
}
