/// Every kind of fact and every member, once. Decoding, the language, the ledger's tables, the manual and the JSON
/// Schema read it: adding a member is one line here (and a migration of the ledger).
package enum Schema {
    /// Members every kind has, after its own. (`kind`, `store`, `id`, `updated_at` and `deleted` are not members:
    /// they identify and order versions. `labels` is a map and stands apart.)
    static let common: [Member] = [
        .bool("excluded", "the platform does not count it: exempt, appeal won, test order", zh: "平台不计入：豁免、申诉成功、测试单"),
        .word(
            "appeal", ["none", "open", "won", "lost"],
            "how an appeal against it stands; won, it is `excluded` unless that is given",
            zh: "申诉状态；成功且未给出 excluded 时视为不计入"),
        .time("appeal_by", "until when it can be appealed", zh: "申诉截止时间"),
    ]

    package static subscript(kind: FactKind) -> KindSchema { kinds[Int(kind.rawValue)] }

    static let names = kinds.map(\.name)

    /// In the order of `FactKind`.
    package static let kinds: [KindSchema] = [
        KindSchema(
            "order", "an order placed at the store", zh: "订单",
            [
                .time("placed_at", "when the buyer placed it", zh: "下单时间"),
                .time("paid_at", "when it was paid", zh: "付款时间"),
                .time("ship_by", "until when the seller has to hand it over", zh: "应发货时间"),
                .time("shipped_at", "when the seller says it was shipped", zh: "发货时间"),
                .time("picked_up_at", "the carrier's first scan", zh: "揽收时间"),
                .time("deliver_by", "until when delivery was promised", zh: "应送达时间"),
                .time("delivered_at", "when it arrived", zh: "签收时间"),
                .time("completed_at", "when the platform closed it as done", zh: "成交时间"),
                .time("canceled_at", "when it was canceled", zh: "取消时间"),
                .word("canceled_by", ["buyer", "seller", "platform"], "who canceled it", zh: "取消方"),
                .word(
                    "status", ["open", "paid", "shipped", "delivered", "completed", "canceled"], "where it is", zh: "状态"
                ),
                .money("amount", "what the buyer pays for it", zh: "金额"),
                .string("currency", "ISO 4217 code of the amount", zh: "币种"),
                .amount("units", "pieces ordered", zh: "件数"),
                .bool("tracked", "it travels with a valid tracking number", zh: "有有效运单号"),
                .word("fulfillment", ["seller", "platform"], "who ships it", zh: "履约方"),
                .buyer,
            ]),
        KindSchema(
            "line", "one product within an order", zh: "订单行",
            [
                .order,
                .string("product", "the product's number", zh: "商品编号"),
                .amount("units", "pieces ordered", zh: "件数"),
                .money("amount", "what the buyer pays for it", zh: "金额"),
                .string("currency", "ISO 4217 code of the amount", zh: "币种"),
                .time("ship_by", "until when the seller has to hand it over", zh: "应发货时间"),
                .time("shipped_at", "when the seller says it was shipped", zh: "发货时间"),
                .time("canceled_at", "when it was canceled", zh: "取消时间"),
                .word("canceled_by", ["buyer", "seller", "platform"], "who canceled it", zh: "取消方"),
            ]),
        KindSchema(
            "parcel", "one parcel of an order", zh: "包裹",
            [
                .order,
                .time("shipped_at", "when the seller says it was shipped", zh: "发货时间"),
                .time("picked_up_at", "the carrier's first scan", zh: "揽收时间"),
                .time("deliver_by", "until when delivery was promised", zh: "应送达时间"),
                .time("delivered_at", "when it arrived", zh: "签收时间"),
                .bool("tracked", "it travels with a valid tracking number", zh: "有有效运单号"),
            ]),
        KindSchema(
            "refund", "a refund or another after-sales case about money or goods", zh: "退款售后",
            [
                .order,
                .string("product", "the product's number", zh: "商品编号"),
                .time("opened_at", "when the buyer asked for it", zh: "申请时间"),
                .time("responded_at", "when the seller first answered", zh: "首次响应时间"),
                .time("closed_at", "when it ended", zh: "完结时间"),
                .time("refunded_at", "when the money went back", zh: "退款成功时间"),
                .time("intervened_at", "when the platform stepped in", zh: "平台介入时间"),
                .word(
                    "type",
                    ["refund", "return", "exchange", "repair", "resend", "claim", "chargeback", "fraud_report"],
                    "what is asked for", zh: "售后类型"),
                .word(
                    "reason",
                    [
                        "quality", "not_as_described", "wrong_item", "damaged", "not_received", "late", "changed_mind",
                        "price", "fraud", "other",
                    ], "why", zh: "原因"),
                .word("status", ["open", "refunded", "rejected", "withdrawn", "closed"], "where it is", zh: "状态"),
                .bool("disputed", "the platform counts it as a dispute", zh: "纠纷"),
                .bool("intervened", "the platform stepped in", zh: "平台介入"),
                .word("liable", ["seller", "buyer", "carrier", "platform", "none"], "who is held liable", zh: "责任方"),
                .word("closed_by", ["seller", "buyer", "platform"], "who ended it", zh: "完结方"),
                .money("amount", "the money asked back", zh: "退款金额"),
                .string("currency", "ISO 4217 code of the amount", zh: "币种"),
                .buyer,
            ]),
        KindSchema(
            "rating", "a buyer's rating", zh: "评价",
            [
                .order,
                .string("product", "the product's number", zh: "商品编号"),
                .time("rated_at", "when it was given", zh: "评价时间"),
                .score("score", "the overall score", zh: "总评分"),
                .score("description", "the score for matching the description", zh: "描述相符"),
                .score("logistics", "the score for shipping", zh: "物流服务"),
                .score("service", "the score for service", zh: "服务态度"),
                .buyer,
            ]),
        KindSchema(
            "case", "an inquiry, a complaint, a fault or another service case", zh: "服务工单",
            [
                .order,
                .word(
                    "type", ["inquiry", "complaint", "fault", "repair", "installation"], "what it is about", zh: "类型"),
                .amount("severity", "1 is the worst", zh: "级别（1 最重）"),
                .time("opened_at", "when it was opened", zh: "受理时间"),
                .time("responded_at", "when it was first answered", zh: "首次响应时间"),
                .time("resolved_at", "when it was resolved", zh: "解决时间"),
                .time("archived_at", "when its record was filed", zh: "归档时间"),
                .time("due_at", "until when it was promised", zh: "承诺时间"),
                .bool("first_time_fixed", "it was fixed at the first visit", zh: "一次修复"),
                .bool("reopened", "it was opened again", zh: "重新打开"),
                .amount("visits", "visits made", zh: "上门次数"),
                .score("csat", "the customer's satisfaction score", zh: "满意度"),
                .string("product", "the product's number", zh: "商品编号"),
                .string("reason", "why, in the organisation's own words", zh: "原因"),
                .amount("estimated_minutes", "the time estimated", zh: "预计分钟数"),
                .amount("waited_minutes", "how long the customer waited", zh: "等待分钟数"),
                .string("channel", "how it came in", zh: "渠道"),
            ]),
        KindSchema(
            "penalty", "points, a fine or a measure taken by the platform", zh: "处罚",
            [
                .string("type", "the platform's name for it", zh: "类型"),
                .time("issued_at", "when it was issued", zh: "处罚时间"),
                .time("expires_at", "when it stops counting", zh: "失效时间"),
                .amount("points", "points given", zh: "扣分"),
                .money("amount", "money taken", zh: "金额"),
                .string("currency", "ISO 4217 code of the amount", zh: "币种"),
            ]),
        KindSchema(
            "measure", "a reading that no event carries", zh: "指标读数",
            [
                .string("name", "what was read", zh: "指标名"),
                .time("at", "the moment it holds for", zh: "读数时间"),
                .number("value", "the reading", zh: "读数"),
                .number("expected", "what the value is held against: a target, a peer mean, a book stock", zh: "对照值"),
            ]),
    ]
}

/// One kind's members and where a `Fact` keeps them.
package struct KindSchema: Sendable {
    package let name: String
    package let meaning: Words
    /// Own members first, then the common ones; a member's slot counts within its storage.
    package let members: [Member]
    /// How many integers and texts a fact of this kind holds.
    package let numberCount: Int
    package let textCount: Int
    /// The text slot of `order`, if facts of this kind may name one.
    package let orderSlot: Int?

    init(_ name: String, _ meaning: String, zh: String, _ own: [Member]) {
        self.name = name
        self.meaning = Words(en: meaning, zh: zh)
        var (numbers, texts) = (0, 0)
        members = (own + Schema.common).map { member in
            var placed = member
            if member.type == .string {
                placed.slot = texts
                texts += 1
            } else {
                placed.slot = numbers
                numbers += 1
            }
            return placed
        }
        (numberCount, textCount) = (numbers, texts)
        orderSlot = members.first { $0.name == "order" }?.slot
    }

    package func member(_ name: String) -> Member? { members.first { $0.name == name } }

    /// The words of an enumeration; empty: the member is none.
    package func words(of name: String) -> [String] {
        if case .word(let words) = member(name)?.type { words } else { [] }
    }
}

/// One member of a kind.
package struct Member: Sendable, Hashable {
    package let name: String
    package let type: MemberType
    package let meaning: Words
    /// Cannot be negative: a negative value sends the fact to quarantine, and a `sum` of it only grows.
    package let isNeverNegative: Bool
    /// An amount in major units of a currency: the one number that may also be written as a decimal string.
    package internal(set) var isMoney = false
    /// Between what scores lie; nil for all else.
    package internal(set) var scale: ClosedRange<Int>?
    /// Where a `Fact` keeps it: an index into its `texts` for a string, into its `numbers` for all else.
    package internal(set) var slot = 0

    static func time(_ name: String, _ meaning: String, zh: String) -> Member {
        Member(name: name, type: .time, meaning: Words(en: meaning, zh: zh), isNeverNegative: false)
    }
    static func bool(_ name: String, _ meaning: String, zh: String) -> Member {
        Member(name: name, type: .bool, meaning: Words(en: meaning, zh: zh), isNeverNegative: false)
    }
    static func string(_ name: String, _ meaning: String, zh: String) -> Member {
        Member(name: name, type: .string, meaning: Words(en: meaning, zh: zh), isNeverNegative: false)
    }
    static func word(_ name: String, _ words: [String], _ meaning: String, zh: String) -> Member {
        Member(name: name, type: .word(words), meaning: Words(en: meaning, zh: zh), isNeverNegative: false)
    }
    /// A number that cannot be negative.
    static func amount(_ name: String, _ meaning: String, zh: String) -> Member {
        Member(name: name, type: .number, meaning: Words(en: meaning, zh: zh), isNeverNegative: true)
    }
    /// Stars: 1 to 5.
    static func score(_ name: String, _ meaning: String, zh: String) -> Member {
        var member = amount(name, meaning, zh: zh)
        member.scale = 1...5
        return member
    }
    static func number(_ name: String, _ meaning: String, zh: String) -> Member {
        Member(name: name, type: .number, meaning: Words(en: meaning, zh: zh), isNeverNegative: false)
    }
    /// An amount in major units of the fact's `currency`.
    static func money(_ name: String, _ meaning: String, zh: String) -> Member {
        var member = amount(name, meaning, zh: zh)
        member.isMoney = true
        return member
    }
    static let order = string("order", "the order it belongs to", zh: "所属订单")
    static let buyer = string("buyer", "a keyed hash, there only to count distinct buyers", zh: "买家（加密哈希，仅用于去重计数）")
}

/// What a member holds.
package enum MemberType: Sendable, Hashable {
    /// Millionths.
    case number
    /// Microseconds since 1970, UTC.
    case time
    /// 0 or 1.
    case bool
    /// One of these, kept as its index.
    case word([String])
    case string
}
