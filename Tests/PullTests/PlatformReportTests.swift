import Curl
import Facts
import Foundation
import HTTPTypes
import Language
import Pull
import Rules
import TestSupport
import Testing

@Suite("Reports are asked for in one pull and read in a later one")
struct PlatformReportTests {
    private static let pack = """
        pack: reported
        timezone: Europe/Berlin
        source:
          credentials: [key, {places: "A,B"}]
          authorization: {header: X-Key, value: "{key}"}
          lag: 1m
          overlap: 1h
          report:
            create:
              post: /reports
              json: {kind: "{type}", places: {list: "{places}"}, from: "{from}", until: "{until}"}
              id: number
            look: {get: "/reports/{id}", status: state, waiting: [MAKING], made: [DONE], empty: [NOTHING], failed: [FATAL], document: paper}
            fetch: {get: "/papers/{id}", url: at}
            valid: 2d
          errors: [{at: error}]
          limits: [{calls: 60, per: 1h, burst: 3, streams: [report.create]}, {calls: 900, per: 1h, streams: [orders]}]
          streams:
            orders: {get: /orders, facts: [{kind: order, id: id}]}
            returns:
              report: {type: RETURNS, format: tabs}
              every: 6h
              window: 20d
              facts:
                - kind: refund
                  id: Return id
                  order: Order id
                  opened_at: {path: Asked on, moments: day_mon_year}
                  responded_at:
                    - {path: Asked on, moments: day_mon_year, only: first, unless: {State: [Waiting]}}
                    - {now: true, only: later, unless: {State: [Waiting]}}
                  status: {path: State, words: {Waiting: open, Answered: open, Paid: refunded}}
        """

    private func source() throws -> PlatformSource {
        let (read, diagnostics) = PackReader.read(SourceText(name: "p.yaml", text: Self.pack), isBuiltIn: false)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        let store = Store(id: "s", pack: "reported", timezone: "Europe/Berlin")
        let calendar = try #require(StoreCalendar(timezone: "Europe/Berlin"))
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                store, calendar: calendar, plan: plan, endpoint: "https://shop.example/api",
                credentials: ["key": Secret("s3cret")], reach: .days(31), decoding: decoding))
    }

    private let clock = ManualClock(PulledFeed.start)
    private let kept = Kept()

    /// Asks like the platform and answers by path; what comes is kept.
    private func pull(_ answers: [CannedTransport.Answer]) async throws -> (requests: [Request], outcome: PullOutcome) {
        let transport = CannedTransport(answers)
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            try source(), from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        // Through its text, as a ledger keeps it.
        await kept.keep(try #require(PullState(text: outcome.state.text)))
        return (transport.requests, outcome)
    }

    private func asked(_ requests: [Request]) -> [String] {
        requests.map { "\($0.head.method) \($0.head.authority ?? "")\($0.head.path ?? "")" }
    }

    private let nothing = reply(200, "[]")
    private let making = reply(200, #"{"state":"MAKING"}"#)
    private let done = reply(200, #"{"state":"DONE","paper":"p/1"}"#)
    private let place = reply(200, #"{"at":"https://elsewhere.example/p1?signature=abc"}"#)
    private func number(_ number: Int) -> CannedTransport.Answer { reply(202, #"{"number":\#(number)}"#) }

    private static let table =
        "Return id\tOrder id\tAsked on\tState\nr1\t1\t01-Mar-2026\tPaid\r\nr2\t2\t28-Feb-2026\tWaiting\n"

    private func finish() async -> PulledPages.Finish? { await kept.pages.last?.finish }

    @Test("what is due is asked for by stretches of time, looked at by later pulls, and covered once all of it is read")
    func whole() async throws {
        let first = try await pull([nothing, number(7), number(8)])
        #expect(first.outcome.failure == nil)
        #expect(
            asked(first.requests) == [
                "GET shop.example/api/orders", "POST shop.example/api/reports", "POST shop.example/api/reports",
            ])
        // 31 days before 2026-03-02T10:00:00Z, and 20 days of them; then the rest, but for the last minute.
        #expect(
            first.requests[1].body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"from":"2026-01-30T10:00:00Z","kind":"RETURNS","places":["A","B"],"until":"2026-02-19T10:00:00Z"}"#
        )
        #expect(
            first.requests[2].body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"from":"2026-02-19T10:00:00Z","kind":"RETURNS","places":["A","B"],"until":"2026-03-02T09:59:00Z"}"#
        )
        #expect(await finish()?.kinds == FactKinds(.order))
        #expect(first.outcome.state.reports.map(\.id) == ["7", "8"])

        clock.advance(by: .minutes(10))
        let packed = Reply(status: .ok, body: gzipped(Array(Self.table.utf8)))
        let second = try await pull([nothing, making, done, place, .success(packed)])
        #expect(second.outcome.failure == nil)
        #expect(
            asked(second.requests) == [
                "GET shop.example/api/orders", "GET shop.example/api/reports/7", "GET shop.example/api/reports/8",
                "GET shop.example/api/papers/p%2F1", "GET elsewhere.example/p1?signature=abc",
            ])
        // Whoever keeps the document does not learn who asks, and what opens it is kept nowhere.
        let key = try #require(HTTPField.Name("X-Key"))
        #expect(second.requests[3].head.headerFields[key] == "s3cret")
        #expect(second.requests[4].head.headerFields[key] == nil)
        #expect(await kept.pages.allSatisfy { !$0.state.text.contains("signature") })
        let lines = await kept.facts.values.map(FactEncoder.line).sorted()
        // Days end at 23:00 of Greenwich in Berlin. What the first report shows as answered was so in time.
        #expect(
            lines == [
                #"{"kind":"refund","store":"s","id":"r1","order":"1","opened_at":"2026-03-01T22:59:59Z","responded_at":"2026-03-01T22:59:59Z","status":"refunded"}"#,
                #"{"kind":"refund","store":"s","id":"r2","order":"2","opened_at":"2026-02-28T22:59:59Z","status":"open"}"#,
            ])
        #expect(await finish()?.kinds == FactKinds(.order))

        clock.advance(by: .minutes(10))
        let third = try await pull([nothing, reply(200, #"{"state":"NOTHING"}"#)])
        #expect(asked(third.requests).last == "GET shop.example/api/reports/7")
        var covered = try #require(await finish())
        #expect(covered.kinds == FactKinds([.order, .refund]) && covered.from == PulledFeed.start - .days(31))
        #expect(covered.until == PulledFeed.start + .minutes(19))
        #expect(covered.late == [.refund: PulledFeed.start - .minutes(1)])
        #expect(third.outcome.state.reports.isEmpty)

        // Not due yet.
        clock.advance(by: .hours(5))
        #expect(try await pull([nothing]).requests.count == 1)
        clock.advance(by: .hours(1))
        let again = try await pull([nothing, number(9)])
        #expect(
            again.requests.last?.body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"from":"2026-03-02T09:00:00Z","kind":"RETURNS","places":["A","B"],"until":"2026-03-02T16:19:00Z"}"#
        )
        clock.advance(by: .minutes(10))
        let answered = "Return id\tOrder id\tAsked on\tState\nr2\t2\t28-Feb-2026\tAnswered\n"
        _ = try await pull([nothing, done, place, reply(200, answered)])
        // Seen to be answered as of the moment the report was asked for.
        #expect(
            await kept.facts.values.map(FactEncoder.line).contains(
                #"{"kind":"refund","store":"s","id":"r2","order":"2","opened_at":"2026-02-28T22:59:59Z","responded_at":"2026-03-02T16:20:00Z","status":"open"}"#
            ))
        covered = try #require(await finish())
        #expect(covered.late == [.refund: PulledFeed.start + .hours(6) + .minutes(19)])
    }

    @Test("over a stop nothing is asked for twice")
    func stopped() async throws {
        let broken = try await pull([nothing, number(7)] + Array(repeating: reply(500), count: 9))
        #expect(broken.outcome.failure != nil)
        #expect(await kept.state.reports.map(\.id) == ["7", nil])
        clock.advance(by: .minutes(5))
        let resumed = try await pull([number(8)])
        #expect(resumed.outcome.failure == nil && asked(resumed.requests) == ["POST shop.example/api/reports"])
        #expect(await kept.state.reports.map(\.id) == ["7", "8"])
        clock.advance(by: .minutes(5))
        // The document of the first is read, and then nothing answers any more.
        let half = try await pull([
            nothing, done, place, reply(200, Self.table), reply(400, #"{"error":"no"}"#),
            reply(400, #"{"error":"no"}"#),
        ])
        // A report that is not known is asked for anew, and the pull is good.
        #expect(half.outcome.failure == nil)
        #expect(await kept.state.reports.map(\.part) == [1])
        let refused = await kept.state.reports.first
        #expect(refused?.id == nil && refused?.failure == "400")
        #expect(await finish()?.kinds == FactKinds(.order))
    }

    @Test("what the platform could not make is asked for again after an hour, and the rest of the pull is good")
    func failed() async throws {
        _ = try await pull([nothing, number(7), number(8)])
        clock.advance(by: .minutes(10))
        let fatal = try await pull([nothing, reply(200, #"{"state":"FATAL"}"#), reply(200, #"{"state":"NOTHING"}"#)])
        #expect(fatal.outcome.failure == nil && fatal.requests.count == 3)
        let order = try #require(fatal.outcome.state.reports.first)
        #expect(order.failure == "FATAL" && order.notBefore == PulledFeed.start + .minutes(70))
        clock.advance(by: .minutes(10))
        #expect(try await pull([nothing]).requests.count == 1)
        clock.advance(by: .hours(1))
        let again = try await pull([nothing, number(9)])
        // The stretch of time that it was about, and as of when.
        #expect(
            again.requests.last?.body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"from":"2026-01-30T10:00:00Z","kind":"RETURNS","places":["A","B"],"until":"2026-02-19T10:00:00Z"}"#
        )
        clock.advance(by: .minutes(10))
        _ = try await pull([nothing, reply(200, #"{"state":"NOTHING"}"#)])
        #expect(await finish()?.late == [.refund: PulledFeed.start - .minutes(1)])
    }

    @Test(
        "what the platform refuses is told, and the rest of the pull is good", arguments: [400, 403, 404])
    func refused(_ status: Int) async throws {
        let no = reply(status, #"{"error":"no role"}"#)
        let first = try await pull([nothing, no])
        // For another stretch of time it would be no other.
        #expect(first.outcome.failure == nil && first.requests.count == 2)
        #expect(await finish()?.kinds == FactKinds(.order))
        #expect(await kept.pages.flatMap(\.refused).first?.hasPrefix("returns: the platform says no role") ?? false)
        let orders = first.outcome.state.reports
        #expect(
            orders.map(\.failure) == ["refused \(status)", "refused \(status)"] && orders.allSatisfy(\.isRefused)
                && orders.allSatisfy { $0.id == nil })
        clock.advance(by: .minutes(30))
        #expect(try await pull([nothing]).requests.count == 1, "not before an hour is over")
        clock.advance(by: .minutes(30))
        let again = try await pull([nothing, number(7), number(8)])
        #expect(again.outcome.failure == nil && again.requests.count == 3)
        clock.advance(by: .minutes(10))
        let empty = reply(200, #"{"state":"NOTHING"}"#)
        _ = try await pull([nothing, empty, empty])
        #expect(await finish()?.kinds == FactKinds([.order, .refund]))
    }

    @Test("a document that the platform itself refuses is asked for again later, and the rest of the pull is good")
    func documentRefused() async throws {
        _ = try await pull([nothing, number(7), number(8)])
        clock.advance(by: .minutes(10))
        let no = try await pull([nothing, done, reply(403, #"{"error":"no role"}"#)])
        #expect(no.outcome.failure == nil)
        #expect(asked(no.requests).last == "GET shop.example/api/papers/p%2F1")
        #expect(await kept.state.reports.map(\.failure) == ["refused 403", "refused 403"])
        #expect(await finish()?.kinds == FactKinds(.order))
    }

    @Test("what was asked for too long ago is asked for anew")
    func old() async throws {
        _ = try await pull([nothing, number(7), number(8)])
        clock.advance(by: .days(2))
        let again = try await pull([nothing, number(9), number(10)])
        #expect(asked(again.requests).filter { $0.hasPrefix("POST") }.count == 2)
        #expect(await kept.state.reports.map(\.id) == ["9", "10"])
    }

    @Test(
        "what is no document of such a report is asked for anew later, nothing is covered by it, and the rest is pulled",
        arguments: [
            // Amazon says so in the document itself.
            "Date range exceeded. Report can be requested only upto 30 days", "", "Return number\tState\n1\tPaid\n",
        ])
    func strange(_ text: String) async throws {
        _ = try await pull([nothing, number(7), number(8)])
        clock.advance(by: .minutes(10))
        let transport = CannedTransport { request, _ in
            switch request.head.path ?? "" {
            case "/api/orders": reply(200, "[]")
            case "/api/papers/p%2F1": reply(200, #"{"at":"https://elsewhere.example/p1"}"#)
            case "/p1": reply(200, text)
            default: reply(200, #"{"state":"DONE","paper":"p/1"}"#)
            }
        }
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            try source(), from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        #expect(outcome.failure == nil, "\(outcome.failure?.words ?? "none")")
        #expect(outcome.state.reports.map(\.failure) == ["unreadable", "unreadable"])
        #expect(await finish()?.kinds == FactKinds(.order))
        #expect(await kept.pages.flatMap(\.refused).contains { $0.hasPrefix("returns: the ") })
        clock.advance(by: .minutes(59))
        #expect(try await pull([nothing]).requests.count == 1, "not before an hour is over")
    }

    @Test(
        "a document is fetched over TLS or from the endpoint only, and its address is asked for again when it is over")
    func addresses() async throws {
        _ = try await pull([nothing, number(7), number(8)])
        clock.advance(by: .minutes(10))
        let open = reply(200, #"{"at":"http://elsewhere.example/p1"}"#)
        let refused = try await pull([nothing, done] + Array(repeating: open, count: 9))
        #expect(refused.outcome.failure != nil)
        #expect(refused.requests.allSatisfy { $0.head.authority == "shop.example" })
        clock.advance(by: .minutes(10))
        let over = try await pull([place, reply(403), place, reply(200, Self.table), making])
        #expect(over.outcome.failure == nil)
        #expect(asked(over.requests).filter { $0.contains("papers") }.count == 2)
        #expect(await kept.facts.count == 2)
    }

    @Test("lines with a stray tab are set aside, and text of any set of the West is read")
    func lines() async throws {
        _ = try await pull([nothing, number(7), number(8)])
        clock.advance(by: .minutes(10))
        var bytes = Array("Return id\tOrder id\tAsked on\tState\tText\nr1\t1\t01-Mar-2026\tPaid\tpas tr".utf8)
        // è and an ellipsis of Windows, which Unicode takes for the end of a line.
        bytes += [0xE8, 0x73, 0x85] + Array("\nr2\t2\t01-Mar-2026\tPaid\ta\tb\nr3\t3\t01-Mar-2026\tPaid\n".utf8)
        let odd = try await pull([nothing, done, place, .success(Reply(status: .ok, body: bytes)), making])
        #expect(odd.outcome.failure == nil)
        #expect(await Set(kept.facts.values.map(\.id)) == ["r1", "r3"])
        #expect(await kept.rejections.count == 1)
    }

    @Test("each of the three calls has limits of its own")
    func limits() async throws {
        let source = try source()
        var state = PullState()
        state.begin(at: PulledFeed.start, reach: .days(31))
        source.noteBegin(of: &state)
        #expect(source.allowances(after: state).map(\.limit) == [RateLimit(calls: 900, per: .hours(1))])
        state.cursor = "1 0 0\n0\n\n"
        #expect(source.allowances(after: state).map(\.limit) == [RateLimit(calls: 60, per: .hours(1), burst: 3)])
        state.reports[0].id = "7"
        state.reports[0].orderedAt = PulledFeed.start
        #expect(source.allowances(after: state).isEmpty)
        // A second begin puts nothing down twice.
        source.noteBegin(of: &state)
        #expect(state.reports.count == 2)
    }

    @Test("a source says what is wrong with its reports")
    func diagnostics() {
        func errors(_ text: String) -> [String] {
            PackReader.read(SourceText(name: "p.yaml", text: text), isBuiltIn: false).1
                .filter { $0.severity == .error }.map(\.message)
        }
        let body = Self.pack.components(separatedBy: "\n")
        let without = body.filter { line in
            !["report:", "create:", "post:", "json:", "id: number", "look:", "fetch:", "valid:"].contains {
                line.trimmingCharacters(in: .whitespaces).hasPrefix($0) && !line.contains("RETURNS")
            }
        }
        #expect(errors(without.joined(separator: "\n")).contains { $0.contains("no source.report says how") })
        #expect(errors(Self.pack.replacing("format: tabs", with: "format: xml")).contains { $0.contains("xml") })
        #expect(errors(Self.pack.replacing("every: 6h", with: "again: 6h")).contains { $0.contains("every") })
        #expect(errors(Self.pack.replacing("/papers/{id}", with: "/papers/{di}")).contains { $0.contains("di") })
        #expect(
            errors(Self.pack.replacing("unless: {State: [Waiting]}", with: #"unless: {State: ["{kay.first}"]}"#))
                .contains { $0.contains("kay.first") })
    }
}
