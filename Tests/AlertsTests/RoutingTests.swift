import Alerts
import Facts
import Rules
import Testing

@Suite("whom an alert concerns, and when nobody wants to hear")
struct RoutingTests {
    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    @Test("a filter: any of the words under one name, each of the names")
    func filter() {
        var filter = AlertFilter()
        #expect(filter.fits(key, subject, standing: .breach), "nothing is asked for")
        filter.platforms = ["taobao", "pind*"]
        filter.labels = ["team": ["east", "west"]]
        filter.severities = [.critical]
        #expect(filter.fits(key, subject, standing: .breach))
        filter.labels["desk"] = ["7"]
        #expect(!filter.fits(key, subject, standing: .breach), "the store has no desk")
        filter.labels["desk"] = [""]
        #expect(filter.fits(key, subject, standing: .breach), "absent and empty are the same")
        filter.standings = [.breach]
        #expect(!filter.fits(key, subject, standing: .warning))
        #expect(filter.fits(key, subject, standing: nil))
        filter.rules = ["dispute-?efunds"]
        #expect(filter.fits(key, subject, standing: .breach))
        filter.stores = ["pdd"]
        #expect(!filter.fits(key, subject, standing: .breach), "a pattern is of the whole id")
    }

    @Test("an alert holds back another with the same store, and neither itself nor its like")
    func inhibition() {
        var (source, target) = (AlertFilter(), AlertFilter())
        source.rules = ["outage"]
        target.rules = ["late*", "outage"]
        let inhibition = Inhibition(source: source, target: target, equal: ["store", "desk"])
        func alert(_ store: String, _ rule: String) -> Alert {
            var walk = AlertWalk()
            walk.take(observed(.breach, 0))
            var alert = walk.alert!
            alert = Alert(
                key: AlertKey(store: store, rule: rule), episode: "e", state: .firing, standing: .breach,
                announced: .breach, since: start, firedAt: start, endedAt: nil, elapsed: .zero, observedAt: start,
                isBlind: false, changes: 1, reason: .limit, ending: nil, outside: alert.outside, subject: subject)
            return alert
        }
        let firing = [alert("s", "other"), alert("s", "outage")]
        #expect(
            inhibition.source(for: AlertKey(store: "s", rule: "late-1"), subject, standing: .breach, among: firing)
                == firing[1].key)
        #expect(
            inhibition.source(for: AlertKey(store: "t", rule: "late-1"), subject, standing: .breach, among: firing)
                == nil)
        #expect(
            inhibition.source(for: AlertKey(store: "s", rule: "dsr"), subject, standing: .breach, among: firing) == nil)
        #expect(
            inhibition.source(for: AlertKey(store: "s", rule: "outage"), subject, standing: .breach, among: firing)
                == nil)
    }

    @Test("a breach may hold back what is only a warning, and no other breach")
    func inhibitionByStanding() throws {
        var (source, target) = (AlertFilter(), AlertFilter())
        (source.standings, target.standings) = ([.breach], [.warning])
        let inhibition = Inhibition(source: source, target: target, equal: ["platform"])
        var walk = AlertWalk()
        walk.take(observed(.breach, 0))
        let firing = [try #require(walk.alert)]
        let other = AlertKey(store: "t", rule: "late")
        #expect(inhibition.source(for: other, subject, standing: .warning, among: firing) == key)
        #expect(inhibition.source(for: other, subject, standing: .breach, among: firing) == nil)
    }

    @Test("a silence ends by time, by hand, or lets through what grows worse")
    func silence() {
        var silence = Silence(
            id: "sil_1", filter: AlertFilter(), from: start, until: start + .hours(1), ends: .time, by: "mei", why: "x")
        func holds(_ event: NoticeItem.Event, _ standing: Standing, _ minute: Int64) -> Bool {
            silence.holds(key, subject, event, standing: standing, at: start + .minutes(minute))
        }
        #expect(!holds(.firing, .breach, -1))
        #expect(holds(.firing, .breach, 0))
        #expect(holds(.raised, .breach, 59))
        #expect(!holds(.firing, .breach, 60), "the end is excluded")
        silence.ends = .worse
        #expect(!holds(.raised, .breach, 5))
        #expect(!holds(.firing, .breach, 5))
        #expect(holds(.firing, .warning, 5))
        silence.endedAt = start + .minutes(5)
        #expect(!holds(.firing, .warning, 5))
    }

    @Test("a silence by severity holds alerts of rules alone, unless it names those about data")
    func silenceBySeverity() {
        var filter = AlertFilter()
        filter.severities = Severity.allCases.filter { $0 != .critical }
        func holds(_ rule: String, _ severity: Severity) -> Bool {
            var about = subject
            about.severity = severity
            let silence = Silence(
                id: "sil_1", filter: filter, from: start, until: nil, ends: .time, by: "mei", why: "x")
            return silence.holds(
                AlertKey(store: "s", rule: rule), about, .firing, standing: .breach, at: start + .minutes(1))
        }
        let data = HealthReport.rule("store:s")
        #expect(holds("late", .major) && !holds("late", .critical) && !holds(data, .major))
        filter.rules = [data]
        #expect(holds(data, .major))
    }

    @Test("an acknowledgement ends with the episode, with its time, and when it grows worse")
    func acknowledgement() throws {
        var walk = AlertWalk()
        walk.take(observed(.warning, 0))
        let alert = try #require(walk.alert)
        var word = Acknowledgement(
            key: key, episode: alert.episode, by: "mei", why: "on it", at: start, until: nil, change: 1)
        #expect(word.isInForce(for: alert, at: start + .days(9)))
        word.until = start + .days(1)
        #expect(!word.isInForce(for: alert, at: start + .days(1)))
        word.until = nil
        walk.take(observed(.breach, 1))
        #expect(!word.isInForce(for: try #require(walk.alert), at: start + .minutes(1)), "it grew worse")
        word.change = 2
        #expect(word.isInForce(for: try #require(walk.alert), at: start + .minutes(1)), "said again since")
        walk.take(observed(.warning, 2))
        #expect(word.isInForce(for: try #require(walk.alert), at: start + .minutes(2)), "better takes nothing back")
        walk.take(observed(.ok, 3))
        #expect(!word.isInForce(for: try #require(walk.alert), at: start + .minutes(3)))
    }

    @Test(
        "windows in the store's zone: over midnight, on the days the clocks change, in zones with half hours",
        arguments: [
            // Sunday 02:00 for 4 h, Berlin: on 2026-03-29 there is no 02:00; the first moment after is 03:00 +02:00.
            ("Europe/Berlin", "02:00", 4, "2026-03-29T00:59:59Z", nil),
            ("Europe/Berlin", "02:00", 4, "2026-03-29T01:00:00Z", "2026-03-29T05:00:00Z"),
            ("Europe/Berlin", "02:30", 4, "2026-03-29T01:00:00Z", "2026-03-29T05:00:00Z"),
            // On 2026-10-25 02:00 comes twice: the first counts, and a length is elapsed time.
            ("Europe/Berlin", "02:00", 4, "2026-10-25T00:00:00Z", "2026-10-25T04:00:00Z"),
            ("Europe/Berlin", "02:00", 4, "2026-10-25T04:00:00Z", nil),
            // From Sunday 22:00 over midnight.
            ("Asia/Shanghai", "22:00", 6, "2026-03-01T13:59:59Z", nil),
            ("Asia/Shanghai", "22:00", 6, "2026-03-01T19:59:59Z", "2026-03-01T20:00:00Z"),
            ("Asia/Kolkata", "23:30", 48, "2026-03-03T17:59:59Z", "2026-03-03T18:00:00Z"),
            ("Australia/Lord_Howe", "02:00", 1, "2026-10-03T15:30:00Z", "2026-10-03T16:30:00Z"),
        ] as [(String, String, Int64, String, String?)])
    func weekly(_ zone: String, _ at: String, _ hours: Int64, _ now: String, _ end: String?) throws {
        let calendar = try #require(StoreCalendar(timezone: zone))
        let parts = at.split(separator: ":").compactMap { Int64($0) }
        let window = StoreWindow(
            .maintenance,
            .weekly(
                weekdays: [7], microsecondsOfDay: (parts[0] * 60 + parts[1]) * 60_000_000, length: .hours(hours)))
        #expect(window.end(at: try moment(now), in: calendar) == (try end.map(moment)))
    }

    @Test("a window with a beginning and an end: the end is excluded")
    func once() throws {
        let calendar = try #require(StoreCalendar(timezone: "America/New_York"))
        let (from, until) = (
            StoreWindow.WallTime(day: LocalDay(year: 2026, month: 11, day: 27)),
            StoreWindow.WallTime(day: LocalDay(year: 2026, month: 11, day: 30), microsecondsOfDay: 8 * 3_600_000_000)
        )
        let window = StoreWindow(.promotion, .once(from: from, until: until))
        let end = try moment("2026-11-30T13:00:00Z")
        #expect(window.end(at: try moment("2026-11-27T04:59:59Z"), in: calendar) == nil)
        #expect(window.end(at: try moment("2026-11-27T05:00:00Z"), in: calendar) == end)
        #expect(window.end(at: end - .seconds(1), in: calendar) == end)
        #expect(window.end(at: end, in: calendar) == nil)
    }
}
