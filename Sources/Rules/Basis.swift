package import Facts

/// Who says that a limit is what it is. The weaker stands before the stronger.
package enum Basis: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The store's own figures of before, for want of any limit.
    case ownHistory = "own history"
    /// Ours, for want of the platform's word. Counts at most as a warning until the store's owner confirms it.
    case suggested
    /// Seen in back ends or told by sellers; the platform has not put it in writing.
    case observed
    /// The platform shows it to this store, in its back end or by its API.
    case shown
    /// The platform states it in public.
    case published

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Those that a pack may write; the others are told by where a value comes from.
    static let written: [Basis] = [.published, .observed, .suggested, .ownHistory]

    /// The weaker is less.
    package static func < (a: Basis, b: Basis) -> Bool { a.rank < b.rank }

    /// For people.
    package var title: Words {
        switch self {
        case .ownHistory: Words(en: "own history", zh: "自身历史")
        case .suggested: Words(en: "suggested", zh: "建议值")
        case .observed: Words(en: "observed", zh: "经验值")
        case .shown: Words(en: "shown", zh: "后台显示")
        case .published: Words(en: "published", zh: "平台公布")
        }
    }
}
