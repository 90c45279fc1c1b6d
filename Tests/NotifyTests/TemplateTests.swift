import Alerts
import Facts
import Language
import Rules
import Testing

@testable import Notify

private let id = "ntc_952d43e911ea4974dd17d90bb8149d32"

private func template(_ text: String) throws -> MessageTemplate {
    let log = DiagnosticLog()
    let made = MessageTemplate(SourceText(name: "duty.mustache", text: text), log: log)
    return try #require(made, "\(log.diagnostics)")
}

private func message(
    _ text: String, _ told: NoticeContent.Told? = nil, _ language: MessageLanguage = .en,
    _ evidence: EvidenceShown = .full
) throws -> Message {
    let writing = MessageWriting(language: language, evidence: evidence, template: try template(text))
    return writing.message(try told ?? NotifyTests.told(), id: id)
}

@Suite("Templates")
struct TemplateTests {
    @Test("members stand where a template names them; what is not known is no line")
    func members() throws {
        let text = """
            {{uppercased(standing)}} {{store}} {{rule}} ({{severity}}, {{labels.team}})
            {{figures}}
            {{#headroom}}
            headroom: {{headroom}}
            {{/headroom}}
            {{#recovery}}
            {{recovery}}
            {{/recovery}}
            {{^link}}no page{{/link}}
            {{#evidence}}
            * {{kind}} {{id}}{{#leaves}} until {{leaves}}{{/leaves}}{{^last()}};{{/last()}}
            {{/evidence}}
            {{! nobody reads this }}
            goodstanding {{short_id}}
            """
        let made = try message(text)
        #expect(made.headline == "BREACH 拼多多旗舰店 Dispute refunds in 30 days (critical, east)")
        #expect(
            made.lines == [
                "disputed orders 4, dispute rate 1.3%; has to be: disputed orders < 3 or dispute rate < 1% (observed)",
                "ok again on 2026-03-29 if no more of what harms comes and all else goes on as in the last 28 days", "",
                "* refund r-101 until 2026-03-29;", "* refund r-102 until 2026-03-30;",
                "* refund r-103 until 2026-03-28;",
                "* refund r-104 until 2026-03-29;", "* refund r-105 until 2026-03-30", "goodstanding ntc_952d43e9",
            ])
        // It names the link, so no service puts it below.
        #expect(made.link == nil && made.severity == .critical && made.standing == .breach)
    }

    @Test("language and evidence are the receiver's")
    func language() throws {
        let text = "{{title}} {{rule}}\n{{consequence}}\n{{#evidence}}\n{{id}}\n{{/evidence}}"
        #expect(try message(text, nil, .zh, .masked).text(most: 5000).hasPrefix("不达标 近30天纠纷退款\n不能报名活动\n…-101\n"))
        #expect(try message(text, nil, .en, .counts).lines == ["No campaigns."])
        let over = try message(
            "{{title}}{{#consequence}} {{consequence}}{{/consequence}}", try told(.resolved, .ok, .cleared))
        #expect(over.headline == "ok again" && over.lines == [] && over.link != nil)
    }

    @Test("nothing is escaped by the template, and each service makes plain text of it as of our own words")
    func escaping() throws {
        let store = "<b>A & \"B\"</b> @all {{id}}"
        let made = try message("{{store}}\n{{{store}}}\n{{&store}}", try told(store: store))
        #expect(made.headline == store && made.lines == [store, store])
        let content = NoticeContent(id: id, receiver: "r", madeAt: start, alerts: [try told(store: store)])
        let writing = MessageWriting(template: try template("{{store}}\n@everyone"))
        let ding = String(decoding: ReceiverWriting(.dingtalk, writing).bytes(of: content), as: UTF8.self)
        #expect(
            !ding.contains("@all") && !ding.contains("@everyone") && ding.contains("<b>A & \\\"B\\\"</b>"), "\(ding)")
        let slack = String(decoding: ReceiverWriting(.slack, writing).bytes(of: content), as: UTF8.self)
        #expect(slack.contains("&lt;b&gt;A &amp;"), "\(slack)")
    }

    @Test("a template that makes nothing of an alert leaves it in our words")
    func empty() throws {
        #expect(try message("{{#because}}{{because}}{{/because}}").headline.hasPrefix("[breach] "))
        #expect(try message("\n\n  \n{{store}}\n\n").headline == "拼多多旗舰店")
    }

    @Test(
        "what is wrong with a template is told with its line",
        arguments: [
            ("{{store}}\n{{figurs}}", 2, "a message has no member 'figurs'; did you mean 'figures'?"),
            ("{{kind}}", 1, "no member 'kind'"), ("\n\n{{#evidence}}{{name}}{{/evidence}}", 3, "no member 'name'"),
            ("{{#evidence}}\n{{id}}", 1, "the section {{#evidence}} is not closed"),
            ("{{#evidence}}\n{{/evidense}}", 2, "closes the section {{#evidence}}"),
            ("{{/limit}}", 1, "closes no section"),
            ("a\n{{>other}}", 2, "no parts of other files"), ("{{=<% %>=}}", 1, "braces as they are"),
            ("{{% CONTENT_TYPE:HTML}}", 1, "members and sections alone"), ("{{shout(store)}}", 1, "'shout' is nothing"),
            ("{{lowercased(stor)}}", 1, "did you mean 'store'?"), ("{{labels.}}", 1, "no member 'labels.'"),
            ("fine\n{{store", 2, "cannot be read here"),
        ])
    func wrong(_ text: String, line: Int, words: String) throws {
        let log = DiagnosticLog()
        let source = SourceText(name: "duty.mustache", text: text)
        #expect(MessageTemplate(source, log: log) == nil)
        let found = try #require(log.inOrder.first)
        #expect(log.inOrder.contains { $0.message.contains(words) }, "\(log.inOrder.map(\.message))")
        #expect(source.lineAndColumn(at: found.range.lowerBound).line == line && found.source.name == "duty.mustache")
    }

    @Test("every member that is named in the documents can be written")
    func documented() throws {
        let all = MessageMembers.names.filter { !["labels", "evidence"].contains($0) }
        _ = try template(all.map { "{{\($0)}}" }.joined(separator: "\n"))
        var told = try told()
        told.report.headroom = [
            Headroom(subject: "a", title: Words("a"), value: nil, more: 1, then: .warning)
        ]
        let members = MessageWriting().members(told, id: id)
        // Of an alert that goes on, nothing is said of why it ended.
        #expect(Set(members.keys) == Set(MessageMembers.names).subtracting(["because", "cause", "parts"]))
    }

    @Test("the alert of a preview may happen: its refunds count on the day judged, and it ends as enough of them leave")
    func possible() throws {
        let text = Preview.text(for: "r", in: ReceiverWriting(.slack), at: start)
        #expect(
            text.contains("\nok again on 2026-03-17 ")
                && text.contains("refund-2 of order order-2, leaves on 2026-03-17"))
        // Nothing is worse than a breach.
        #expect(!text.contains("and it is in breach"), "\(text)")
        let body = Preview.text(for: "r", in: ReceiverWriting(.webhook), at: start)
        let days = body.matches(of: /"at":"(2026-[0-9-]+)T/).map { String($0.1) }.dropFirst()
        #expect(days.count == 4 && days.allSatisfy { $0 <= "2026-03-01" && $0 >= "2026-01-31" }, "\(days)")
    }

    @Test("a preview is what would be sent, of an alert that nobody has", arguments: ReceiverKind.allCases)
    func preview(_ kind: ReceiverKind) throws {
        let text = Preview.text(for: "r", in: ReceiverWriting(kind), at: start)
        #expect(text.contains("Dispute refunds in 30 days") && text.contains("refund-1"), "\(text)")
        guard kind.isForPeople else { return }
        let own = MessageWriting(language: .zh, template: try template("{{store}}：{{limit}}"))
        let written = Preview.text(for: "r", in: ReceiverWriting(kind, own), at: start)
        #expect(written.contains("示例店铺 Sample：纠纷订单 < 3") && !written.contains("Dispute refunds"))
    }
}
