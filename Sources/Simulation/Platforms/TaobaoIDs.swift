/// TOP's names for what happened, all beyond what a double holds.
package enum TaobaoIDs {
    package static func trade(_ order: PlatformHistory.Order) -> Int64 {
        3_028_689_418_086_124_000 + Int64(order.number) * 10_007
    }

    /// The one part of a trade has the trade's number.
    package static func part(_ line: PlatformHistory.Line, of order: PlatformHistory.Order) -> Int64 {
        trade(order) + (order.lines.count == 1 ? 0 : Int64(line.number))
    }

    package static func refund(_ refund: PlatformHistory.Refund) -> String {
        "\(191_834_770_008_347_700 + Int64(refund.number) * 13)"
    }

    static func goods(_ product: Int) -> Int64 { 614_891_619_300 + Int64(product) }
}
