/// A sum of amounts in one currency, exact.
package struct Money: Sendable, Hashable {
    /// ISO 4217; nil where nobody says.
    package var currency: String?
    package var millionths: Int128

    /// Its shortest exact decimal, with two digits where it has any: `19.90`, `20`, `0.123456`.
    package var text: String {
        let (whole, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var text = (millionths < 0 ? "-" : "") + "\(whole)"
        guard rest > 0 else { return text }
        var digits = "\(rest)"
        digits = String(repeating: "0", count: 6 - digits.count) + digits
        while digits.count > 2, digits.hasSuffix("0") { digits.removeLast() }
        text += "." + digits
        return text
    }
}

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
