/// A sum of amounts in one currency, exact.
package struct Money: Sendable, Hashable {
    /// ISO 4217; nil where nobody says.
    package var currency: String?
    package var millionths: Int128

    package init(currency: String?, millionths: Int128) { (self.currency, self.millionths) = (currency, millionths) }

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

    /// For people, to the smallest coin: `CNY 12,345.60`; in Chinese `12,345.60 元`, and other money by its code.
    package func shown(_ tongue: Tongue) -> String {
        let amount = amount.grouped
        guard let currency else { return amount }
        return tongue("\(currency) \(amount)", currency == "CNY" ? "\(amount) 元" : "\(currency) \(amount)")
    }

    /// With as many digits behind the point as its currency has coins; of what has more none is dropped.
    private var amount: String {
        let parts = text.split(separator: ".")
        let digits = Self.withoutCoins.contains(currency ?? "") ? 0 : 2
        guard parts.count < 2, digits > 0 else { return text }
        return text + "." + String(repeating: "0", count: digits)
    }

    private static let withoutCoins: Set = ["JPY", "KRW", "VND", "CLP", "IDR", "PYG", "ISK", "UGX", "XAF", "XOF"]
}
