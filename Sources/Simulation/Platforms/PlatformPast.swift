import Synchronization

/// What a history shows at one moment, kept until another moment is asked for: a store's life that is held still is looked
/// at thousands of times.
final class PlatformPast: Sendable {
    struct View: Sendable {
        var moment: Int64
        var orders: [PlatformHistory.Order]
        var refunds: [PlatformHistory.Refund]
        var ratings: [PlatformHistory.Rating]
    }

    private let view = Mutex<View?>(nil)

    func at(_ moment: Int64, of history: PlatformHistory) -> View {
        view.withLock { view in
            if let view, view.moment == moment { return view }
            let seen = View(
                moment: moment, orders: history.orders(at: moment), refunds: history.refunds(at: moment),
                ratings: history.ratings(at: moment))
            view = seen
            return seen
        }
    }
}
