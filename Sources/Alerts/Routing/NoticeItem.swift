package import Facts
package import Rules

/// One event as one receiver is to hear of it, written in its form. One or several make a notice.
package struct NoticeItem: Sendable, Hashable {
    package enum Event: String, Sendable, Hashable, CaseIterable {
        case firing, raised, lowered, reminder, resolved, flapping, settled, paused, resumed
    }

    /// Of receiver, episode and change: the same however often it is made.
    package let id: String
    package let receiver: String
    package let key: AlertKey
    package let episode: String
    /// The number of the event; of a reminder that of the last.
    package let change: Int
    package let event: Event
    package let standing: Standing
    package let madeAt: Timestamp
    package let interest: Route.Interest
    /// With which others it is told; empty: by itself.
    package let grouping: String
    /// Found by the first look at a store, or by a new rule, or come of a changed rule or limit.
    package let isBeginning: Bool
    /// It changes once a day, at the store's midnight.
    package let isDaily: Bool
    package let body: [UInt8]

    package init(
        id: String, receiver: String, key: AlertKey, episode: String, change: Int, event: Event, standing: Standing,
        madeAt: Timestamp, interest: Route.Interest, grouping: String, isBeginning: Bool, isDaily: Bool, body: [UInt8]
    ) {
        (self.id, self.receiver, self.key, self.episode, self.change) = (id, receiver, key, episode, change)
        (self.event, self.standing, self.madeAt, self.interest) = (event, standing, madeAt, interest)
        (self.grouping, self.isBeginning, self.isDaily, self.body) = (grouping, isBeginning, isDaily, body)
    }
}

/// Why something is not told yet.
package struct NoticeHold: Sendable, Hashable {
    package enum Cause: String, Sendable, Hashable, CaseIterable {
        case silence, maintenance, promotion, inhibited, escalation
        /// It is night, its group's time has not come, or others of its kind are still being found: nothing of it is left out.
        case quiet, group
        case firstLook = "first_look"

        /// What began and ended meanwhile is never told.
        var withholds: Bool { self != .quiet && isHeldBack }
        /// What it held is told together with what others held.
        var isHeldBack: Bool { self != .group && self != .firstLook }

        package var title: Words {
            switch self {
            case .silence: Words(en: "silence", zh: "静默")
            case .maintenance: Words(en: "maintenance", zh: "维护")
            case .promotion: Words(en: "promotion", zh: "促销")
            case .inhibited: Words(en: "held back by another alert", zh: "被其他告警抑制")
            case .escalation: Words(en: "a later step of escalation", zh: "升级步骤未到")
            case .quiet: Words(en: "night", zh: "夜间免打扰")
            case .group: Words(en: "its group", zh: "等待合并")
            case .firstLook: Words(en: "others of the same first look", zh: "等待首轮考核完成")
            }
        }
    }

    package var cause: Cause
    /// The silence, the window's reason, the alert that holds it back.
    package var because: String
    /// nil: nobody knows.
    package var until: Timestamp?

    package init(_ cause: Cause, because: String = "", until: Timestamp?) {
        (self.cause, self.because, self.until) = (cause, because, until)
    }
}
