import Alerts
package import Facts
import Language
import Rules

/// What a receiver would be sent, of an alert that nobody has.
package enum Preview {
    /// Where people read, what they would; else what is sent.
    package static func text(for receiver: String, in writing: ReceiverWriting, at now: Timestamp) -> String {
        let id = ContentID.notice(receiver: receiver, episode: "preview", change: 1)
        let told = told(at: now)
        guard writing.kind.isForPeople else {
            let bytes = writing.body(of: [.init(writing.part(told, id: id))], id: id, receiver: receiver, madeAt: now)
            return String(
                decoding: writing.kind.hasMembers
                    ? Array("[".utf8) + AlertmanagerBody.sent(bytes, until: now + Receiver.standardHold)
                        + Array("]".utf8)
                    : bytes, as: UTF8.self)
        }
        let message = writing.message.message(told, id: id)
        let subject = writing.kind == .email ? ["Subject: " + MailBody.subject([message]), ""] : []
        return (subject + [message.headline] + message.lines + [message.link].compactMap { $0 }).joined(separator: "\n")
    }

    private static func told(at now: Timestamp) -> NoticeContent.Told {
        let key = AlertKey(store: "sample-store", rule: "dispute-refunds")
        let subject = AlertSubject(
            storeName: "示例店铺 Sample", platform: "sample", labels: ["team": "east"],
            title: Words(en: "Dispute refunds in 30 days", zh: "近30天纠纷退款"), severity: .major)
        let today = LocalDay(year: 2026, month: 3, day: 1)
        var report = AlertReport(
            subject: subject,
            values: [
                NamedEstimate(
                    "dispute_orders", .exact(.number(Fraction(4))), title: Words(en: "disputed orders", zh: "纠纷订单"))
            ],
            limit: "dispute_orders < 3", basis: .observed,
            // A refund counts for the 30 days after its own: the second to leave takes the breach with it.
            evidence: zip(1...4, [10, 14, 20, 25]).map { number, day in
                EvidenceItem(
                    kind: .refund, id: "refund-\(number)", order: "order-\(number)",
                    at: StoreCalendar.utc.startOfDay(LocalDay(year: 2026, month: 2, day: day)) + .hours(9),
                    leaves: LocalDay(year: 2026, month: 2, day: day).advanced(by: 31))
            }, evidenceTotal: 4, consequence: Words(en: "No campaigns.", zh: "不能报名活动。"),
            remedy: Words(en: "Answer within 24 h.", zh: "24 小时内处理。"), source: "https://rules.example/disputes")
        report.outlook = Outlook(recovery: .on(LocalDay(year: 2026, month: 3, day: 17), .ok))
        report.calendar = StoreCalendar(timezone: "Asia/Shanghai")
        let event = AlertEvent(
            key: key, episode: ContentID.episode(key, since: now), number: 1, kind: .firing, reason: .limit,
            standing: .breach, since: now, at: now, judgedTo: today)
        return NoticeContent.Told(event, report)
    }
}
