import Synchronization

/// What a history shows at one moment, and what a platform makes of that, kept until another moment is asked for: a
/// store's life that is held still is looked at thousands of times.
final class PlatformPast: Sendable {
    struct View: Sendable {
        var moment: Int64
        var orders: [PlatformHistory.Order]
        var refunds: [PlatformHistory.Refund]
        var ratings: [PlatformHistory.Rating]
    }

    private struct Kept {
        var view: View?
        /// By type.
        var made: [ObjectIdentifier: any Sendable] = [:]
        /// The numbers of all orders by a platform's name for them, whatever the moment.
        var numbers: [String: Int]?
    }

    private let kept = Mutex(Kept())

    func at(_ moment: Int64, of history: PlatformHistory) -> View {
        kept.withLock { kept in
            if let view = kept.view, view.moment == moment { return view }
            let seen = View(
                moment: moment, orders: history.orders(at: moment), refunds: history.refunds(at: moment),
                ratings: history.ratings(at: moment))
            (kept.view, kept.made) = (seen, [:])
            return seen
        }
    }

    /// What `make` makes of a moment, made once; its type is its name.
    func made<Made: Sendable>(at moment: Int64, of history: PlatformHistory, _ make: (View) -> Made) -> Made {
        let view = at(moment, of: history)
        let name = ObjectIdentifier(Made.self)
        if let made = kept.withLock({ $0.made[name] }) as? Made { return made }
        let made = make(view)
        kept.withLock { if $0.view?.moment == moment { $0.made[name] = made } }
        return made
    }

    /// The number of the order that the platform names so, by its names for all.
    func number(_ text: String, of history: PlatformHistory, _ name: (PlatformHistory.Order) -> String) -> Int? {
        if let numbers = kept.withLock({ $0.numbers }) { return numbers[text] }
        let numbers = Dictionary(history.orders.map { (name($0), $0.number) }) { first, _ in first }
        kept.withLock { $0.numbers = numbers }
        return numbers[text]
    }
}
