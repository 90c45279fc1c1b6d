import Alerts
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
    /// How its platform is reached; nil: its facts come by feeds and files.
    package var access: PlatformAccess?
}

extension Watched {
    /// Why nobody is told of any of its alerts.
    var withholding: Withholding? { nil }
}
