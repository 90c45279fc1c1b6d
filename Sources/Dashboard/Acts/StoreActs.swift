import Daemon
import Facts
import Rules

/// What people know of a store's facts, and wanting to know at once how it stands.
enum StoreActs {
    static func recheck(_ act: Act) async throws -> Act.Done {
        let store = try act.store()
        try await RecheckTask(act.state).run(store.id)
        return Act.Done(
            en: "'\(store.id)' is being pulled and judged; look again in a moment.", zh: "正在拉取并考核“\(store.id)”，请稍后刷新。")
    }

    static func mark(_ act: Act) async throws -> Act.Done {
        let store = try act.store()
        // One that is written, or those that were chosen among many.
        let facts = act.form.fields.filter { $0.name == "fact" && !$0.value.isEmpty }.map(\.value)
        guard !facts.isEmpty else {
            throw TaskError(Words(en: "no fact is chosen", zh: "未选择数据"), isUsage: true)
        }
        _ = try act.text("members")
        let members = act.form.fields.filter { $0.name == "members" }.flatMap { field in
            field.value.split { $0 == " " || $0 == "," }.map(String.init)
        }
        let why = try act.text("why")
        var (done, changed): ([String], [RuleEvaluation]) = ([], [])
        for fact in facts {
            do {
                let outcome = try await MarkTask(.running(act.assembly)).set(
                    fact, of: store.id, members, by: nil, why: why, until: act.until)
                done.append(fact)
                changed += outcome.rules.filter { rule in !changed.contains { $0.rule.id == rule.rule.id } }
            } catch let error as TaskError where !done.isEmpty {
                let before = done.joined(separator: ", ")
                throw TaskError(
                    error.words + Words(en: " (marked before it: \(before))", zh: "（此前已标记：\(before)）"),
                    isUsage: error.isUsage)
            }
        }
        let named = done.joined(separator: ", ")
        return Act.Done(Words(en: "Marked: \(named).", zh: "已标记：\(named)。") + rules(changed), id: done.first)
    }

    static func unmark(_ act: Act) async throws -> Act.Done {
        let (store, fact) = (try act.store(), try act.text("fact"))
        let outcome = try await MarkTask(.running(act.assembly)).undo(
            fact, of: store.id, [], by: nil, why: try act.text("why"))
        return Act.Done(
            Words(en: "Taken back: the marks on \(fact).", zh: "已撤销 \(fact) 的标记。") + rules(outcome.rules), id: fact)
    }

    /// One reading, with the same doubts as in the grid of figures.
    static func measure(_ act: Act) async throws -> Act.Done {
        let store = try act.store()
        let written = MeasureTask.Written(
            store: store.id, name: try act.text("name"), value: try act.text("value"),
            expected: act.form["expected"] ?? "", at: act.form["at"] ?? "", isMeant: act.form["is_meant"] == "true")
        let (outcome, left) = try await MeasureTask(.running(act.assembly)).enter([written]) {
            act.caller.mayAct(on: $0)
        }
        if let left = left.first {
            let mean = Words(en: " (is_meant says that it is)", zh: "（is_meant 表示确认无误）")
            throw TaskError(left.isDoubt ? left.because + mean : left.because)
        }
        return Act.Done(DueForm.words(outcome, left), id: outcome.taken.first?.reading.id)
    }

    /// The reading of a moment that somebody entered, or the newest.
    static func unmeasure(_ act: Act) async throws -> Act.Done {
        let (store, name) = (try act.store(), try act.text("name"))
        let undone = try await MeasureTask(.running(act.assembly)).undo(name, of: store.id, at: act.form["at"])
        let when = undone.calendar.text(of: undone.reading.at)
        return Act.Done(
            en: "Taken back: the reading of \(name) of \(when).", zh: "已撤回 \(name) 的读数（\(when)）。",
            id: undone.reading.id)
    }

    private static func rules(_ changed: [RuleEvaluation]) -> Words {
        guard !changed.isEmpty else {
            return Words(en: " No figure of a rule changes by it.", zh: "没有规则的数值因此改变。")
        }
        let titles = changed.map(\.rule.title).joined(separator: Words(en: ", ", zh: "、"))
        return Words(en: " It changes figures of: ", zh: "数值因此改变的规则：") + titles + Words(en: ".", zh: "。")
    }
}
