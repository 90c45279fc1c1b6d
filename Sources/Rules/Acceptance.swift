package import Facts

/// A breach that somebody answers for: it stays visible and counts as a warning until a day.
package struct Acceptance: Sendable, Hashable {
    package var by: String
    package var why: String
    /// No longer on this local day of the store.
    package var until: LocalDay

    package init(by: String, why: String, until: LocalDay) { (self.by, self.why, self.until) = (by, why, until) }
}
