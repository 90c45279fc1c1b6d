import Facts
import Language
import Rollups
import TestSupport
import Testing

@Suite("Figures with some order files replaced are those of the facts so changed")
struct ReplacingTests {
    /// A store of random facts, some of them changed, some gone, some come: every figure, kept in buckets or not, equals
    /// what is worked out anew.
    @Test("by any change of any facts", arguments: 0..<20)
    func equals(_ seed: UInt64) throws {
        let set = MetricSet(
            vocabulary: try PackText.vocabulary([
                "disputes": "count(order by min(refunded_at of refund where disputed) over 30d)",
                "taken": "sum(amount of order where not excluded by placed_at over 40d)",
                "answer": "mean(responded_at - opened_at of refund by responded_at over 14d)",
                "buyers": "distinct(buyer of order by placed_at over 30d)",
                "dear": "max(amount of order where not excluded by placed_at over 30d)",
                "newest": "latest(score of rating by rated_at over 30d)",
                "recent": "count(refund by opened_at over 72h)",
                "points": "sum(points of penalty where not excluded from issued_at until expires_at)",
            ]))
        let calendar = MetricReaderTests.calendar
        var made = MadeUpFacts(seed: seed)
        var before: [FactKey: Fact] = [:]
        for kind in FactKind.allCases {
            for number in 0..<30 {
                let fact = made.version(of: kind, id: String(number))
                if !fact.isDeleted { before[fact.key] = fact }
            }
        }
        var after = before
        for key in before.keys.sorted(by: { ($0.kind, $0.id) < ($1.kind, $1.id) }) where made.generator.percent(10) {
            let next = made.version(of: key.kind, id: key.id)
            after[key] = next.isDeleted ? nil : next
        }
        let (old, new) = (PlainLedger.files(of: before.values), PlainLedger.files(of: after.values))
        // Of every file that a changed fact is in, or was in, both sides whole.
        let touched = Set(
            before.keys.filter { before[$0] != after[$0] }
                .flatMap { [before[$0], after[$0]].compactMap { $0.map(PlainLedger.file) } })
        func those(_ files: [FactKey: OrderFile]) -> [OrderFile] {
            files.filter { touched.contains($0.key) }.map(\.value)
        }
        #expect(!touched.isEmpty)
        let second =
            Int64(made.first.number) * 86_400 + Int64.random(in: 20 * 86_400..<50 * 86_400, using: &made.generator)
        let at = Timestamp(microseconds: second * 1_000_000)
        let needs = set.needs(at: at, calendar: calendar)
        let replaced = StoreSums(reading: needs, from: Array(old.values), calendar: calendar)
            .replacing(those(old), by: those(new), for: needs, calendar: calendar)
        let anew = StoreSums(reading: needs, from: Array(new.values), calendar: calendar)
        #expect(replaced.cells == anew.cells)
        func values(_ sums: StoreSums) -> [Estimate] {
            let reader = MetricReader(sums: sums, set: set, calendar: calendar, at: at, coverage: nil)
            return set.vocabulary.metrics.keys.sorted().map { reader.value(of: $0) }
        }
        #expect(values(replaced) == values(anew))
    }
}
