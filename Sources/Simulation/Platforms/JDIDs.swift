/// JD's names for what happened.
package enum JDIDs {
    package static func order(_ order: PlatformHistory.Order) -> String {
        "\(214_746_364_100 + Int64(order.number) * 37)"
    }

    package static func afterSales(_ refund: PlatformHistory.Refund) -> Int64 { 1_403_551_200 + Int64(refund.number) }
    package static func comment(_ rating: PlatformHistory.Rating) -> String { "T\(11_000_000 + rating.number)" }
    package static func sku(_ product: Int) -> String { "\(10_020_030_400_500 + Int64(product))" }
}
