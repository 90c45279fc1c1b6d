import Facts
import Language
import Rollups
import Testing

@Suite("What has to be read")
struct NeedsTests {
    static let calendar = StoreCalendar.utc
    static let at = Timestamp(seconds: 20_543 * 86_400 + 3600)

    static func needs(_ metrics: KeyValuePairs<String, String>) throws -> Needs {
        MetricSet(vocabulary: try PackText.vocabulary(metrics)).needs(at: at, calendar: calendar)
    }

    @Test("one stretch of days for each kept aggregate, over all its windows and offsets")
    func cells() throws {
        let needs = try NeedsTests.needs([
            "a": "count(order by paid_at over 30d)", "b": "count(order by paid_at over 7d)",
            "c": "a offset 10d", "d": "count(refund by opened_at over 1d)",
        ])
        #expect(needs.facts.isEmpty)
        let today: Int32 = 20_543
        let days = Dictionary(uniqueKeysWithValues: needs.cells.map { ($0.key.text, $0.value) })
        #expect(
            days == [
                "count(order by paid_at)": LocalDay(number: today - 40)..<LocalDay(number: today),
                "count(refund by opened_at)": LocalDay(number: today - 1)..<LocalDay(number: today),
            ])
    }

    @Test(
        "facts for the unfinished day, for hours, for what is not additive, for what is in force",
        arguments: [
            ("count(order by paid_at over 30d including today)", 0.0, 3600.0),
            ("count(order by paid_at over 24h)", 3600.0 - 86_400, 3600.0),
            ("max(amount of order by paid_at over 2d)", -2 * 86_400.0, 0.0),
            ("distinct(buyer of order by paid_at over 2d including today)", -86_400.0, 3600.0),
        ])
    func facts(_ text: String, _ from: Double, _ until: Double) throws {
        let needs = try NeedsTests.needs(["m": text])
        let need = try #require(needs.facts.first)
        #expect(needs.facts.count == 1)
        let midnight = Timestamp(seconds: 20_543 * 86_400)
        // Both the unfinished day and hours include the moment and, for hours, not their begin.
        let tick = TimeSpan(microseconds: 1)
        let lower = midnight + TimeSpan(microseconds: Int64(from) * 1_000_000) + (text.contains("24h") ? tick : .zero)
        let upper = midnight + TimeSpan(microseconds: Int64(until) * 1_000_000) + (until > 0 ? tick : .zero)
        #expect(need.range == lower..<upper)
        #expect(
            need.anchors == [
                FactNeed.Anchor(kind: .order, member: try #require(Schema[.order].member("paid_at")), shift: .zero)
            ])
    }

    @Test(
        "an index can serve a member, moved, of the order or of the order file",
        arguments: [
            ("count(case by opened_at + 48h over 1h)", ["case opened_at +172800"]),
            ("count(case by opened_at - 1h over 1h)", ["case opened_at -3600"]),
            ("count(refund by order.paid_at over 1h)", ["order paid_at +0"]),
            ("count(order by min(refunded_at of refund where disputed) over 1h)", ["refund refunded_at +0"]),
            (
                "count(order by coalesce(picked_up_at, shipped_at) over 1h)",
                ["order picked_up_at +0", "order shipped_at +0"]
            ),
            (
                "count(order by if(tracked, picked_up_at, shipped_at + 1h) over 1h)",
                ["order picked_up_at +0", "order shipped_at +3600"]
            ),
            ("count(order by paid_at + (shipped_at - placed_at) over 1h)", []),
            ("count(order by paid_at + 1h * 2 over 1h)", []),
        ] as [(String, [String])])
    func anchors(_ text: String, _ expected: [String]) throws {
        let need = try #require(try NeedsTests.needs(["m": text]).facts.first)
        #expect(
            need.anchors.map {
                let seconds = $0.shift.microseconds / 1_000_000
                return "\($0.kind.name) \($0.member.name) \(seconds < 0 ? "" : "+")\(seconds)"
            } == expected)
    }

    @Test("the shift is taken off the range that an index is asked for")
    func values() throws {
        let need = try #require(try NeedsTests.needs(["m": "count(case by opened_at + 48h over 1h)"]).facts.first)
        #expect(
            need.anchors[0].values(for: need.range).upperBound == NeedsTests.at - .hours(48) + TimeSpan(microseconds: 1)
        )
    }

    @Test("the same text is the same aggregate, whatever its window; windows are not part of it")
    func sharing() throws {
        let set = MetricSet(
            vocabulary: try PackText.vocabulary(
                [
                    "a": "count(dispute by refunded_at over 30d)",
                    "b": "count(refund where disputed and not excluded by refunded_at over 7d offset 3d)",
                    "c": "mean(score of rating by rated_at over 90d)",
                ],
                kinds: ["dispute": "refund where disputed and not excluded"]))
        #expect(
            set.kept.map(\.text) == [
                "count(refund where disputed and not excluded by refunded_at)", "mean(score of rating by rated_at)",
            ])
        #expect(set.readings.count == 3)
    }
}
