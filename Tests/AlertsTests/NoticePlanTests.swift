import Alerts
import Facts
import Rules
import Testing

@Suite("what an event gives receivers to hear")
struct NoticePlanTests {
    private func events(_ standings: [Standing]) -> [AlertEvent] {
        var walk = AlertWalk()
        for (hour, standing) in standings.enumerated() { walk.take(observed(standing, Int64(hour))) }
        return walk.events
    }

    private func items(_ event: AlertEvent, _ routes: [Route], now: Timestamp = start) -> [NoticeItem] {
        NoticePlan.items(
            for: .init(event, AlertReport(subject: subject)), to: routes, now: now
        ) { receiver, id in Array("\(receiver) \(id.prefix(4))".utf8) }
    }

    @Test("every receiver is owed one, in its own writing, under its own id")
    func perReceiver() throws {
        let event = try #require(events([.breach]).first)
        let items = items(event, [Route(receiver: "ops"), Route(receiver: "duty")], now: start + .minutes(3))
        #expect(items.map(\.receiver) == ["ops", "duty"])
        #expect(items.map { String(decoding: $0.body, as: UTF8.self) } == ["ops ntc_", "duty ntc_"])
        #expect(Set(items.map(\.id)).count == 2)
        #expect(items.allSatisfy { $0.episode == event.episode && $0.change == 1 && $0.key == key })
        #expect(items.allSatisfy { $0.interest == .owed && $0.madeAt == start + .minutes(3) })
    }

    @Test("made again later it bears the same id; two reminders do not")
    func stableID() throws {
        let event = try #require(events([.breach]).first)
        let routes = [Route(receiver: "ops")]
        #expect(items(event, routes).map(\.id) == items(event, routes, now: start + .hours(5)).map(\.id))
        let reminders = [0, 4].map { hours in
            NoticePlan.items(
                for: .init(event, AlertReport(subject: subject), isReminder: true), to: routes,
                now: start + .hours(hours)
            ) { _, _ in [] }
        }
        #expect(Set(reminders.flatMap { $0.map(\.id) } + items(event, routes).map(\.id)).count == 3)
        #expect(reminders.flatMap { $0.map(\.event) } == [.reminder, .reminder])
    }

    @Test("who wants breaches alone hears of a warning only after a breach, and of an end only after a beginning")
    func interest() throws {
        var route = Route(receiver: "ops")
        route.when.standings = [.breach]
        let told = events([.warning, .breach, .warning, .ok]).map { event in
            "\(event.kind) \(items(event, [route])[0].interest)"
        }
        #expect(told == ["firing ifTold", "raised owed", "lowered ifTold", "resolved ifTold"])
        route.when = AlertFilter()
        route.except = AlertFilter()
        #expect(
            items(try #require(events([.breach]).first), [route])[0].interest == .owed, "an empty one excepts nothing")
    }

    @Test("without receivers nothing is owed")
    func nobody() throws {
        #expect(items(try #require(events([.breach]).first), []).isEmpty)
    }
}
