import Alerts
import Curl
import Facts
import Foundation
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Notify

/// What a store's people are told, with all that may stand in it.
func told(
    _ kind: AlertEvent.Kind = .firing, _ standing: Standing = .breach, _ reason: AlertReason = .limit,
    store: String = "拼多多旗舰店"
) throws -> NoticeContent.Told {
    var subject = subject
    subject.storeName = store
    var report = AlertReport(
        subject: subject,
        values: [
            NamedEstimate(
                "dispute_orders", .exact(.number(Fraction(4))), title: Words(en: "disputed orders", zh: "纠纷订单")),
            NamedEstimate(
                "dispute_rate", .exact(.number(try #require(Fraction(13, over: 1000)))),
                title: Words(en: "dispute rate", zh: "纠纷退款率"), isPercent: true),
        ],
        limit: "dispute_orders < 3 or dispute_rate < 1%", basis: .observed,
        evidence: (1...6).map { place in
            EvidenceItem(
                kind: .refund, id: "r-10\(place)", order: place == 2 ? nil : "260301-00\(place)",
                at: start - .days(Int64(5 - place % 3)),
                leaves: LocalDay(year: 2026, month: 3, day: 28 + place % 3))
        }, evidenceTotal: 7, consequence: Words(en: "No campaigns.", zh: "不能报名活动"),
        remedy: Words(en: "Answer within 24 h.", zh: "24小时内处理"), source: "https://rules.example/1",
        link: "https://standing.example/stores/pdd-flagship/rules/dispute-refunds")
    report.outlook = Outlook(recovery: .on(LocalDay(year: 2026, month: 3, day: 29), .ok))
    let event = AlertEvent(
        key: key, episode: "ep_d16a4459ac397fd6c776a4efa93de1e6", number: 1, kind: kind, reason: reason,
        standing: standing, since: start, at: start, judgedTo: LocalDay(year: 2026, month: 3, day: 1))
    return NoticeContent.Told(event, report)
}

private let id = "ntc_952d43e911ea4974dd17d90bb8149d32"

private func body(
    _ kind: ReceiverKind, _ told: NoticeContent.Told, _ writing: MessageWriting = MessageWriting()
) -> [UInt8] {
    let form = ReceiverWriting(kind, writing)
    return form.body(of: [.init(form.part(told, id: id))], id: id, receiver: "ops", madeAt: start)
}

/// Decoded by Foundation: another reader than the writer's.
private func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
}

@Suite("Messages for people")
struct MessageTests {
    @Test("the most wanted comes first: store, rule, figure against limit, recovery, consequence, remedy, facts")
    func english() throws {
        let message = MessageWriting().message(try told(), id: id)
        #expect(
            message.text(most: 5000) == """
                [breach] 拼多多旗舰店: Dispute refunds in 30 days
                disputed orders 4, dispute rate 1.3%; has to be: disputed orders < 3 or dispute rate < 1% (observed)
                ok again on 2026-03-29 if no more of what harms comes and all else goes on as in the last 28 days
                if it stays: No campaigns.
                what helps: Answer within 24 h.
                judged to 2026-03-01
                goodstanding ntc_952d43e9
                facts behind it: 7, of which
                - refund r-101 of order 260301-001, leaves on 2026-03-29
                - refund r-102, leaves on 2026-03-30
                - refund r-103 of order 260301-003, leaves on 2026-03-28
                - refund r-104 of order 260301-004, leaves on 2026-03-29
                - refund r-105 of order 260301-005, leaves on 2026-03-30
                """)
        #expect(message.link == "https://standing.example/stores/pdd-flagship/rules/dispute-refunds")
    }

    @Test("in Chinese, and masked")
    func chinese() throws {
        let message = MessageWriting(language: .zh, evidence: .masked).message(try told(), id: id)
        #expect(
            message.text(most: 5000) == """
                【不达标】拼多多旗舰店：近30天纠纷退款
                纠纷订单 4，纠纷退款率 1.3%；要求：纠纷订单 < 3 或 纠纷退款率 < 1%（经验值）
                若不再新增不利数据且其余按近28天均值延续，将于 2026-03-29 恢复为正常
                后果：不能报名活动
                处理：24小时内处理
                考核截至 2026-03-01
                goodstanding ntc_952d43e9
                相关记录：7 条，其中
                - 售后单 …-101（订单 …-001），2026-03-29 起不再计入
                - 售后单 …-102，2026-03-30 起不再计入
                - 售后单 …-103（订单 …-003），2026-03-28 起不再计入
                - 售后单 …-104（订单 …-004），2026-03-29 起不再计入
                - 售后单 …-105（订单 …-005），2026-03-30 起不再计入
                """)
    }

    @Test("a resolve says why, and claims no health where there is none")
    func resolves() throws {
        func text(_ standing: Standing, _ reason: AlertReason) throws -> String {
            MessageWriting(evidence: .counts).message(try told(.resolved, standing, reason), id: id).text(most: 5000)
        }
        let old = try text(.ok, .rolledOff)
        #expect(
            old.hasPrefix("[ok again] ")
                && old.contains("by age alone: old facts left the window, nothing became better"))
        #expect(!old.contains("what helps") && !old.contains("facts behind it"))
        let gone = try text(.unjudged, .notApplicable)
        #expect(gone.hasPrefix("[no longer judged] ") && gone.contains("no sign of health"))
    }

    @Test(
        "in one message of several what is over stands as it is, and that it had fired where nothing told of it before")
    func together() throws {
        func text(_ language: MessageLanguage, _ events: [NoticeContent.Told]) -> String {
            let writing = MessageWriting(language: language)
            return writing.together(events.map { writing.message($0, id: id) }, id: id).text(most: 5000)
        }
        let (firing, over) = (try told(), try told(.resolved, .ok, .cleared))
        #expect(
            text(.en, [firing, over]).hasPrefix(
                """
                [1 ok again at 1 store]
                [ok again] 拼多多旗舰店: Dispute refunds in 30 days
                  had fired: breach

                """))
        #expect(text(.zh, [firing, over]).contains("\n  曾触发：不达标\n"))
        #expect(!text(.en, [over]).contains("had fired"), "told before, in another message")
        #expect(!text(.en, [over, firing]).contains("had fired"), "it goes on")
    }

    @Test("an end says what did it, and not that it was age where new facts did it, alone or as well")
    func turned() throws {
        func text(_ turning: Turning?) throws -> String {
            var told = try told(.resolved, .ok, .cleared)
            told.event.turning = turning
            return MessageWriting().message(told, id: id).text(most: 5000)
        }
        #expect(try text(.news).contains("\nby what has come since, not by age\n"))
        #expect(try text(.both).contains("\nold facts left the window and new ones came into it\n"))
        #expect(try !text(nil).contains("age") && !text(nil).contains("window"))
    }

    @Test("several alerts each keep their link, and together weigh as the gravest of those that stand worst")
    func linksAndWeight() throws {
        let writing = MessageWriting()
        func one(_ store: String, _ standing: Standing, _ severity: Severity) throws -> Message {
            var told = try told(.firing, standing, store: store)
            told.event = AlertEvent(
                key: AlertKey(store: store, rule: "r"), episode: "ep \(store)", number: 1, kind: .firing,
                reason: .limit,
                standing: standing, since: start, at: start, judgedTo: nil)
            (told.report.subject.severity, told.report.link) = (severity, "https://s.example/\(store)")
            return writing.message(told, id: id)
        }
        let message = writing.together(
            [
                try one("a", .breach, .minor), try one("b", .breach, .major), try one("c", .warning, .critical),
            ], id: id)
        #expect(message.severity == .major && message.standing == .breach)
        #expect(message.link == nil)
        for store in ["a", "b", "c"] { #expect(message.lines.contains("  https://s.example/\(store)")) }
    }

    @Test("moments are shown by the store's clock, or by the receiver's where it has a zone")
    func zones() throws {
        var told = try told()
        told.report.blindSince = start - .hours(3)
        told.report.calendar = StoreCalendar(timezone: "Asia/Shanghai")
        let (local, mine) = (
            MessageWriting(), MessageWriting(zone: StoreCalendar(timezone: "America/New_York"))
        )
        #expect(local.message(told, id: id).lines.contains { $0.contains("since 2026-03-02 15:00 +08:00:") })
        #expect(mine.message(told, id: id).lines.contains { $0.contains("since 2026-03-02 02:00 -05:00:") })
        told.report.calendar = nil
        #expect(local.message(told, id: id).lines.contains { $0.contains("since 2026-03-02 07:00 UTC:") })
    }

    @Test("the parts that stand outside are named, three of them, and the others counted")
    func parts() throws {
        var told = try told()
        told.report.parts = (1...5).map { AlertReport.Part("WH-\($0)", .breach) }
        #expect(
            MessageWriting().message(told, id: id).headline
                == "[breach] 拼多多旗舰店: Dispute refunds in 30 days (WH-1, WH-2, WH-3, +2)")
        let json = try object(body(.webhook, told))
        let alerts = (json["data"] as? [String: Any])?["alerts"] as? [[String: Any]]
        let parts = try #require(alerts?.first?["parts"] as? [[String: String]])
        #expect(parts.count == 5 && parts[0] == ["value": "WH-1", "standing": "breach"])
    }

    @Test("who answers for a breach is said as long as it counts as a warning")
    func acceptedWords() throws {
        var told = try told(.lowered, .warning, .accepted)
        told.report.accepted = Acceptance(
            by: "mei", why: "new warehouse", until: LocalDay(year: 2026, month: 4, day: 1))
        #expect(
            MessageWriting().message(told, id: id).lines.contains(
                "a breach counts as a warning until 2026-04-01, for which mei answers: new warehouse"))
        #expect(
            MessageWriting(language: .zh).message(told, id: id).lines.contains(
                "mei 已接受，至 2026-04-01 前不达标计为预警：new warehouse"))
    }

    @Test("an end among several says why too, also once it was kept, and is no recovery where there is none")
    func endsTogether() throws {
        let writing = MessageWriting(language: .en)
        for (reason, words) in [
            (AlertReason.limitChanged, "the limit is another than before"), (.rolledOff, "by age alone"),
            (.corrected, "facts of days already judged were changed"),
        ] {
            let over = writing.message(try told(.resolved, .ok, reason), id: id)
            let kept = try #require(Message(json: over.json))
            #expect(kept == over)
            let text = writing.together([kept], id: id).text(most: 5000)
            #expect(text.contains(words), "\(text)")
        }
    }

    @Test("whatever is cut is cut between characters, counted, and within the size", arguments: 200...700)
    func cut(_ most: Int) throws {
        let store = String(repeating: "店👨‍👩‍👧‍👦é", count: most % 90)
        let message = MessageWriting(language: .both).message(try told(store: store), id: id)
        let whole = message.text(most: .max)
        let text = message.text(most: most, form: \.withoutMentions)
        #expect(text.utf8.count <= most)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard text != whole, let last = lines.last else { return }
        let left = try #require(Int(last.trimmingPrefix("… +")))
        let all = whole.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count - 1 + left == all.count)
        for (line, full) in zip(lines.dropLast(), all) {
            // A line that was cut ends with the sign for it, behind a whole character.
            #expect(line == full || line.last == "…" && full.hasPrefix(line.dropLast()))
        }
    }
}

@Suite("Chat services")
struct ChatTests {
    @Test("of a message that is cut the facts go first; what people and robots know it by stays")
    func cutFacts() throws {
        let message = MessageWriting(language: .both).message(try told(), id: id)
        let text = message.text(most: 1000)
        #expect(text.contains("goodstanding ntc_952d43e9") && text.contains("\n… +"), "\(text)")
    }

    @Test("a list that is cut says where all of it stands, and keeps the line by which robots and people know it")
    func cutList() throws {
        let figures = (1...12).map { number in
            DueBody.Figure(
                store: "s\(number)", storeName: "Store \(number)", name: "shop.score", title: Words("Score"),
                place: nil,
                rules: ["score"])
        }
        let due = DueBody(
            receiver: "ops", day: LocalDay(year: 2026, month: 3, day: 2), timezone: "UTC", figures: figures)
        let message = MessageWriting().message(due)
        let text = message.text(most: 400)
        #expect(text.utf8.count <= 400)
        #expect(text.contains("\n… +") && text.contains("; goodstanding measure due\ngoodstanding ntc_"), "\(text)")
        #expect(message.text(most: 5000).contains("Store 12: Score"))
    }

    /// A second attempt at a message, after the first was answered so; and what was sent each time.
    private func twice(
        _ kind: ReceiverKind, _ message: [UInt8], first: Reply
    ) async throws -> (outcomes: [Outcome], bodies: [[String: Any]]) {
        let taken: [ReceiverKind: String] = [
            .dingtalk: #"{"errcode":0}"#, .wecom: #"{"errcode":0}"#, .feishu: #"{"code":0}"#, .slack: "ok",
            .telegram: #"{"ok":true}"#, .teams: "1", .pagerduty: #"{"status":"success"}"#, .ntfy: #"{"id":"a"}"#,
        ]
        let transport = CannedTransport([
            .success(first), .success(Reply(status: .ok, body: Array((taken[kind] ?? "").utf8))),
        ])
        var generator = SeededGenerator(seed: 1)
        let receiver = try receiver(kind, secret: kind == .pagerduty ? "k" : nil)
        let notifier = Notifier(transport: transport, clock: ManualClock(start))
        let sent = Notice(
            id: id, receiver: "ops", key: AlertKey(store: "s", rule: "r"), episode: "ep", change: 1, madeAt: start,
            body: message)
        var outcomes: [Outcome] = []
        for attempt in 1...2 {
            outcomes.append(await notifier.send(sent, to: receiver, attempt: attempt, using: &generator))
        }
        return (outcomes, try transport.requests.map { try object($0.body ?? []) })
    }

    @Test(
        "what is too long for a service is sent once more, shorter, with the line by which it is known",
        arguments: chats)
    func tooLong(_ kind: ReceiverKind) async throws {
        var message = MessageWriting().message(try told(), id: id)
        message.lines = (1...60).map { "line \($0) of a message that is long" } + ["goodstanding \(id.prefix(12))"]
        let chat = try #require(kind.chat)
        let first =
            kind == .dingtalk
            ? Reply(status: .ok, body: Array(#"{"errcode":460101,"errmsg":"message too long"}"#.utf8))
            : Reply(status: .init(code: 413))
        let (outcomes, bodies) = try await twice(kind, chat.body(of: message), first: first)
        guard case .retry(_, let failure) = outcomes[0] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(failure.kind == .passing && failure.description.contains("a shorter one is sent"), "\(failure)")
        #expect(outcomes[1].isWhollyTaken)
        let sizes = try bodies.map { try JSONSerialization.data(withJSONObject: $0).count }
        #expect(sizes[1] < sizes[0] && sizes[1] < 1800, "\(sizes)")
        let text = String(decoding: try JSONSerialization.data(withJSONObject: bodies[1]), as: UTF8.self)
        #expect(text.contains("line 5 of") && text.contains("goodstanding ntc_952d43e9"), "\(text)")
    }

    @Test("what even shorter is too long, or comes too fast, is tried again later, and somebody is told what to mend")
    func tooLongForGood() async throws {
        let body = try #require(ReceiverKind.dingtalk.chat).body(of: MessageWriting().message(try told(), id: id))
        let too = Reply(status: .ok, body: Array(#"{"errcode":460101}"#.utf8))
        let transport = CannedTransport([.success(too), .success(too)])
        var generator = SeededGenerator(seed: 1)
        let receiver = try receiver(.dingtalk, secret: nil)
        let notifier = Notifier(transport: transport, clock: ManualClock(start))
        _ = await notifier.send(
            notice(String(decoding: body, as: UTF8.self)), to: receiver, attempt: 1, using: &generator)
        let second = await notifier.send(
            notice(String(decoding: body, as: UTF8.self)), to: receiver, attempt: 2, using: &generator)
        guard case .retry(let wait, let failure) = second else {
            Issue.record("\(second)")
            return
        }
        #expect(failure.kind == .passing && wait == .minutes(1) && failure.rest == .minutes(1), "\(failure)")
    }

    @Test("a message that is sent late says how late, under its id; one that is not says nothing", arguments: chats)
    func late(_ kind: ReceiverKind) async throws {
        let body = try #require(kind.chat).body(of: MessageWriting().message(try told(), id: id))
        func sent(_ delay: TimeSpan, _ language: MessageLanguage = .en) async throws -> String {
            let transport = CannedTransport([.success(Reply(status: .internalServerError))])
            var generator = SeededGenerator(seed: 1)
            var receiver = try receiver(kind, secret: kind == .pagerduty ? "k" : nil)
            receiver.language = language
            _ = await Notifier(transport: transport, clock: ManualClock(start + delay)).send(
                Notice(
                    id: id, receiver: "ops", key: AlertKey(store: "s", rule: "r"), episode: "ep", change: 1,
                    madeAt: start, body: body), to: receiver, attempt: 3, using: &generator)
            return String(decoding: try #require(transport.requests.first).body ?? [], as: UTF8.self)
        }
        #expect(!(try await sent(.minutes(14))).contains(" late)"))
        #expect(try await sent(.minutes(20)).contains("(sent 20 min late)"))
        #expect(try await sent(.hours(3)).contains("(sent 3 h late)"))
        let chinese = try await sent(.hours(50), .zh)
        #expect(chinese.contains("（延迟 2 天送达）") && chinese.contains("goodstanding ntc_952d43e9"), "\(chinese)")
    }

    @Test("a test of an incident service begins an incident that wakes nobody, and ends it")
    func incident() throws {
        let notices = TestNotice(to: "ops").notices(at: start, in: ReceiverWriting(.pagerduty))
        let events = try notices.map { try object($0.body) }
        #expect(events.map { $0["event_action"] as? String } == ["trigger", "resolve"])
        #expect(events[0]["dedup_key"] as? String == events[1]["dedup_key"] as? String)
        #expect(events.allSatisfy { ($0["payload"] as? [String: Any])?["severity"] as? String == "info" })
        #expect(Set(notices.map(\.id)).count == 2)
        for kind in ReceiverKind.allCases where kind != .pagerduty {
            #expect(TestNotice(to: "ops").notices(at: start, in: ReceiverWriting(kind)).count == 1)
        }
    }

    static let chats = ReceiverKind.allCases.filter { $0.chat != nil }

    private func receiver(_ kind: ReceiverKind, secret: String?, url: String = "https://chat.example/hook?key=hidden")
        throws -> Receiver
    {
        try Receiver(
            id: "ops", kind: kind, url: Secret(url), secret: secret.map { Secret($0) },
            chat: kind.needsChat ? "-100200" : nil)
    }

    @Test("DingTalk's signature is the documents' own")
    func dingTalk() throws {
        let secret = Secret("SECgoodstandingtest")
        #expect(DingTalk.signature(1_700_000_060_000, secret) == "8O0GmggkTxI5TeZAqgwi+n11WuP0aqw2cs16KyjFtPU=")
        #expect(DingTalk.signature(1_700_000_000_000, secret) == "QjVIOigETVRb7YTiqo1wGyQlQxE3J7me1pPhXsU4DV0=")
        let call = DingTalk().call(
            try receiver(.dingtalk, secret: "SECgoodstandingtest"), [], at: Timestamp(seconds: 1_700_000_060))
        #expect(
            call.url
                == "https://chat.example/hook?key=hidden&timestamp=1700000060000&sign=8O0GmggkTxI5TeZAqgwi%2Bn11WuP0aqw2cs16KyjFtPU%3D"
        )
    }

    @Test("Feishu's signature stands in the body, and is made anew for each attempt")
    func feishu() throws {
        let secret = "goodstanding-test-secret"
        #expect(Feishu.signature(1_700_000_000, Secret(secret)) == "bK7GFhytg1M+Kru0Nlu/faXviD/T1EkU8vG/GKJhS0Q=")
        let kept = body(.feishu, try told())
        let call = Feishu().call(
            try receiver(.feishu, secret: secret), kept, at: Timestamp(seconds: 1_700_000_000))
        var sent = try object(call.body)
        #expect(sent.removeValue(forKey: "timestamp") as? String == "1700000000")
        #expect(sent.removeValue(forKey: "sign") as? String == "bK7GFhytg1M+Kru0Nlu/faXviD/T1EkU8vG/GKJhS0Q=")
        #expect(NSDictionary(dictionary: sent).isEqual(to: try object(kept)))
    }

    @Test("what is kept holds no secret and nobody's mention, and has the service's size", arguments: chats)
    func kept(_ kind: ReceiverKind) throws {
        let store = String(repeating: "@all <!channel> <at user_id=\"all\"></at> \u{202E}", count: 400)
        let bytes = body(kind, try told(store: store), MessageWriting(language: .both))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("hidden") && !text.contains("SEC"))
        let most: [ReceiverKind: Int] = [
            .dingtalk: 20_000, .feishu: 20_480, .slack: 40_000, .teams: 20_480, .pagerduty: 512 << 10,
        ]
        if let most = most[kind] { #expect(bytes.count <= most, "\(bytes.count)") }
        let sent = try object(bytes)
        switch kind {
        case .dingtalk, .wecom:
            let content = try #require((sent["text"] as? [String: Any])?["content"] as? String)
            #expect(!content.contains("@all") && content.utf8.count <= (kind == .wecom ? 2048 : 20_000))
        case .telegram:
            let content = try #require(sent["text"] as? String)
            #expect(!content.contains("@all") && content.utf16.count <= 4096)
            #expect(sent["parse_mode"] == nil)
        case .ntfy:
            let content = try #require(sent["message"] as? String)
            #expect(content.utf8.count <= 4096)
        case .slack:
            #expect(!((sent["text"] as? String ?? "<").contains("<")))
            let blocks = try #require(sent["blocks"] as? [[String: Any]])
            let texts = try blocks.map { try #require($0["text"] as? [String: Any]) }
            #expect(texts.allSatisfy { $0["type"] as? String == "plain_text" })
            let lengths = texts.map { ($0["text"] as? String ?? "").count }
            #expect(lengths[0] <= 150 && lengths[1] <= 3000)
        default: break
        }
    }

    @Test("an incident ends under the key under which it began, and urgency follows the standing")
    func pagerDuty() throws {
        let fired = try object(body(.pagerduty, try told()))
        let over = try object(body(.pagerduty, try told(.resolved, .ok, .cleared)))
        let warned = try object(body(.pagerduty, try told(.lowered, .warning, .eased)))
        #expect(fired["event_action"] as? String == "trigger" && over["event_action"] as? String == "resolve")
        #expect(fired["dedup_key"] as? String == "ep_d16a4459ac397fd6c776a4efa93de1e6")
        #expect(over["dedup_key"] as? String == fired["dedup_key"] as? String)
        let severities = [fired, over, warned].map { ($0["payload"] as? [String: Any])?["severity"] as? String }
        #expect(severities == ["critical", "info", "warning"])
        let key = String(repeating: "k", count: 32)
        let call = PagerDuty().call(
            try receiver(.pagerduty, secret: key), body(.pagerduty, try told()), at: start)
        #expect(try object(call.body)["routing_key"] as? String == key)
    }

    @Test("ntfy is asked at its root, with the topic and the token")
    func ntfy() throws {
        let call = Ntfy().call(
            try receiver(.ntfy, secret: "tk_1", url: "https://push.example/sub/alerts"), body(.ntfy, try told()),
            at: start)
        #expect(call.url == "https://push.example/sub/" && call.headers[.authorization] == "Bearer tk_1")
        let sent = try object(call.body)
        #expect(sent["topic"] as? String == "alerts" && sent["priority"] as? Int == 5)
    }

    @Test("a bot's chat is named, whichever address was given")
    func telegram() throws {
        for address in ["https://t.example/bot1:a", "https://t.example/bot1:a/sendMessage"] {
            let call = Telegram().call(
                try receiver(.telegram, secret: nil, url: address), body(.telegram, try told()), at: start)
            #expect(call.url == "https://t.example/bot1:a/sendMessage")
            #expect(try object(call.body)["chat_id"] as? String == "-100200")
        }
    }

    @Test("an entry that cannot work is refused with what it lacks")
    func entries() throws {
        func fault(_ kind: ReceiverKind, secret: String?, chat: String? = nil) -> Receiver.Fault? {
            do throws(Receiver.Fault) {
                _ = try Receiver(
                    id: "ops", kind: kind, url: Secret("https://chat.example/x"), secret: secret.map { Secret($0) },
                    chat: chat)
                return nil
            } catch { return error }
        }
        #expect(fault(.pagerduty, secret: nil) == .lacksSecret(receiver: "ops", .pagerduty))
        #expect(fault(.wecom, secret: "s") == .needlessSecret(receiver: "ops", .wecom))
        #expect(fault(.telegram, secret: nil) == .lacksChat(receiver: "ops"))
        #expect(fault(.webhook, secret: "plain") == .unusableSecret(receiver: "ops"))
        #expect(fault(.dingtalk, secret: nil) == nil && fault(.telegram, secret: nil, chat: "-1") == nil)
    }

    fileprivate enum Expected: Sendable, Hashable {
        case taken
        /// It may pass by itself, after so long at least.
        case passing(TimeSpan? = nil)
        case mending
    }

    /// By the documents of each service.
    fileprivate static let answers: [(ReceiverKind, Int, String, Expected)] = [
        (.dingtalk, 200, #"{"errcode":0,"errmsg":"ok"}"#, .taken),
        (.dingtalk, 200, #"{"errcode":310000,"errmsg":"sign not match"}"#, .mending),
        (.dingtalk, 200, #"{"errcode":130101,"errmsg":"send too fast"}"#, .passing(.minutes(10))),
        (.dingtalk, 200, #"{"errcode":300005,"errmsg":"token is not exist"}"#, .mending),
        (.dingtalk, 200, #"{"errcode":-1,"errmsg":"busy"}"#, .passing()),
        (.dingtalk, 200, #"{"errcode":43004,"errmsg":"invalid content type"}"#, .mending),
        (.dingtalk, 200, #"{"errcode":400013,"errmsg":"group dismissed"}"#, .mending),
        (.dingtalk, 200, #"{"errcode":400101,"errmsg":"token is not exist"}"#, .mending),
        (.dingtalk, 200, #"{"errcode":400102,"errmsg":"robot is stopped"}"#, .mending),
        (.dingtalk, 200, #"{"errcode":430101,"errmsg":"unsafe link"}"#, .mending),
        (.dingtalk, 200, #"{"errcode":460101,"errmsg":"too long, or too fast"}"#, .passing()),
        // Not in any list that we know.
        (.dingtalk, 200, #"{"errcode":2,"errmsg":"?"}"#, .mending), (.dingtalk, 413, "", .passing()),
        (.dingtalk, 200, "<html>", .passing()), (.dingtalk, 200, "", .passing()), (.dingtalk, 502, "", .passing()),
        (.feishu, 200, #"{"code":0,"msg":"success"}"#, .taken),
        (.feishu, 200, #"{"StatusCode":0,"StatusMessage":"success"}"#, .taken),
        (.feishu, 200, #"{"code":19021,"msg":"sign match fail"}"#, .mending),
        (.feishu, 200, #"{"code":19024,"msg":"Key Words Not Found"}"#, .mending),
        (.feishu, 200, #"{"code":19022,"msg":"Ip Not Allowed"}"#, .mending),
        (.feishu, 200, #"{"code":19001,"msg":"param invalid: incoming webhook access token invalid"}"#, .mending),
        (.feishu, 200, #"{"code":11232,"msg":"frequency limited"}"#, .passing(.minutes(1))),
        (.feishu, 200, #"{"code":9499,"msg":"Bad Request"}"#, .passing(.minutes(1))),
        (.feishu, 200, #"{"msg":"?"}"#, .passing()),
        (.wecom, 200, #"{"errcode":0,"errmsg":"ok"}"#, .taken),
        (.wecom, 200, #"{"errcode":45009,"errmsg":"api freq out of limit"}"#, .passing(.seconds(65))),
        (.wecom, 200, #"{"errcode":93000,"errmsg":"invalid webhook url"}"#, .mending),
        (.wecom, 200, #"{"errcode":40008,"errmsg":"invalid message type"}"#, .mending),
        (.slack, 200, "ok", .taken), (.slack, 200, #"{"ok":true}"#, .taken),
        (.slack, 200, #"{"ok":false,"error":"x"}"#, .passing()),
        (.slack, 404, "no_service", .mending), (.slack, 403, "action_prohibited", .mending),
        (.slack, 410, "channel_is_archived", .mending), (.slack, 400, "invalid_payload", .mending),
        (.telegram, 200, #"{"ok":true,"result":{"message_id":1}}"#, .taken),
        (.telegram, 429, #"{"ok":false,"error_code":429,"parameters":{"retry_after":37}}"#, .passing(.seconds(37))),
        (.telegram, 401, #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#, .mending),
        (
            .telegram, 400,
            #"{"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":-100777}}"#, .mending
        ),
        (.teams, 202, "", .taken), (.teams, 200, "1", .taken), (.teams, 200, "<html>sign in</html>", .mending),
        (
            .teams, 200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 403",
            .mending
        ),
        (
            .teams, 200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429",
            .passing(.minutes(1))
        ),
        (.pagerduty, 202, #"{"status":"success","message":"Event processed","dedup_key":"a"}"#, .taken),
        (.pagerduty, 400, #"{"status":"invalid event"}"#, .mending),
        (.pagerduty, 429, "", .passing(.minutes(3))), (.pagerduty, 503, "", .passing()),
        (.ntfy, 200, #"{"id":"sPs71M8A2T","event":"message"}"#, .taken),
        (.ntfy, 429, #"{"code":42901,"http":429}"#, .passing(.minutes(1))),
        (.ntfy, 429, #"{"code":42908,"http":429}"#, .passing(.hours(1))),
        (.ntfy, 403, #"{"code":40301,"http":403}"#, .mending), (.ntfy, 200, "", .passing()),
    ]

    @Test("success is what the service calls so, whatever the status", arguments: answers)
    fileprivate func answer(_ row: (kind: ReceiverKind, status: Int, body: String, expected: Expected)) async throws {
        let secret: String? = row.kind == .pagerduty ? "k" : nil
        let transport = CannedTransport([.success(Reply(status: .init(code: row.status), body: Array(row.body.utf8)))])
        var generator = SeededGenerator(seed: 1)
        let outcome = await Notifier(transport: transport, clock: ManualClock(start))
            .send(notice("{}"), to: try receiver(row.kind, secret: secret), attempt: 1, using: &generator)
        switch (outcome, row.expected) {
        case (.taken(let said), .taken):
            // What is kept in the journal: the status, and the service's own word.
            let words = [
                ReceiverKind.dingtalk: "200 errcode 0", .feishu: "200 code 0", .wecom: "200 errcode 0",
                .slack: "200 ok",
                .telegram: "200 message 1", .teams: row.body == "1" ? "200 1" : "202", .pagerduty: "202 success",
                .ntfy: "200 message sPs71M8A2T",
            ]
            #expect(said == words[row.kind])
        case (.retry(let wait, let failure), .passing(let least)):
            #expect(failure.kind == .passing && (least.map { wait == $0 } ?? (wait <= .seconds(1))), "\(failure)")
            #expect(failure.rest == least, "who counts what comes is left alone with all of it")
        case (.retry(_, let failure), .mending):
            #expect(failure.kind == .needsMending, "\(failure)")
            #expect(failure.description.contains("'ops'") && !failure.description.contains("hidden"))
        default: Issue.record("\(row.body) became \(outcome)")
        }
    }
}
