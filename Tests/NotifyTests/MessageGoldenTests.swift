import Alerts
import Facts
import Foundation
import Language
import Rules
import Testing

@testable import Notify

/// What receivers get, whole, a file for each kind and language: read them with the eyes of whoever is woken by one.
///
/// With GOLDEN=write in the environment the files are written anew, to be read before they are kept.
@Suite("Messages as each kind of receiver gets them")
struct MessageGoldenTests {
    struct Form: Sendable, CustomTestStringConvertible {
        var kind: ReceiverKind
        var language = MessageLanguage.en
        var format = WebhookFormat.goodstanding

        var testDescription: String {
            kind.isForPeople
                ? "\(kind.rawValue).\(language.rawValue)"
                : format == .goodstanding ? kind.rawValue : "\(kind.rawValue).\(format.rawValue)"
        }
    }

    private static let forms =
        [Form(kind: .webhook, format: .alertmanager)]
        + ReceiverKind.allCases.flatMap { kind in
            (kind.isForPeople ? MessageLanguage.allCases : [.en]).map { Form(kind: kind, language: $0) }
        }

    @Test("they are as they were read last", arguments: forms)
    func golden(_ form: Form) throws {
        let writing = ReceiverWriting(form.kind, MessageWriting(language: form.language), format: form.format)
        var text = ""
        for (name, alerts) in try Self.scenes {
            text += "==== \(name)\n" + Self.readable(try Self.sent(alerts, writing), form.kind) + "\n"
        }
        try Self.expect(text, "\(form.testDescription).txt")
    }

    /// Whatever a person may be told, in plain text: every kind of receiver shows the same words.
    @Test("all that people are told, as it was read last", arguments: [MessageLanguage.en, .zh])
    func words(_ language: MessageLanguage) throws {
        let writing = MessageWriting(language: language, zone: nil)
        var text = ""
        for (name, message) in try Self.messages(writing) {
            text += "==== \(name)\n" + message.plain(most: 20_000).replacing("\u{200B}", with: "") + "\n"
        }
        try Self.expect(text, "words.\(language.rawValue).txt")
    }

    private static func sent(_ alerts: [NoticeContent.Told], _ writing: ReceiverWriting) throws -> [[UInt8]] {
        let id = "ntc_952d43e911ea4974dd17d90bb8149d32"
        func bytes(_ some: [NoticeContent.Told]) -> [UInt8] {
            writing.bytes(of: NoticeContent(id: id, receiver: "ops", madeAt: start, alerts: some))
        }
        return writing.kind.bundles ? [bytes(alerts)] : alerts.map { bytes([$0]) }
    }

    /// As a person can read it: a mail decoded, the lines of a text as lines.
    private static func readable(_ bodies: [[UInt8]], _ kind: ReceiverKind) -> String {
        var shown: [String] = []
        for body in bodies {
            let text = String(decoding: body, as: UTF8.self)
            if kind == .email {
                shown += decoded(text)
            } else {
                shown.append(text.replacing("\\n", with: "\n    "))
            }
        }
        return shown.joined(separator: "\n")
    }

    /// The texts of a mail. The subject is encoded as well, and stands in the first line of each.
    private static func decoded(_ mail: String) -> [String] {
        var texts: [String] = []
        for part in mail.components(separatedBy: "\r\n\r\n").dropFirst() {
            let encoded = part.components(separatedBy: "\r\n--")[0].replacing("\r\n", with: "")
            guard let bytes = Data(base64Encoded: encoded) else { continue }
            texts.append(String(decoding: bytes, as: UTF8.self))
        }
        return texts
    }

    private static func expect(_ found: String, _ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/" + name)
        if ProcessInfo.processInfo.environment["GOLDEN"] == "write" {
            try found.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        let (new, old) = (found.split(separator: "\n"), expected.split(separator: "\n"))
        guard new != old else { return }
        let changes = new.difference(from: old).map { change -> String in
            switch change {
            case .remove(let line, let text, _): "- \(line + 1): \(text)"
            case .insert(let line, let text, _): "+ \(line + 1): \(text)"
            }
        }
        Issue.record(
            "Golden/\(name) has the lines with -, those with + were written:\n\(changes.joined(separator: "\n"))")
    }

    // MARK: Scenes

    private static var scenes: [(name: String, alerts: [NoticeContent.Told])] {
        get throws {
            var over = try scene(.resolved, .ok, .rolledOff)
            over.report.announced = .breach
            return [
                ("firing", [try scene(.firing, .warning, .limit)]),
                ("raised", [try scene(.raised, .breach, .worsened)]),
                ("resolved", [over]), ("health", [health(.auth)]), ("what ends soon", [expiry()]),
                (
                    "what a first look found",
                    [
                        try scene(.firing, .breach, .limit), try scene(.firing, .warning, .limit, store: "二号店"),
                        health(.stale),
                    ]
                ),
            ]
        }
    }

    /// As it may be: a warning has something left until it is a breach, a breach has not.
    static func scene(
        _ kind: AlertEvent.Kind, _ standing: Standing, _ reason: AlertReason, store: String = "拼多多旗舰店"
    ) throws -> NoticeContent.Told {
        var told = try told(kind, standing, reason, store: store)
        told.report.calendar = StoreCalendar(timezone: "Asia/Shanghai")
        func figures(_ orders: Int64, _ rate: Int64, _ limit: String) throws {
            told.report.values[0].estimate = .exact(.number(Fraction(orders)))
            told.report.values[1].estimate = .exact(.number(try #require(Fraction(Int128(rate), over: 1000))))
            told.report.limit = limit
        }
        if standing == .warning {
            try figures(2, 9, "dispute_orders < 2 or dispute_rate < 0.8%")
            told.report.evidence = Array(told.report.evidence.prefix(2))
            told.report.evidenceTotal = 2
            told.report.headroom = [
                Headroom(
                    subject: "dispute_orders", title: Words(en: "disputed orders", zh: "纠纷订单"), value: nil, more: 1,
                    then: .breach)
            ]
        }
        if kind == .resolved {
            (told.report.evidence, told.report.evidenceTotal, told.report.outlook) = ([], 0, nil)
            try figures(1, 4, "dispute_orders < 3 or dispute_rate < 1%")
        }
        guard store != "拼多多旗舰店" else { return told }
        told.event = AlertEvent(
            key: AlertKey(store: "pdd-2", rule: key.rule), episode: "ep_2", number: 1, kind: kind, reason: reason,
            standing: standing, since: start, at: start, judgedTo: told.event.judgedTo)
        told.report.link = "https://standing.example/stores/pdd-2/rules/dispute-refunds"
        return told
    }

    static func health(_ cause: HealthCause) -> NoticeContent.Told {
        let platform = Words(en: "the platform", zh: "平台")
        var health = HealthReport(
            source: "platform", bringer: platform, cause: cause,
            remedy: Words(en: "the store's owner consents anew", zh: "由店主重新授权"))
        (health.lastSuccess, health.failures, health.failure) = (start - .hours(3), 2, "the server answered 401")
        (health.unjudged, health.rules) = (["dispute-refunds", "dsr"], 9)
        return data(health, cause.standing, .major, store: "pdd-flagship", name: "拼多多旗舰店")
    }

    static func expiry() -> NoticeContent.Told {
        let expiry = Expiry(
            name: "client_secret", stores: ["pdd-2", "pdd-flagship"], account: "app", ends: start + .days(13))
        let health = HealthReport(of: expiry)
        return data(health, .warning, .major, store: "", name: "pinduoduo")
    }

    private static func data(
        _ health: HealthReport, _ standing: Standing, _ severity: Severity, store: String, name: String
    ) -> NoticeContent.Told {
        var report = AlertReport(
            subject: AlertSubject(
                storeName: name, platform: "pinduoduo", labels: [:], title: health.title, severity: severity))
        (report.health, report.values) = (health, health.values(at: start))
        (report.consequence, report.remedy) = (health.consequence, health.remedy)
        report.link = "https://standing.example/" + (store.isEmpty ? "" : "stores/\(store)")
        let key = AlertKey(store: store, rule: health.rule)
        return NoticeContent.Told(
            AlertEvent(
                key: key, episode: ContentID.episode(key, since: start), number: 1, kind: .firing, reason: .limit,
                standing: standing, since: start - .hours(1), at: start, judgedTo: nil), report)
    }
}
