package import Facts
package import Rules

/// How stores stood over some days, as it was shown then; what went wrong and why; what went back to buyers; and what is to
/// be done in the days to come.
package struct Report: Sendable {
    package var days: ClosedRange<LocalDay>
    package var at: Timestamp
    /// By id.
    package var stores: [OfStore] = []
    /// By label and value.
    package var labels: [OfLabel] = []
    /// Of the week that begins now.
    package var agenda: [Agenda.Item] = []

    package struct OfStore: Sendable {
        package var store: Store
        package var calendar: StoreCalendar
        /// How many of the days it stood where; days before anybody looked are left out.
        package var days: [Standing: Int] = [:]
        /// The days, among those of unknown, on which the daemon did not run.
        package var unwatched: [LocalDay] = []
        /// In the order of the pack; then those that it no longer has.
        package var rules: [OfRule] = []
        package var refunded = Refunded()
        /// By reason, what most went back for first.
        package var reasons: [(reason: String, refunded: Refunded)] = []

        package var breaches: Int { rules.reduce(0) { $0 + $1.stays.count { $0.standing == .breach } } }
    }

    package struct OfRule: Sendable {
        package var id: String
        package var title: Words
        /// nil: the pack no longer has it.
        package var severity: Severity?
        package var days: [Standing: Int] = [:]
        package var stays: [Stood.Stay] = []
    }

    /// All stores that bear a label of a value.
    package struct OfLabel: Sendable {
        package var key: String
        package var value: String
        package var stores = 0
        /// Of all its stores together.
        package var days: [Standing: Int] = [:]
        package var breaches = 0
        package var refunded = Refunded()
        /// Why its stores were in breach, what was so most often first.
        package private(set) var causes: [Cause] = []
        /// By reason, what most went back for first.
        package private(set) var reasons: [(reason: String, refunded: Refunded)] = []
        /// Of the week that begins now, what concerns one of its stores.
        package var agenda: [Agenda.Item] = []

        mutating func add(_ store: OfStore) {
            stores += 1
            days.merge(store.days, uniquingKeysWith: +)
            breaches += store.breaches
            refunded.add(store.refunded)
            for rule in store.rules {
                for stay in rule.stays where stay.standing == .breach { add(rule, stay, at: store.store) }
            }
            for (reason, refunded) in store.reasons {
                if let place = reasons.firstIndex(where: { $0.reason == reason }) {
                    reasons[place].refunded.add(refunded)
                } else {
                    reasons.append((reason, refunded))
                }
            }
            causes.sort { ($1.breaches, $0.rule, $0.because.en) < ($0.breaches, $1.rule, $1.because.en) }
            reasons.sort { ($1.refunded.count, $0.reason) < ($0.refunded.count, $1.reason) }
        }

        private mutating func add(_ rule: OfRule, _ stay: Stood.Stay, at store: Store) {
            let known = causes.firstIndex {
                $0.rule == rule.id && $0.title == rule.title && $0.because == stay.because
            }
            let place = known ?? causes.count
            if known == nil { causes.append(Cause(rule: rule.id, title: rule.title, because: stay.because)) }
            causes[place].breaches += 1
            causes[place].days += stay.days
            if !causes[place].stores.contains(where: { $0.id == store.id }) { causes[place].stores.append(store) }
        }
    }

    /// Why stores were in breach of a rule.
    package struct Cause: Sendable {
        package var rule: String
        package var title: Words
        package var because: Words
        package var breaches = 0
        /// Of all its breaches together.
        package var days = 0
        /// By id.
        package var stores: [Store] = []
    }

    /// Of all stores.
    package var whole: OfLabel {
        stores.reduce(into: OfLabel(key: "", value: "")) { $0.add($1) }
    }
}
