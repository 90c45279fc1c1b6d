package import Facts

/// Why something was given back, for people. A case's own words stay as they are.
package enum ReasonText {
    private static let chinese = [
        "quality": "质量问题", "not_as_described": "描述不符", "wrong_item": "发错货", "damaged": "破损", "not_received": "未收到货",
        "late": "延迟", "changed_mind": "不想要了", "price": "价格", "fraud": "欺诈", "other": "其他",
    ]

    package static func text(_ reason: String, _ tongue: Tongue) -> String { tongue(reason, chinese[reason] ?? reason) }
}
