import Daemon

/// Why something was given back, for people. A case's own words stay as they are.
enum ReasonText {
    private static let chinese = [
        "quality": "质量问题", "not_as_described": "描述不符", "wrong_item": "发错货", "damaged": "破损", "not_received": "未收到货",
        "late": "延迟", "changed_mind": "不想要了", "price": "价格", "fraud": "欺诈", "other": "其他",
    ]

    static func text(_ reason: String) -> String {
        let text = Terminal.printable(reason)
        return Tongue.current(text, chinese[reason] ?? text)
    }
}
