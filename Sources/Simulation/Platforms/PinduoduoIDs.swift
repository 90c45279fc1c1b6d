/// Pinduoduo's names for what happened.
package enum PinduoduoIDs {
    /// `190228-355530178612389`: the day on which it was placed, and fifteen digits.
    package static func order(_ order: PlatformHistory.Order) -> String {
        let day = BeijingTime.text(order.placed).prefix(10).filter { $0 != "-" }.dropFirst(2)
        return "\(day)-\(355_530_178_612_389 + Int64(order.number) * 1_000_003)"
    }

    /// The number of the order; nil: there is none of that name.
    static func number(_ name: String) -> Int? {
        guard let serial = name.split(separator: "-").last.flatMap({ Int64($0) }) else { return nil }
        let (number, rest) = (serial - 355_530_178_612_389).quotientAndRemainder(dividingBy: 1_000_003)
        return rest == 0 ? Int(number) : nil
    }

    package static func afterSales(_ refund: PlatformHistory.Refund) -> Int64 { 30_185_129_900 + Int64(refund.number) }
    static func goods(_ product: Int) -> Int64 { 863_369_480 + Int64(product) }
    static func sku(_ product: Int) -> String { "\(13_182_332_980 + Int64(product))" }
}
