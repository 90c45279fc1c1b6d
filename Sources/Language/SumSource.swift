package import Facts

/// Where an expression outside aggregates takes its figures from: one store at one moment.
///
/// `shifts` are the offsets around what is asked, outermost first: the answer is as of that much before the moment,
/// applied one after the other at the same wall time.
package protocol SumSource {
    /// An aggregate with a span.
    func estimate(of aggregate: AggregateExpression, shifted shifts: [CalendarOffset]) -> Estimate
    /// The value in force at the shifted day; missing when the store has none.
    func parameter(_ name: String, shifted shifts: [CalendarOffset]) -> Value
    /// A parameter of type window; nil when the store has none.
    func window(_ name: String, shifted shifts: [CalendarOffset]) -> Window?
    /// A metric of the pack, as `Evaluator.estimate` gives it for the metric's expression; the source may remember it.
    func metric(_ name: String, shifted shifts: [CalendarOffset]) -> Estimate
    /// The store's days and clock, for `hour`, `weekday` and `day`.
    var calendar: StoreCalendar { get }
}
