package import Facts

/// Money that went back to buyers, over some days.
package struct Refunded: Sendable, Hashable {
    /// By currency.
    package private(set) var sums: [Money] = []
    package private(set) var count = 0
    /// Of these, those of which no amount is known.
    package private(set) var withoutAmount = 0

    package init() {}

    mutating func add(_ amount: Int64?, _ currency: String?) {
        count += 1
        guard let amount else { return withoutAmount += 1 }
        add(Money(currency: currency, millionths: Int128(amount)))
    }

    package mutating func add(_ other: Refunded) {
        count += other.count
        withoutAmount += other.withoutAmount
        for money in other.sums { add(money) }
    }

    private mutating func add(_ money: Money) {
        if let place = sums.firstIndex(where: { $0.currency == money.currency }) {
            sums[place].millionths += money.millionths
        } else {
            sums.append(money)
            sums.sort { $0.currency ?? "" < $1.currency ?? "" }
        }
    }
}
