import Facts
import Language
import Rollups
import Rules
import Testing

/// A store with its pack and its facts, evaluated as the daemon does it: what is needed, what is read, where it stands.
struct Scene {
    var state: StoreState
    var files: [OrderFile]
    var valuations = PackValuations()

    /// All kinds are complete from the beginning up to `until`, and stale after a quarter of an hour.
    init(
        _ pack: Pack, _ files: [OrderFile] = [], until: Timestamp, timezone: String = "UTC",
        overrides: StoreOverrides = StoreOverrides()
    ) throws {
        let store = Store(id: "s", pack: pack.name, timezone: timezone)
        let kinds = FactKind.allCases.filter { $0 != .measure }
        state = StoreState(
            store: store, calendar: try #require(StoreCalendar(timezone: timezone)), pack: pack, overrides: overrides,
            coverage: Coverage(Dictionary(uniqueKeysWithValues: kinds.map { ($0, CoverageInterval(until: until)) })),
            freshness: Dictionary(uniqueKeysWithValues: kinds.map { ($0, Freshness(staleAfter: .minutes(15))) }))
        self.files = files
    }

    init(
        _ text: String, _ files: [OrderFile] = [], until: Timestamp, timezone: String = "UTC",
        overrides: StoreOverrides = StoreOverrides()
    ) throws {
        let (pack, diagnostics) = PackReader.read(SourceText(name: "p.yaml", text: text), isBuiltIn: false)
        #expect(places(diagnostics) == [])
        try self.init(try #require(pack), files, until: until, timezone: timezone, overrides: overrides)
    }

    mutating func evaluate(at fixed: Timestamp? = nil, clock: Timestamp) -> StoreEvaluation {
        let needs = Evaluation.needs(of: state, at: fixed, clock: clock, &valuations)
        let sums = StoreSums(reading: needs, from: files, calendar: state.calendar)
        return Evaluation.evaluate(state, sums: sums, at: fixed, clock: clock, &valuations)
    }
}

extension StoreEvaluation {
    /// `standing cause` of a rule.
    func shown(_ rule: String) -> String {
        rules.first { $0.rule.id == rule }.map { "\($0.standing.rawValue) \($0.because.word)" } ?? "no such rule"
    }
}
