import Alerts
package import Daemon
package import Facts
import Ledgers

extension AlertsTask.Told {
    /// What became of what a receiver was to hear, for people.
    ///
    /// - Parameter shown: a moment as it is shown there.
    package func words(_ shown: (Timestamp) -> String) -> Words {
        let (moment, answer) = (settledAt.map(shown) ?? "", answer ?? "")
        let more = because.map { $0.isEmpty ? Words("") : Words(en: " (\($0))", zh: "（\($0)）") } ?? Words("")
        let why = cause.map(Self.title).map { $0 + more } ?? Words("")
        switch outcome {
        case .waits: return cause == nil ? Words(en: "waits", zh: "等待中") : Words(en: "waits: ", zh: "等待中：") + why
        case .withheld: return Words(en: "not told: ", zh: "未通知：") + why
        case .sending where answer.hasPrefix(NoticeSettlement.digested):
            return Words(
                en: "waits: it is \(answer)", zh: "等待合并消息送达：\(answer.dropFirst(NoticeSettlement.digested.count))")
        case .taken where answer.hasPrefix(NoticeSettlement.digested):
            return Words(
                en: "\(answer), taken at \(moment)",
                zh: "\(moment) 已由合并消息送达：\(answer.dropFirst(NoticeSettlement.digested.count))")
        case .taken:
            let said = answer.isEmpty ? Words("") : Words(en: ", answered: \(answer)", zh: "，回应：\(answer)")
            return Words(en: "taken at \(moment), attempt \(attempts)", zh: "\(moment) 已送达，第 \(attempts) 次尝试") + said
        case .givenUp: return Words(en: "given up at \(moment): \(answer)", zh: "\(moment) 已放弃：\(answer)")
        case .sending where attempts > 0:
            return Words(en: "\(attempts) attempts failed: \(answer)", zh: "已尝试 \(attempts) 次：\(answer)")
        case .sending: return Words(en: "being sent", zh: "发送中")
        case .told: return Words(en: "told", zh: "已通知")
        }
    }

    /// Of what holds it, or why it is never told.
    private static func title(_ cause: String) -> Words {
        NoticeHold.Cause(rawValue: cause)?.title ?? NoticeGathering.NeverTold(rawValue: cause)?.title ?? Words(cause)
    }
}
