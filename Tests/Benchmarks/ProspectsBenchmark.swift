import Facts
import Foundation
import Language
import Rollups
import Rules

/// Every rule of a pack over many stores by the full evaluator, with headroom and what days to come will bring.
struct ProspectsBenchmark {
    private let pack: Pack
    private let count: Int
    private let calendar: StoreCalendar
    private let noon: Timestamp
    private var valuations = PackValuations()
    private var dice: UInt64 = 42

    init(pack path: String, stores: Int) throws {
        let text = SourceText(name: path, text: try String(contentsOfFile: path, encoding: .utf8))
        let (pack, diagnostics) = PackReader.read(text, isBuiltIn: false)
        guard let pack, let calendar = StoreCalendar(timezone: pack.timezone ?? "UTC") else {
            fatalError(diagnostics.map { $0.render() }.joined(separator: "\n"))
        }
        (self.pack, self.calendar, count) = (pack, calendar, stores)
        noon = calendar.startOfDay(LocalDay(year: 2026, month: 6, day: 1)) + .hours(12)
    }

    mutating func run() {
        let store = Store(id: "s", pack: pack.name, timezone: pack.timezone ?? "UTC")
        let kinds = FactKind.allCases.filter { $0 != .measure }
        let state = StoreState(
            store: store, calendar: calendar, pack: pack,
            coverage: Coverage(Dictionary(uniqueKeysWithValues: kinds.map { ($0, CoverageInterval(until: noon)) })))
        let set = valuations.valuation(of: pack, for: store, on: calendar.day(of: noon), StoreOverrides()).metrics
        var needs = Evaluation.needs(of: state, at: nil, clock: noon, &valuations)
        for rule in pack.rules { needs.add(Evaluation.outlookNeeds(of: rule, at: noon, state, set: set)) }
        var (evaluating, looking, lines) = (Duration.zero, Duration.zero, 0)
        for _ in 0..<count {
            let sums = made(needs)
            var began = ContinuousClock.now
            let evaluation = Evaluation.evaluate(state, sums: sums, at: nil, clock: noon, &valuations)
            evaluating += ContinuousClock.now - began
            began = .now
            for rule in evaluation.rules {
                lines += Evaluation.headroom(of: rule, state, sums: sums, set: set).count
                lines += Evaluation.outlook(of: rule, state, sums: sums, set: set)?.words.count ?? 0
            }
            looking += ContinuousClock.now - began
        }
        Benchmarks.report("rules", Double(pack.rules.count))
        Benchmarks.report("aggregates", Double(set.kept.count))
        Benchmarks.report("lines", Double(lines))
        Benchmarks.report("evaluating_s", evaluating / .seconds(1))
        Benchmarks.report("prospects_s", looking / .seconds(1))
    }

    /// A few hundred orders a month, and a few of what harms.
    private mutating func made(_ needs: Needs) -> StoreSums {
        var cells: [Aggregate: DayCells] = [:]
        for (index, (aggregate, days)) in needs.cells.sorted(by: { $0.key < $1.key }).enumerated() {
            var made = DayCells(days: days)
            for day in days {
                let count = Int64(next(aggregate.filter == nil || index % 3 == 0 ? 20 : 2))
                made.add(Cell(count: count, sum: aggregate.reducer == .count ? 0 : Int128(count) * 4_600_000), on: day)
            }
            cells[aggregate] = made
        }
        return StoreSums(cells: cells, files: [:])
    }

    private mutating func next(_ below: UInt64) -> UInt64 {
        dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (dice >> 33) % below
    }
}
