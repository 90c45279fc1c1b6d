package import Facts
package import Language

/// What is counted, without saying over which days. Two metrics that count the same thing share one.
///
/// Parameters of the pack have been replaced by their values before an aggregate is made: what counts depends on the
/// facts alone. Equal if its text is equal.
///
/// A class because it is a key on the way to every figure and is passed about by the thousand.
package final class Aggregate: Sendable {
    package let reducer: Reducer
    /// What is reduced; nil for `count` only.
    package let value: TypedExpression?
    package let kind: FactKind
    /// nil when every fact of the kind counts.
    package let filter: TypedExpression?
    package let time: Time
    /// The second argument of `percentile`.
    package let rank: Fraction?
    /// Canonical: the language's own text of it without `over` and what follows, such as
    /// `count(refund where disputed by refunded_at)`. The ledger knows an aggregate by it.
    package let text: String
    /// The kinds of fact that can change its value: its own, those it reads from the order file, and `order` when it
    /// reads `order.x`.
    package let kindsRead: FactKinds
    /// Those of them that are read from the order file, and not as the fact at hand. Empty: a fact counts by itself.
    package let fileKinds: FactKinds

    /// The kinds of which a fact that happens after a window's end may still turn one within it: a refund of today
    /// turns `count(order where has(refund) by placed_at …)` of last month. Not those that only say when
    /// (`min(refunded_at of refund)` can become no earlier by it), nor an order, which comes before all that names it.
    package let kindsTurning: FactKinds

    /// The kinds of which a fact of any age may move a figure: what stands elsewhere in the order file. An earlier
    /// refund that is not known moves `min(refunded_at of refund)`, an order that is not known leaves `order.placed_at`
    /// missing.
    package var kindsElsewhere: FactKinds { fileKinds.union(kindsRead.subtracting(FactKinds(kind))) }

    /// Those of them that come after the fact at hand: what becomes of an order is no older than the order, so that they
    /// have to be complete from a while before the window, and not from the beginning.
    package var kindsFollowing: FactKinds {
        kind == .order ? kindsElsewhere.subtracting(FactKinds(.order)) : []
    }

    /// How long an order that counts in a window may have been on its way to it: from its placing to its delivery, say.
    package static let longestWay = TimeSpan.days(31)

    /// Which time of a fact decides whether it counts.
    package enum Time: Sendable, Hashable {
        /// It counts on the local day of this time, and nowhere without it.
        case by(TypedExpression)
        /// It counts while begun and not ended; a missing end is not yet.
        case inForce(from: TypedExpression, until: TypedExpression)
    }

    /// nil for an aggregate without a span: that one is a part of another's filter or value and never stands alone.
    package init?(_ expression: AggregateExpression) {
        switch expression.span {
        case .orderFile: return nil
        case .window(let by, _): time = .by(by)
        case .inForce(let from, let until): time = .inForce(from: from, until: until)
        }
        (reducer, value, kind) = (expression.reducer, expression.value, expression.kind)
        (filter, rank) = (expression.filter, expression.rank)
        text = Printer.textWithoutWindow(of: expression)
        hash = Aggregate.fingerprint(of: text)
        isMonotone = expression.isMonotone
        var read = FactKinds()
        for part in [expression.value, expression.filter].compactMap({ $0 }) + time.expressions {
            part.collectFileKinds(into: &read)
        }
        // An order's file holds no other order: reading it is reading the fact at hand.
        if kind == .order { read.remove(FactKinds(.order)) }
        fileKinds = read
        var turning = FactKinds()
        for part in [expression.value, expression.filter].compactMap({ $0 }) { part.collectFileKinds(into: &turning) }
        kindsTurning = turning.subtracting(FactKinds(.order))
        kindsRead = read.union(FactKinds(kind))
    }

    /// Whether it only grows as facts are added (`AggregateExpression.isMonotone`).
    package let isMonotone: Bool

    /// Whether it lives in day buckets: an additive reducer over a `by`. All others are read from the facts.
    package var isKept: Bool {
        guard case .by = time else { return false }
        return reducer.isAdditive
    }

    /// Texts are compared only when these agree: aggregates are keys on the way to every figure.
    private let hash: UInt64
}

extension Aggregate: Hashable {
    package static func == (a: Aggregate, b: Aggregate) -> Bool {
        a === b || a.hash == b.hash && a.text == b.text
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    private static func fingerprint(of text: String) -> UInt64 {
        text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}

extension Aggregate: Comparable {
    package static func < (a: Aggregate, b: Aggregate) -> Bool { a.text < b.text }
}

extension Aggregate: CustomStringConvertible {
    package var description: String { text }
}

extension Aggregate.Time {
    var expressions: [TypedExpression] {
        switch self {
        case .by(let by): [by]
        case .inForce(let from, let until): [from, until]
        }
    }
}
