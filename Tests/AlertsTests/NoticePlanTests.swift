import Alerts
import Facts
import Rules
import Testing

@Suite("notices")
struct NoticePlanTests {
    private func firing() throws -> AlertEvent {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0))
        return try #require(walk.events.first)
    }

    @Test("every receiver is owed one, in its own writing, under its own id")
    func perReceiver() throws {
        let event = try firing()
        let notices = NoticePlan.notices(
            for: event, AlertReport(subject: subject), to: ["ops", "duty"], now: start + .minutes(3)
        ) { content in
            Array("\(content.receiver) \(content.alerts.count) \(content.madeAt)".utf8)
        }
        #expect(notices.map(\.receiver) == ["ops", "duty"])
        #expect(
            notices.map { String(decoding: $0.body, as: UTF8.self) } == [
                "ops 1 2026-03-02T10:03:00Z", "duty 1 2026-03-02T10:03:00Z",
            ])
        #expect(Set(notices.map(\.id)).count == 2)
        #expect(notices.allSatisfy { $0.episode == event.episode && $0.change == 1 && $0.key == key })
    }

    @Test("made again later it bears the same id")
    func stableID() throws {
        let event = try firing()
        let report = AlertReport(subject: subject)
        let first = NoticePlan.notices(for: event, report, to: ["ops"], now: start) { _ in [] }
        let later = NoticePlan.notices(for: event, report, to: ["ops"], now: start + .hours(5)) { _ in [1] }
        #expect(first.map(\.id) == later.map(\.id))
    }

    @Test("without receivers none is owed")
    func nobody() throws {
        let none = NoticePlan.notices(for: try firing(), AlertReport(subject: subject), to: [], now: start) { _ in [] }
        #expect(none.isEmpty)
    }
}
