package import Daemon
package import Facts
import Rules

/// What can still be contested, for people.
package enum AppealWords {
    /// What winning appeals would do.
    ///
    /// - Parameter printable: makes what came from outside fit for where it is shown.
    package static func worth(
        _ item: AppealsTask.Case, _ tongue: Tongue, printable: (String) -> String
    ) -> String {
        let all = item.count
        guard let relief = item.relief else {
            let tried =
                item.tried < all
                ? tongue("the first \(item.tried) of \(all)", "前 \(item.tried) / \(all) 条")
                : all == 1 ? tongue("this one", "该条") : tongue("all \(all)", "全部 \(all) 条")
            return tongue("\(tried) won would not change where it stands", "即使\(tried)申诉成功，状态也不会改变")
        }
        let gates = item.gates.map { tongue($0.title) }.joined(separator: tongue(", ", "、"))
        let end = gates.isEmpty ? "" : tongue(" and reopen \(gates)", "，并重新开放\(gates)")
        let count = relief.won.count
        let by = relief.won.deadline(among: item.appeals).map(item.calendar.endText)
        let (contested, early) = (by.map { ", contested by \($0)" } ?? "", by.map { "在 \($0) 前申诉并" } ?? "")
        let those = relief.won.those.map { printable($0.id) }.joined(separator: ", ")
        let who = Words(
            en: all == 1 ? "this one" : relief.won.isAny ? "any \(count) of these \(all)" : "\(those) of these \(all)",
            zh: all == 1 ? "该条" : relief.won.isAny ? "其中任意 \(count) 条（共 \(all) 条）" : "其中 \(those)（共 \(all) 条）")
        let one = all == 1 || !relief.won.isAny && count == 1
        return tongue(
            "\(who.en)\(contested)\(contested.isEmpty ? "" : " and") won, \(one ? "makes" : "make") it \(relief.then.title.en)\(end)",
            "\(who.zh)\(early)成功，即转为\(relief.then.title.zh)\(end)")
    }
}
