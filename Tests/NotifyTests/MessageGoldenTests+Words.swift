import Alerts
import Facts
import Language
import Rules
import Testing

@testable import Notify

extension MessageGoldenTests {
    /// One of each kind of word.
    static func messages(_ writing: MessageWriting) throws -> [(name: String, message: Message)] {
        let id = "ntc_952d43e911ea4974dd17d90bb8149d32"
        func message(_ told: NoticeContent.Told) -> Message { writing.message(told, id: id) }
        func reminder(
            _ told: NoticeContent.Told, blindSince: Timestamp? = nil
        ) -> NoticeContent.Told {
            var told = NoticeContent.Told(told.event, told.report, isReminder: true)
            told.report.blindSince = blindSince
            return told
        }
        var result: [(String, Message)] = [
            ("a warning", message(try scene(.firing, .warning, .limit))),
            ("a breach", message(try scene(.firing, .breach, .limit))),
            ("raised", message(try scene(.raised, .breach, .worsened))),
            ("raised by another limit", message(try scene(.raised, .breach, .limitChanged))),
            ("lowered", message(try scene(.lowered, .warning, .eased))),
            ("lowered, as somebody answers for it", message(try accepted(.lowered, .warning, .accepted))),
            ("raised, as nobody does any more", message(try scene(.raised, .breach, .acceptanceOver))),
            ("a reminder", message(reminder(try scene(.firing, .breach, .limit)))),
            ("blind", message(reminder(try scene(.firing, .breach, .limit), blindSince: start - .hours(30)))),
            ("it flaps", message(try scene(.flapping, .breach, .limit))),
            ("it has settled", message(try scene(.settled, .warning, .limit))),
            ("parts of a store", message(try parts())),
        ]
        for (name, reason, turning) in [
            ("over by age", AlertReason.rolledOff, nil), ("over by what came", .cleared, Turning.news),
            ("over by both", .cleared, .both), ("over, nobody can tell by what", .cleared, nil),
            ("over by a correction", .corrected, nil), ("over by another limit", .limitChanged, nil),
        ] {
            var over = try scene(.resolved, .ok, reason)
            over.event.turning = turning
            result.append((name, message(over)))
        }
        var gone = try scene(.resolved, .unjudged, .storeRemoved)
        gone.report = AlertReport(subject: gone.report.subject)
        result += [
            ("no longer judged", message(try scene(.resolved, .unjudged, .notApplicable))),
            ("the store is gone", message(gone)),
            ("data that is refused", message(health(.auth))), ("what ends soon", message(expiry())),
            (
                "several at once",
                writing.together(
                    [
                        message(try scene(.firing, .warning, .limit)),
                        message(try scene(.firing, .breach, .limit, store: "二号店")), message(health(.stale)),
                    ], id: id)
            ),
            ("the day's board", BoardBody(receiver: "ops", board: try board()).message(writing)),
            ("figures to enter", writing.message(due())),
            ("a digest after an outage", outage().message(writing, id: id)),
            (
                "a receiver is down",
                TroubleBody(
                    receiver: "ops", broken: "duty", since: start - .minutes(20),
                    because: "it answered 401: it does not accept us; compare its secret and ours", owed: 12,
                    notice: "ntc_1"
                ).message(writing)
            ),
        ]
        return result
    }

    private static func accepted(
        _ kind: AlertEvent.Kind, _ standing: Standing, _ reason: AlertReason
    ) throws -> NoticeContent.Told {
        var told = try scene(kind, standing, reason)
        let breach = try scene(.firing, .breach, .limit)
        (told.report.values, told.report.limit) = (breach.report.values, breach.report.limit)
        (told.report.headroom, told.report.evidence) = ([], breach.report.evidence)
        told.report.evidenceTotal = breach.report.evidenceTotal
        told.report.accepted = Acceptance(
            by: "mei", why: "a new warehouse", until: LocalDay(year: 2026, month: 4, day: 1))
        return told
    }

    private static func parts() throws -> NoticeContent.Told {
        var told = try scene(.firing, .breach, .limit)
        told.report.parts = [.init("toys", .breach), .init("books", .warning)]
        return told
    }

    private static func board() throws -> Board {
        let (warning, breach) = (try scene(.firing, .warning, .limit), try scene(.firing, .breach, .limit))
        func line(_ told: NoticeContent.Told, _ standing: Standing, _ words: [Words]) -> Board.Line {
            Board.Line(key: told.event.key, subject: told.report.subject, standing: standing, words: words)
        }
        let figures = [
            Words(
                en: "disputed orders 2, dispute rate 0.9%; has to be: disputed orders < 2 or dispute rate < 0.8%",
                zh: "纠纷订单 2，纠纷退款率 0.9%；要求：纠纷订单 < 2 或 纠纷退款率 < 0.8%")
        ]
        var board = Board(day: LocalDay(year: 2026, month: 3, day: 2))
        board.standings = [.breach: 1, .warning: 2, .ok: 36, .unknown: 1]
        board.outside = [
            line(breach, .breach, figures + (breach.report.outlook?.words ?? [])),
            line(
                warning, .unknown,
                [Words(en: "the data is stale: refund (complete up to \(start))", zh: "数据已过期：售后单（完整至 \(start)）")]),
        ]
        board.near = [line(warning, .ok, figures + warning.report.headroom.map(\.words))]
        board.worse = [line(breach, .breach, [Words(en: "since \(start)", zh: "始于 \(start)")])]
        board.leaving = [line(breach, .breach, breach.report.outlook?.words ?? [])]
        board.due = [
            Words(
                en: "拼多多旗舰店: 2 figures to enter (goodstanding measure due)",
                zh: "拼多多旗舰店：待录入 2 项数据（goodstanding measure due）")
        ]
        (board.ended, board.link) = (3, "https://standing.example/")
        return board
    }

    private static func due() -> DueBody {
        DueBody(
            receiver: "ops", day: LocalDay(year: 2026, month: 3, day: 2), timezone: "Asia/Shanghai",
            figures: [
                .init(
                    store: "pdd-flagship", storeName: "拼多多旗舰店", name: "help_rate",
                    title: Words(en: "help rate", zh: "平台求助率"),
                    place: Words(en: "back end, Service, Help rate", zh: "商家后台 - 服务 - 平台求助率"), rules: ["help-rate"]),
                .init(
                    store: "pdd-2", storeName: "二号店", name: "stars", title: Words(en: "stars", zh: "店铺星级"), place: nil,
                    rules: ["stars"]),
            ])
    }

    private static func outage() -> OutageBody {
        func line(_ name: String, _ events: [NoticeItem.Event], _ standing: Standing) -> OutageBody.Line {
            var own = subject
            own.storeName = name
            return OutageBody.Line(subject: own, events: events, standing: standing)
        }
        var first = line("拼多多旗舰店", [.firing, .raised], .breach)
        first.figures = Words(
            en: "disputed orders 4, dispute rate 1.3%; has to be: disputed orders < 3 or dispute rate < 1%",
            zh: "纠纷订单 4，纠纷退款率 1.3%；要求：纠纷订单 < 3 或 纠纷退款率 < 1%")
        first.link = "https://standing.example/stores/pdd-flagship/rules/dispute-refunds"
        let others = (1...40).map { line("店\($0)", [.firing], .warning) }
        var body = OutageBody(
            receiver: "ops", since: start - .hours(5), notices: (1...44).map { "ntc_\($0)" },
            alerts: [line("二号店", [.firing, .resolved], .ok), first] + others)
        body.link = "https://standing.example/alerts"
        return body
    }
}
