package import Alerts
package import Facts
package import Ledgers
package import Rules

/// A store that is watched, with everything that does not change from day to day.
package struct Watched: Sendable {
    package var store: Store
    package var pack: Pack
    package var overrides: StoreOverrides
    package var calendar: StoreCalendar
    package var quarantineLimit: Int
    package var precedence: SourcePrecedence
    /// Its standings and alerts follow what our own people have marked.
    package var countsMarks = false
    /// When nobody wants to hear of it.
    package var windows: [StoreWindow] = []
    /// Of what nobody is told.
    package var observed: StoreEntry.Confirmation = .none
    /// How its platform is reached; nil: its facts come by feeds and files.
    package var access: PlatformAccess?
}

extension Watched {
    /// Of the windows in force the one that lasts longest, and when it is over; nil: none is.
    package func window(at moment: Timestamp) -> (window: StoreWindow, end: Timestamp)? {
        windows.compactMap { window in window.end(at: moment, in: calendar).map { (window, $0) } }
            .max { $0.end < $1.end }
    }

    /// Whether alerts of a rule are kept and not told; nil: of the store's data.
    package func isObserved(_ rule: String?) -> Bool {
        switch observed {
        case .none: false
        case .all: true
        case .rules(let rules): rule.map(rules.contains) ?? false
        }
    }
}
