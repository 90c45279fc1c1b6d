package import Facts
package import Rules

/// What days to come bring, as far as it is known now.
package struct Agenda: Sendable {
    package var at: Timestamp
    /// By day, store and kind.
    package var items: [Item] = []
    /// Where people reach the pages.
    package var publicURL: String?

    package struct Item: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            /// A rule is well again.
            case recovery
            /// A rule stands worse, because of what leaves its window.
            case rollOff = "roll_off"
            /// The platform looks.
            case assessment
            /// The last day on which facts can be contested.
            case appeal
            /// A consent, a secret or a certificate ends.
            case expiry
            /// Readings are to be entered.
            case figures
        }

        /// The same whenever it is asked for, so that a calendar takes it for the same.
        package var id: String
        package var kind: Kind
        /// nil: it concerns no single store.
        package var store: Store?
        package var rule: String?
        /// In the store's zone; of what concerns no store in UTC.
        package var day: LocalDay
        package var title: Words
        package var details: Words
    }
}

extension Agenda.Item.Kind {
    package var title: Words {
        switch self {
        case .recovery: Words(en: "recovery", zh: "恢复")
        case .rollOff: Words(en: "roll-off", zh: "窗口滚动")
        case .assessment: Words(en: "assessment", zh: "考核")
        case .appeal: Words(en: "appeal", zh: "申诉")
        case .expiry: Words(en: "expiry", zh: "到期")
        case .figures: Words(en: "figures to enter", zh: "待录入")
        }
    }
}
