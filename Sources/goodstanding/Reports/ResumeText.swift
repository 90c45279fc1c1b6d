import Daemon
import Facts

/// What letting go of a held ledger would do, or did.
enum ResumeText {
    static func text(_ report: ResumeTask.Report, letsGo: Bool) -> String {
        let tongue = Tongue.current
        guard let reason = report.reason else {
            return tongue(
                "nothing is held: this is the ledger that was at work here last\n", "没有暂停：该账本就是此前在此运行的账本\n")
        }
        var lines = [tongue(reason) + tongue(":", "：")]
        for token in report.tokens {
            let (first, more) = (Terminal.printable(token.stores[0]), token.stores.count - 1)
            let stores = more == 0 ? first : tongue("\(first) and \(more) more", "\(first) 等 \(more + 1) 家")
            if let why = token.isOver {
                lines.append(
                    "  "
                        + tongue(
                            Words(en: "token    \(stores): not refreshed, since ", zh: "令牌  \(stores)：无法刷新，") + why
                                + Words(en: "; goodstanding auth \(first)", zh: "；goodstanding auth \(first)")))
                continue
            }
            let at = token.at.map { tongue("at \($0)", "于 \($0)") } ?? tongue("with the next pull", "在下次拉取时")
            lines.append("  " + tongue("token    \(stores): refreshed \(at)", "令牌  \(stores)：\(at)刷新"))
        }
        if report.tokens.isEmpty { lines.append("  " + tongue("token    none is refreshed", "令牌  无需刷新")) }
        for owed in report.notices {
            let since = owed.since.map { tongue(", the oldest of \($0)", "，最早的生成于 \($0)") } ?? ""
            let name = Terminal.printable(owed.receiver)
            lines.append(
                "  "
                    + tongue(
                        "notices  \(name): \(counted(owed.count, "notice")) sent at once\(since)",
                        "通知  \(name)：立即发送 \(owed.count) 条\(since)"))
        }
        if report.notices.isEmpty { lines.append("  " + tongue("notices  none is owed", "通知  没有待发送的通知")) }
        lines.append(
            letsGo
                ? tongue("Let go: a daemon that runs does so within seconds.", "已恢复：正在运行的守护进程会在数秒内生效。")
                : tongue(
                    "Stop the original first, if it is still at work. Then: goodstanding resume --yes",
                    "如果原账本仍在运行，请先停止。然后执行：goodstanding resume --yes"))
        return lines.joined(separator: "\n") + "\n"
    }
}
