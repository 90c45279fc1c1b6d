import Daemon
import Dashboard
import Facts

/// What is owed to receivers, for people and for programs.
enum OutboxText {
    static func table(_ entries: [OutboxTask.Entry], _ calendar: (String) -> StoreCalendar) -> String {
        let tongue = Tongue.current
        guard !entries.isEmpty else { return tongue("no such notice\n", "没有此类通知\n") }
        var table = TextTable([
            (tongue("NOTICE", "通知"), .left), (tongue("RECEIVER", "接收方"), .left), (tongue("STORE", "店铺"), .left),
            (tongue("RULE", "规则"), .left), (tongue("MADE", "生成于"), .left), (tongue("STATE", "状态"), .left),
            (tongue("TRIED", "次数"), .right), (tongue("NEXT OR SETTLED", "下次/完成"), .left),
            (tongue("ANSWER OR REASON", "回应或原因"), .left),
        ])
        for entry in entries {
            let calendar = calendar(entry.store)
            table.add([
                .init(String(entry.id.prefix(16))), .init(entry.receiver), .init(entry.store), .init(entry.rule),
                .init(calendar.shown(entry.madeAt)), .init(tongue(entry.state, states[entry.state] ?? entry.state)),
                .init("\(entry.attempts)"), .init(calendar.shown(entry.at)),
                .init(entry.because ?? ""),
            ])
        }
        return table.text
    }

    private static let states = ["owed": "待发送", "taken": "已送达", "abandoned": "已放弃"]

    static func json(_ entries: [OutboxTask.Entry]) -> String {
        JSONValue.array(entries.map(NoticeBody.json)).text + "\n"
    }
}
