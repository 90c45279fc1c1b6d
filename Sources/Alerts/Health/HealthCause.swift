package import Facts
package import Rules

/// What is wrong with the data of a store, as one word that never changes.
package enum HealthCause: String, Sendable, Hashable, CaseIterable {
    /// Nothing complete has come for longer than it may take.
    case stale
    /// A part has come, and more belongs to it.
    case partial
    /// What is shown to the other side is not taken: a token was revoked, a consent is over.
    case auth
    /// It lets us in and withholds what rules rest on: a right is lacking.
    case right
    /// The other side asks to wait, and nothing has come since for too long.
    case throttled
    /// What comes cannot be understood: pages that are none, or too many facts set aside.
    case schema
    /// Pulls go well and bring nothing, where something always came.
    case empty
    /// Ours and the platform's own figures part.
    case reconcile
    /// What is ours is in the way: rows that cannot be read, a token that cannot be kept.
    case `internal`
    /// This machine's clock and those of the servers that it asks part.
    case clock
    /// Nothing is wrong yet: what lets us in ends soon, and nobody has renewed it.
    case expiry

    /// It may pass by itself. A warning; what needs somebody is a breach, and told as worse.
    package var isPassing: Bool {
        switch self {
        case .stale, .partial, .throttled, .empty, .expiry: true
        case .auth, .right, .schema, .reconcile, .internal, .clock: false
        }
    }

    package var standing: Standing { isPassing ? .warning : .breach }

    /// For people, in the place of a standing.
    package var title: Words {
        switch self {
        case .stale: Words(en: "data stale", zh: "数据过期")
        case .partial: Words(en: "data partial", zh: "数据不全")
        case .auth: Words(en: "access refused", zh: "授权失效")
        case .right: Words(en: "right lacking", zh: "权限不足")
        case .throttled: Words(en: "throttled", zh: "被限流")
        case .schema: Words(en: "data unreadable", zh: "数据无法解析")
        case .empty: Words(en: "data missing", zh: "数据缺失")
        case .reconcile: Words(en: "figures part", zh: "数据不一致")
        case .internal: Words(en: "internal fault", zh: "内部故障")
        case .clock: Words(en: "clock wrong", zh: "时钟偏差")
        case .expiry: Words(en: "ends soon", zh: "即将到期")
        }
    }
}
