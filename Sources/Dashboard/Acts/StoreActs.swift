import Daemon
import Facts
import Rules

/// What people know of a store's facts, and wanting to know at once how it stands.
enum StoreActs {
    static func recheck(_ act: Act) async throws -> Words {
        let store = try act.store()
        try await RecheckTask(act.state).run(store.id)
        return Words(
            en: "'\(store.id)' is being pulled and judged; look again in a moment.", zh: "正在拉取并考核“\(store.id)”，请稍后刷新。")
    }

    static func mark(_ act: Act) async throws -> Words {
        let (store, fact) = (try act.store(), try act.text("fact"))
        let members = try act.text("members").split { $0 == " " || $0 == "," }.map(String.init)
        let outcome = try await MarkTask(.running(act.assembly)).set(
            fact, of: store.id, members, by: nil, why: try act.text("why"), until: act.until)
        return Words(en: "Marked: \(fact).", zh: "已标记：\(fact)。") + rules(outcome)
    }

    static func unmark(_ act: Act) async throws -> Words {
        let (store, fact) = (try act.store(), try act.text("fact"))
        let outcome = try await MarkTask(.running(act.assembly)).undo(
            fact, of: store.id, [], by: nil, why: try act.text("why"))
        return Words(en: "Taken back: the marks on \(fact).", zh: "已撤销 \(fact) 的标记。") + rules(outcome)
    }

    private static func rules(_ outcome: MarkTask.Outcome) -> Words {
        guard !outcome.rules.isEmpty else {
            return Words(en: " No figure of a rule changes by it.", zh: "没有规则的数值因此改变。")
        }
        let titles = outcome.rules.map(\.rule.title).joined(separator: Words(en: ", ", zh: "、"))
        return Words(en: " It changes figures of: ", zh: "数值因此改变的规则：") + titles + Words(en: ".", zh: "。")
    }
}
