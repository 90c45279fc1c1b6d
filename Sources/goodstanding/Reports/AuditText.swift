import Daemon
import Facts

/// The audit for people.
enum AuditText {
    static func table(_ entries: [AuditTask.Entry]) -> String {
        let tongue = Tongue.current
        guard !entries.isEmpty else { return tongue("nothing is written down\n", "没有记录\n") }
        var table = TextTable([
            (tongue("ENTRY", "序号"), .right), (tongue("AT", "时间"), .left), (tongue("WHO", "操作者"), .left),
            (tongue("WAY", "途径"), .left), (tongue("ACT", "操作"), .left), (tongue("ON", "对象"), .left),
            (tongue("WHY", "原因"), .left), (tongue("WHAT", "内容"), .left),
        ])
        for entry in entries {
            table.add([
                .init("\(entry.number)"), .init("\(entry.at)"), .init(entry.who), .init(entry.way),
                .init(entry.act), .init(entry.object), .init(entry.why),
                .init(entry.details.map { tongue($0) }.joined(separator: "; ")),
            ])
        }
        return table.text
    }

    static func text(_ verdict: AuditTask.Verdict) -> String {
        let tongue = Tongue.current
        if let fault = verdict.fault { return tongue(fault) + "\n" }
        return tongue(
            "\(verdict.count) \(verdict.count == 1 ? "entry" : "entries") as they were written; the last digest is \(verdict.digest)\n",
            "\(verdict.count) 条记录与写入时一致；最后的摘要为 \(verdict.digest)\n")
    }
}
