package import Facts
import Language

/// What the resident buckets of all stores with one plan have in common: which figures are kept rolling, and how many
/// days the rings hold.
package final class ResidentLayout: Sendable {
    package let plan: RollupPlan
    /// The figures of whole days that are kept rolling; their place here is their number.
    package let readings: [Reading]
    /// Days in a ring.
    package let dayCount: Int
    /// For each reading its aggregate's index in the plan.
    let aggregates: [Int]
    /// For each aggregate of the plan the readings that it feeds.
    let readingsOfAggregate: [[Int]]
    /// For each aggregate the row that holds its sums; nil for a count, which has none.
    let sumRows: [Int?]
    let rowCount: Int
    private let places: [Reading: Int]

    /// Figures of a ring that reach further back than `limit` days are left to the ledger.
    package init(_ readings: some Sequence<Reading>, plan: RollupPlan, at: Timestamp, limit: Int = 400) {
        let today = plan.calendar.day(of: at)
        var (kept, aggregates, places) = ([Reading](), [Int](), [Reading: Int]())
        var reach = 1
        for reading in readings where reading.isOfWholeDays && places[reading] == nil {
            guard let index = plan.index(of: reading.aggregate) else { continue }
            // A month is up to 31 days longer than the one it is measured in; a quarter and a year to date grow.
            let days = ResidentLayout.reach(of: reading, from: today, at: at, plan.calendar)
            guard days <= limit else { continue }
            reach = max(reach, days)
            places[reading] = kept.count
            kept.append(reading)
            aggregates.append(index)
        }
        (self.plan, self.readings, self.aggregates, self.places) = (plan, kept, aggregates, places)
        dayCount = reach + ResidentLayout.slackDays
        readingsOfAggregate = plan.aggregates.indices.map { index in
            aggregates.indices.filter { aggregates[$0] == index }
        }
        var rows = plan.aggregates.count
        sumRows = plan.aggregates.map { aggregate in
            guard aggregate.reducer != .count else { return nil }
            rows += 1
            return rows - 1
        }
        rowCount = rows
    }

    /// The furthest that a reading can ever reach back: of windows in days what it reaches now, of the others the most
    /// that a calendar gives them.
    private static func reach(of reading: Reading, from today: LocalDay, at: Timestamp, _ calendar: StoreCalendar)
        -> Int
    {
        let now = max(0, reading.span(at: at, in: calendar).days.lowerBound.distance(to: today))
        guard let window = reading.window else { return now }
        let shifted = reading.shifts.reduce(0) { sum, shift in
            sum + shift.length * (shift.unit == .day ? 1 : shift.unit == .week ? 7 : 31)
        }
        let most =
            switch window.unit {
            case .hour: 0
            case .day: window.length
            case .week: window.length * 7 + 6
            case .month: window.length * 31 + 30
            case .weekToDate: 6
            case .monthToDate: 30
            case .quarterToDate: 91
            case .yearToDate: 365
            }
        return max(now, most + shifted)
    }

    /// Days beyond the longest window that a ring holds: rules of one store may stand a day or two apart.
    static let slackDays = 3

    /// The first day of a ring that stands at a moment.
    package func firstDay(at moment: Timestamp) -> LocalDay { plan.calendar.day(of: moment).advanced(by: 1 - dayCount) }

    package func place(of reading: Reading) -> Int? { places[reading] }

    /// The days of every reading at a moment: computed once for all stores that stand there.
    package func ranges(at: Timestamp) -> [Range<LocalDay>] {
        readings.map { $0.span(at: at, in: plan.calendar).days }
    }
}
