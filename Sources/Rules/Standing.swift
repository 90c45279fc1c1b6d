package import Facts

/// Where a store, or one rule of it, stands.
package enum Standing: String, Sendable, Hashable, CaseIterable {
    case ok
    /// The rule holds, what is preferred does not.
    case warning
    /// The rule is broken.
    case breach
    /// Nothing can be said yet: too small a sample, or no limit is known.
    case unjudged
    /// The data is stale, partial or failed: what would be said may be wrong.
    case unknown

    /// 0 is best. Unjudged is below all: it decides only where there is nothing else.
    package var rank: Int {
        switch self {
        case .unjudged: 0
        case .ok: 1
        case .warning: 2
        case .unknown: 3
        case .breach: 4
        }
    }

    /// As people list them.
    package static let worstFirst: [Standing] = [.breach, .unknown, .warning, .ok, .unjudged]

    /// The worst of several: breach, then unknown, then warning, then ok; unjudged only if all are, or there are none.
    package static func worst(of standings: some Sequence<Standing>) -> Standing {
        standings.max { $0.rank < $1.rank } ?? .unjudged
    }

    /// For people.
    package var title: Words {
        switch self {
        case .ok: Words(en: "ok", zh: "正常")
        case .warning: Words(en: "warning", zh: "预警")
        case .breach: Words(en: "breach", zh: "不达标")
        case .unjudged: Words(en: "unjudged", zh: "暂不考核")
        case .unknown: Words(en: "unknown", zh: "未知")
        }
    }
}

/// How much a rule weighs.
package enum Severity: String, Sendable, Hashable, CaseIterable {
    case critical, major
    /// Counts at most as a warning in the store's standing.
    case minor
    /// Does not count in the store's standing.
    case info

    /// What a rule of this severity adds to its store's standing; nil when nothing.
    package func counted(_ standing: Standing) -> Standing? {
        switch self {
        case .critical, .major: standing
        case .minor: standing == .breach ? .warning : standing
        case .info: nil
        }
    }
}
