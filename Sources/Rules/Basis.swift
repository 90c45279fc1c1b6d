/// Who says that a limit is what it is.
package enum Basis: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Ours, for want of the platform's word. Counts at most as a warning until the store's owner confirms it.
    case suggested
    /// Seen in back ends or told by sellers; the platform has not put it in writing.
    case observed
    /// The platform states it in public.
    case published

    private var rank: Int {
        switch self {
        case .suggested: 0
        case .observed: 1
        case .published: 2
        }
    }

    /// The weaker is less.
    package static func < (a: Basis, b: Basis) -> Bool { a.rank < b.rank }
}
