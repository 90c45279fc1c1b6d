import Alerts
import Curl
import Facts
import Foundation
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Notify

private let id = "ntc_952d43e911ea4974dd17d90bb8149d32"

private func content(_ alerts: [NoticeContent.Told]) -> NoticeContent {
    NoticeContent(id: id, receiver: "am", madeAt: start, alerts: alerts)
}

private func kept(_ alerts: NoticeContent.Told...) -> [UInt8] {
    ReceiverWriting(.alertmanager).bytes(of: content(alerts))
}

/// As it is posted six hours before the end.
private func posted(_ kept: [UInt8], isBlind: Bool = false) throws -> [[String: Any]] {
    let sent =
        Array("[".utf8) + AlertmanagerBody.sent(kept, until: start + .hours(6), isBlind: isBlind) + Array("]".utf8)
    return try #require(try JSONSerialization.jsonObject(with: Data(sent)) as? [[String: Any]])
}

private func labels(_ alert: [String: Any]) -> [String: String] { alert["labels"] as? [String: String] ?? [:] }

@Suite("Alertmanager")
struct AlertmanagerTests {
    private static let end = "2026-03-02T16:00:00Z"

    @Test("what goes on is labelled by what it is, and ends hours ahead; all else is said beside it")
    func firing() throws {
        let alerts = try posted(kept(try told()))
        try #require(alerts.count == 1)
        #expect(
            labels(alerts[0]) == [
                "alertname": "dispute-refunds", "store": "pdd-flagship", "platform": "pinduoduo",
                "severity": "critical",
                "team": "east", "area": "\"A\"",
            ])
        #expect(
            alerts[0]["startsAt"] as? String == "2026-03-02T10:00:00Z" && alerts[0]["endsAt"] as? String == Self.end)
        #expect(
            alerts[0]["generatorURL"] as? String == "https://standing.example/stores/pdd-flagship/rules/dispute-refunds"
        )
        let said = try #require(alerts[0]["annotations"] as? [String: String])
        #expect(said["source"] == "https://rules.example/1", "where the platform states it is no page about the alert")
        #expect(said["summary"] == "[breach] 拼多多旗舰店: Dispute refunds in 30 days")
        #expect(said["value_dispute_rate"] == "1.3%" && said["limit"] == "dispute_orders < 3 or dispute_rate < 1%")
        #expect(said["recovery"] == "2026-03-29" && said["evidence_total"] == "7" && said["data_state"] == nil)
        let blind = try posted(kept(try told()), isBlind: true)
        #expect((blind[0]["annotations"] as? [String: String])?["data_state"] == "unknown")
        #expect(labels(blind[0]) == labels(alerts[0]))
    }

    @Test("another level is another alert: the one ends as the other begins, both in one notice")
    func levels() throws {
        let at = (start + .hours(2))
        func changed(_ kind: AlertEvent.Kind, _ standing: Standing) throws -> NoticeContent.Told {
            var told = try told(kind, standing, .limit)
            told.event = AlertEvent(
                key: key, episode: told.event.episode, number: 2, kind: kind, reason: .limit, standing: standing,
                since: start, at: at, judgedTo: nil)
            return told
        }
        let raised = try posted(kept(try changed(.raised, .breach)))
        #expect(raised.map { labels($0)["severity"] } == ["warning", "critical"])
        #expect(raised.map { $0["endsAt"] as? String } == ["\(at)", Self.end])
        #expect(raised.map { $0["startsAt"] as? String } == ["\(start)", "\(start)"])
        let lowered = try posted(kept(try changed(.lowered, .warning)))
        #expect(lowered.map { labels($0)["severity"] } == ["critical", "warning"])
        var over = try changed(.resolved, .ok)
        for (announced, severity) in [(Standing.warning, "warning"), (.breach, "critical")] {
            over.report.announced = announced
            let alerts = try posted(kept(over))
            #expect(alerts.map { labels($0)["severity"] } == [severity] && alerts[0]["endsAt"] as? String == "\(at)")
            #expect(!AlertmanagerBody.goesOn(kept(over)))
        }
    }

    @Test("labels have the names that it takes, and none takes the place of ours")
    func names() throws {
        var told = try told()
        told.report.subject.labels = ["store": "x", "severity": "none", "大区": "东", "1st-floor": "yes", "empty": ""]
        let found = labels(try posted(kept(told))[0])
        #expect(found["store"] == "pdd-flagship" && found["severity"] == "critical" && found["__"] == "东")
        #expect(found["_1st_floor"] == "yes" && found["empty"] == nil)
    }

    @Test("what went on under labels that are others now ends")
    func left() throws {
        var told = try told()
        let former = kept(told)
        #expect(AlertmanagerBody.left(of: former, after: former, endedAt: start) == nil)
        told.report.subject.labels = ["team": "west"]
        let left = try #require(AlertmanagerBody.left(of: former, after: kept(told), endedAt: start))
        let ended = try posted(left)
        #expect(ended.map { labels($0)["team"] } == ["east"] && ended[0]["endsAt"] as? String == "\(start)")
        // Nothing of it goes on that could be left again.
        #expect(AlertmanagerBody.left(of: left, after: kept(told), endedAt: start) == nil)
    }

    @Test("several alerts are one list")
    func several() throws {
        #expect(try posted(kept(try told(), try told(.raised, .breach, .worsened))).count == 3)
    }

    private func outcome(_ answers: [String: CannedTransport.Answer]) async throws -> (Outcome, [Request]) {
        let transport = CannedTransport { request, _ in
            answers[request.head.authority ?? ""] ?? .success(Reply(status: .ok))
        }
        let receiver = try Receiver(
            id: "am", kind: .alertmanager,
            address: .web(["http://a.example:9093", "http://b.example:9093/base/"].map { Secret($0) }), secret: nil)
        var generator = SeededGenerator(seed: 1)
        let notice = Notice(
            id: id, receiver: "am", key: key, episode: "ep_1", change: 1, madeAt: start, body: kept(try told()))
        let outcome = await Notifier(transport: transport, clock: ManualClock(start))
            .send(notice, to: receiver, attempt: 1, using: &generator)
        return (outcome, transport.requests)
    }

    @Test("every member is told; one that took it is enough, and what it will never take is said in its words")
    func members() async throws {
        let (all, requests) = try await outcome([:])
        #expect(all.isWhollyTaken)
        #expect(Set(requests.map(\.head.path)) == ["/api/v2/alerts", "/base/api/v2/alerts"])
        let dead = CannedTransport.Answer.failure(.couldNotConnect(host: "a.example:9093"))
        #expect(try await outcome(["a.example:9093": dead]).0.isWhollyTaken)
        let (none, _) = try await outcome([
            "a.example:9093": dead, "b.example:9093": .success(Reply(status: .init(code: 503))),
        ])
        guard case .retry(_, let failure) = none else {
            Issue.record("\(none)")
            return
        }
        #expect(failure.kind == .passing)
        let refusal = CannedTransport.Answer.success(
            Reply(status: .badRequest, body: Array("\"invalid label set: invalid name \\\"a b\\\"\"\n".utf8)))
        let (refused, _) = try await outcome(["a.example:9093": refusal, "b.example:9093": refusal])
        guard case .retry(_, let failure) = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(failure.kind == .needsMending && failure.description.contains("invalid label set"), "\(failure)")
    }
}

@Suite("Webhooks in Alertmanager's form")
struct AlertmanagerWebhookTests {
    private func body(_ alerts: NoticeContent.Told...) throws -> [String: Any] {
        let bytes = ReceiverWriting(.webhook, format: .alertmanager).bytes(of: content(alerts))
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test("it has the members of version 4, as bridges read them")
    func members() throws {
        let firing = try body(try told())
        #expect(
            Set(firing.keys) == [
                "version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels",
                "commonAnnotations", "externalURL", "alerts",
            ])
        #expect(firing["version"] as? String == "4" && firing["status"] as? String == "firing")
        #expect(firing["receiver"] as? String == "am" && firing["truncatedAlerts"] as? Int == 0)
        #expect(firing["groupKey"] as? String == #"{}:{alertname="dispute-refunds", store="pdd-flagship"}"#)
        #expect(
            firing["groupLabels"] as? [String: String] == ["alertname": "dispute-refunds", "store": "pdd-flagship"])
        let alert = try #require((firing["alerts"] as? [[String: Any]])?.first)
        #expect(
            Set(alert.keys) == [
                "status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint",
            ])
        #expect(alert["endsAt"] as? String == "0001-01-01T00:00:00Z" && alert["status"] as? String == "firing")
        #expect((alert["fingerprint"] as? String)?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        let over = try body(try told(.resolved, .ok, .cleared))
        let ended = try #require((over["alerts"] as? [[String: Any]])?.first)
        #expect(over["status"] as? String == "resolved" && ended["endsAt"] as? String == "2026-03-02T10:00:00Z")
        #expect(ended["fingerprint"] as? String == alert["fingerprint"] as? String)
    }

    @Test("of several alerts, what all have alike is common")
    func several() throws {
        let pair = try body(try told(.raised, .breach, .worsened))
        #expect((pair["alerts"] as? [[String: Any]])?.map { $0["status"] as? String } == ["resolved", "firing"])
        let common = try #require(pair["commonLabels"] as? [String: String])
        #expect(common["alertname"] == "dispute-refunds" && common["severity"] == nil)
        #expect((pair["commonAnnotations"] as? [String: String])?["store_name"] == "拼多多旗舰店")
    }

    @Test("what ends is what its receiver knows, whatever a hold has kept from it meanwhile")
    func held() throws {
        let writing = ReceiverWriting(.webhook, format: .alertmanager)
        func alerts(_ told: NoticeContent.Told, known: Standing?) throws -> [String] {
            let part = ReceiverWriting.Part(writing.part(told, id: id), told: known)
            let bytes = writing.body(of: [part], id: id, receiver: "am", madeAt: start)
            let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            return try #require(object?["alerts"] as? [[String: Any]]).map {
                "\($0["status"] ?? "") \(($0["labels"] as? [String: String])?["severity"] ?? "")"
            }
        }
        // It was lowered while a silence held that, and the end says what was announced.
        var over = try told(.resolved, .ok, .cleared)
        over.report.announced = .warning
        #expect(try alerts(over, known: .breach) == ["resolved critical"])
        #expect(try alerts(over, known: .warning) == ["resolved warning"])
        // Lowered and raised again, of which the last alone is told.
        let raised = try told(.raised, .breach, .worsened)
        #expect(try alerts(raised, known: .breach) == ["firing critical"])
        #expect(try alerts(raised, known: .warning) == ["resolved warning", "firing critical"])
        #expect(try alerts(raised, known: nil) == ["firing critical"], "it never heard of a warning")
        let lowered = try told(.lowered, .warning, .eased)
        #expect(try alerts(lowered, known: .breach) == ["resolved critical", "firing warning"])
        #expect(try alerts(lowered, known: .warning) == ["firing warning"])
        var graver = try told(.raised, .breach, .worsened)
        (graver.report.announced, graver.report.announcedSeverity) = (.breach, .major)
        #expect(try alerts(graver, known: .breach) == ["resolved major", "firing critical"])
    }

    @Test("a test is in the same form")
    func others() throws {
        let writing = ReceiverWriting(.webhook, format: .alertmanager)
        for notice in TestNotice(to: "am").notices(at: start, in: writing) {
            let body = try #require(try JSONSerialization.jsonObject(with: Data(notice.body)) as? [String: Any])
            #expect(body["version"] as? String == "4")
            #expect((body["commonLabels"] as? [String: String])?["alertname"] == "goodstanding_test")
        }
    }
}
