import Alerts
import Facts
import HTTPTypes
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Acts by forms: done, told of, and written down")
struct ActTests {
    private func bench() async throws -> (DashboardBench, HTTPFields) {
        let bench = try await DashboardBench(DashboardBench.people)
        return (bench, try await bench.session("token-mei"))
    }

    @Test("every act of the audit has its words in both languages")
    func words() throws {
        let told = try #require(try Readme.text().firstMatch(of: /Its words: ((?:`[a-z]+` )+)/)?.1)
        let acts = told.split(whereSeparator: { "` ".contains($0) }).map(String.init)
        #expect(acts.count > 15 && acts.allSatisfy { AuditWords.acts[$0] != nil }, "\(acts)")
        #expect(AuditEntry.Way.allCases.allSatisfy { AuditWords.ways[$0.rawValue] != nil })
    }

    @Test("acknowledge, silence and end it, accept: as the commands do, in the name of who is logged in")
    func alerts() async throws {
        let (bench, mei) = try await bench()
        let page = "/stores/elm/rules/refunds"
        let acknowledged = try await bench.act(
            "/acts/ack", ["store": "elm", "rule": "refunds", "why": "calling <them>"], on: page, mei)
        #expect(acknowledged.status == 303 && acknowledged.headers[.location] == page, "\(acknowledged.body)")
        let told = try await bench.get(page, mei).body
        #expect(told.contains("<p class=\"banner good\" role=\"status\">Acknowledged: mei looks after"))
        #expect(try await !bench.get(page, mei).body.contains("banner good"), "it is told once")
        let task = AlertsTask(.running(await bench.state.assembly))
        let word = try #require(try await task.show("elm", "refunds").word)
        #expect(word.by == "mei" && word.why == "calling <them>" && word.until == nil)

        _ = try await bench.act(
            "/acts/silence", ["store": "elm", "rule": "refunds", "why": "known", "until": "3d", "ends": "worse"],
            on: page, mei)
        let silence = try #require(try await task.silences(all: false).first)
        #expect(silence.filter.stores == ["elm"] && silence.filter.rules == ["refunds"] && silence.ends == .worse)
        #expect(silence.until == DashboardBench.now + .days(3))
        let ended = try await bench.act(
            "/acts/unsilence", ["silence": silence.id, "why": "done"], on: "/stores/elm", mei)
        #expect(ended.status == 303)
        #expect(try await task.silences(all: false).isEmpty)

        _ = try await bench.act(
            "/acts/accept", ["store": "elm", "rule": "refunds", "why": "new warehouse", "until": "2026-04-01"],
            on: page, mei)
        let accepted = try await bench.get(page, mei).body
        #expect(accepted.contains("by mei until 1 Apr 2026: new warehouse"))
        _ = try await bench.act(
            "/acts/accept", ["store": "elm", "rule": "refunds", "why": "it works", "undo": "yes"], on: page, mei)
        #expect(try await !bench.get(page, mei).body.contains("by mei until"))

        let audit = try await bench.audit()
        #expect(audit.map(\.act) == ["ack", "silence", "unsilence", "accept", "accept"])
        #expect(audit.allSatisfy { $0.who == "mei" && $0.way == "page" })
        #expect(audit[0].store == "elm" && audit[0].subject == "refunds" && audit[0].why == "calling <them>")
        #expect(try await bench.get("/audit?lang=zh", mei).body.contains("接受不达标 <code>accept</code>"))
        let shown = try await bench.get("/audit?lang=en", mei).body
        #expect(shown.contains("calling &lt;them&gt;") && shown.contains("until 2026-04-01"))
    }

    @Test("a store that is worked on is silenced, but for what is critical; marks are made and taken back")
    func stores() async throws {
        let (bench, mei) = try await bench()
        _ = try await bench.act(
            "/acts/silence", ["store": "elm", "why": "move", "until": "4h"], on: "/stores/elm", mei)
        let assembly = await bench.state.assembly
        let silence = try #require(try await AlertsTask(.running(assembly)).silences(all: false).first)
        #expect(silence.filter.stores == ["elm"] && silence.filter.rules.isEmpty && silence.by == "mei")
        #expect(!silence.filter.severities.contains(.critical) && silence.filter.severities.contains(.major))

        let marked = try await bench.act(
            "/acts/mark", ["store": "elm", "fact": "refund/r1", "members": "excluded liable=carrier", "why": "lost"],
            on: "/stores/elm", mei)
        #expect(marked.status == 303, "\(marked.body)")
        let marks = try await MarkTask(.running(assembly)).list("elm", all: false).map(\.mark)
        #expect(marks.map(\.member.name).sorted() == ["excluded", "liable"] && marks.allSatisfy { $0.by == "mei" })
        _ = try await bench.act(
            "/acts/unmark", ["store": "elm", "fact": "refund/r1", "why": "found"], on: "/stores/elm", mei)
        #expect(try await MarkTask(.running(assembly)).list("elm", all: false).isEmpty)
        let audit = try await bench.audit()
        #expect(audit.map(\.act) == ["silence", "mark", "unmark"] && audit[1].subject == "refund/r1")
        #expect(audit[1].details.map(\.en) == ["excluded=true", "liable=carrier"])
    }

    @Test("facts are marked where they stand behind a figure, several at once; the store's page shows what is silenced")
    func evidence() async throws {
        let (bench, mei) = try await bench()
        let page = "/stores/elm/rules/refunds"
        let shown = try await bench.get(page, mei).body
        #expect(shown.contains("name=\"fact\" value=\"refund/r1\"") && shown.contains("value=\"liable=carrier\""))
        #expect(try await !bench.get(page).body.contains("name=\"fact\""), "who may not act marks nothing")
        let token = try DashboardBench.formToken(in: shown)
        var headers = mei
        headers[.contentType] = "application/x-www-form-urlencoded"
        let fields = "csrf=\(token.percentEncoded)&back=%2Fstores%2Felm&store=elm&members=excluded&why=tests&until="
        let marked = try await bench.send(
            .post, "/acts/mark", headers, body: fields + "&fact=refund%2Fr1&fact=refund%2Fr2")
        #expect(marked.status == 303, "\(marked.body)")
        let task = MarkTask(.running(await bench.state.assembly))
        #expect(try await task.list("elm", all: false).map(\.mark.fact.id).sorted() == ["r1", "r2"])
        let half = try await bench.send(
            .post, "/acts/mark", headers, body: fields + "&fact=refund%2Fr0&fact=refund%2Fno")
        #expect(half.status == 400 && half.body.contains("(marked before it: refund/r0)"), "\(half.body)")
        let none = try await bench.send(.post, "/acts/mark", headers, body: fields)
        #expect(none.status == 400 && none.body.contains("no fact is chosen"))

        #expect(try await !bench.get("/stores/elm", mei).body.contains("End the silence"))
        _ = try await bench.act(
            "/acts/silence", ["store": "elm", "rule": "refunds", "why": "known by us", "until": "3d"], on: page, mei)
        let store = try await bench.get("/stores/elm", mei).body
        #expect(store.contains("known by us") && store.contains("End the silence"))
        #expect(try await !bench.get("/stores/oak", mei).body.contains("known by us"))
    }

    @Test("a refusal is in the reader's language")
    func chinese() async throws {
        let (bench, mei) = try await bench()
        var headers = mei
        headers[.acceptLanguage] = "zh-CN"
        for (path, fields, words) in [
            ("/acts/ack", ["store": "oak", "rule": "refunds", "why": "w"], "从未有过规则“refunds”的告警"),
            ("/acts/silence", ["store": "elm", "why": "w", "until": "never"], "既不是日期"),
            ("/acts/mark", ["store": "elm", "fact": "refund/none", "members": "excluded", "why": "w"], "账本中没有"),
            ("/acts/mark", ["store": "elm", "fact": "refund", "members": "excluded", "why": "w"], "不是数据"),
            (
                "/acts/mark", ["store": "elm", "fact": "refund/r1", "members": "appeal=maybe", "why": "w"],
                "不是 appeal 的取值"
            ),
        ] as [(String, [String: String], String)] {
            let answer = try await bench.act(path, fields, on: "/stores/elm", headers)
            #expect(answer.status == 400 && answer.body.contains(words), "\(path): \(answer.body)")
        }
        #expect(try await bench.get("/stores/elm/rules/none", headers).body.contains("中没有规则“none”"))
    }

    @Test("what is wrong is told with a way back, and nothing is done nor written down")
    func wrong() async throws {
        let (bench, mei) = try await bench()
        for (path, fields, words) in [
            ("/acts/ack", ["store": "elm", "rule": "refunds"], "the field 'why' is empty"),
            ("/acts/ack", ["store": "oak", "rule": "refunds", "why": "w"], "never had an alert"),
            ("/acts/silence", ["store": "elm", "why": "w", "until": "never"], "is neither a day"),
            (
                "/acts/mark", ["store": "elm", "fact": "refund/none", "members": "excluded", "why": "w"],
                "knows no refund"
            ),
            ("/acts/test", ["receiver": "nobody"], "no receiver"),
            ("/acts/retry", ["notice": "ntc_1"], "no such notice"),
        ] as [(String, [String: String], String)] {
            let answer = try await bench.act(path, fields, on: "/stores/elm", mei)
            #expect(
                answer.status == 400 && answer.body.contains(words.replacing("'", with: "&#39;")),
                "\(path): \(answer.body)")
            #expect(answer.body.contains("href=\"/stores/elm\""), "\(path)")
        }
        #expect(try await bench.audit().isEmpty)
    }

    @Test("to check a store again is to judge it now, and to pull it")
    func recheck() async throws {
        let (bench, mei) = try await bench()
        let (evaluated, pulled) = (await bench.state.evaluation.rings, await bench.state.pulling.rings)
        _ = try await bench.act("/acts/recheck", ["store": "oak"], on: "/stores/oak", mei)
        #expect(await bench.state.evaluation.rings > evaluated)
        #expect(await bench.state.pulling.rings > pulled)
        #expect(await bench.state.takeRechecked() == ["oak"])
        #expect(await bench.state.takePullsAsked() == ["oak"])
    }

    @Test("what waits goes now, and a notice that was given up is owed again, by who may act on its store")
    func retried() async throws {
        let bench = try await DashboardBench(
            DashboardBench.people + "\nreceivers: [{id: ops, webhook: \"http://127.0.0.1:1/hook\"}]")
        let ledger = await bench.state.assembly.ledger
        let items = try await ledger.waitingItems(for: "ops").map(\.item)
        #expect(Set(items.map(\.key.store)) == ["elm", "fir"])
        let notices = items.map { item in Notice(of: [item], at: DashboardBench.now) { items, _ in items[0].body } }
        _ = try await ledger.owe(notices)
        let given = try #require(notices.first { $0.key.store == "fir" })
        try await ledger.settle(given.id, .abandoned(at: DashboardBench.now, because: "expired"))
        let (mei, east) = (try await bench.session("token-mei"), try await bench.session("token-east"))
        let hidden = try await bench.act("/acts/retry", ["notice": given.id], on: "/stores/elm", east)
        #expect(hidden.status == 400 && hidden.body.contains("no such notice"))
        let owed = try await bench.act("/acts/retry", ["notice": given.id], on: "/stores/fir", mei)
        #expect(owed.status == 303, "\(owed.body)")
        #expect(try await ledger.outbox(.abandoned, limit: 10).isEmpty)
        let again = try await bench.act("/acts/retry", ["notice": given.id], on: "/stores/fir", mei)
        #expect(again.status == 400 && again.body.contains("was not given up"))
        #expect(try await bench.act("/acts/retry", ["receiver": "ops"], on: "/stores/fir", mei).status == 303)
        #expect(try await bench.audit().map(\.act) == ["retry", "retry"])
    }

    @Test("a limited operator ends no silence that reaches farther than his stores")
    func unsilence() async throws {
        let (bench, mei) = try await bench()
        let task = AlertsTask(.running(await bench.state.assembly))
        var filter = AlertFilter()
        filter.stores = ["elm", "fir"]
        let wide = try await task.silence(.init(filter: filter, until: "2h", ends: .time, by: "mei", why: "w")).silence
        filter.stores = ["elm"]
        let own = try await task.silence(.init(filter: filter, until: "2h", ends: .time, by: "mei", why: "v")).silence
        let east = try await bench.session("token-east")
        // Of another's stores he does not even hear; his own he may end where he sees it.
        let list = try await bench.get("/alerts", east).body
        #expect(list.contains(own.id) && !list.contains(wide.id) && list.contains("<code>store=elm</code>"))
        #expect(try await bench.get("/alerts", mei).body.contains(wide.id))
        #expect(
            try await bench.act("/acts/unsilence", ["silence": wide.id, "why": "done"], on: "/stores/elm", east).status
                == 403)
        #expect(
            try await bench.act("/acts/unsilence", ["silence": own.id, "why": "done"], on: "/stores/elm", east).status
                == 303)
        #expect(try await task.silences(all: false).map(\.id) == [wide.id])
        #expect(
            try await bench.act("/acts/unsilence", ["silence": wide.id, "why": "done"], on: "/stores/elm", mei).status
                == 303)
    }

    @Test(
        "forms stand where they may be used, and nowhere else",
        arguments: [("mei", true), ("view", false), ("east", true)])
    func forms(who: String, isThere: Bool) async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        for path in ["/stores/elm", "/stores/elm/rules/refunds"] {
            let page = try await bench.get(path, DashboardBench.bearer(who)).body
            #expect(page.contains("action=\"/acts/silence\"") == isThere, "\(path)")
            #expect(!page.contains(" style=") && !page.contains("<script>") && !page.contains("onclick"))
        }
        let other = try await bench.get("/stores/fir", DashboardBench.bearer(who))
        #expect(other.body.contains("action=\"/acts/silence\"") == (who == "mei"))
    }
}
