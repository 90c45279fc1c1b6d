package import Facts
package import Language
import Rollups

extension Window {
    /// The first local day by whose end what counts by `time` no longer does; nil when it does not leave within three
    /// years.
    ///
    /// - Parameter moment: of the evaluation that counts it.
    package func leavingDay(of time: Timestamp, after moment: Timestamp, in calendar: StoreCalendar) -> LocalDay? {
        let today = calendar.day(of: moment)
        // A window only ever moves on, so what it has left behind never comes back: the days can be halved.
        func hasLeft(_ days: Int) -> Bool {
            let end = calendar.startOfDay(today.advanced(by: days + 1)) - TimeSpan(microseconds: 1)
            return span(at: end, in: calendar).extent(in: calendar).lowerBound > time
        }
        var (counts, left) = (0, 1096)
        guard hasLeft(left) else { return nil }
        guard !hasLeft(counts) else { return today }
        while left - counts > 1 {
            let middle = (counts + left) / 2
            if hasLeft(middle) { left = middle } else { counts = middle }
        }
        return today.advanced(by: left)
    }
}
