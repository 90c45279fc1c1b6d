import Alerts
import Daemon
import Facts
import Rules

/// What people do about alerts, in the words of `goodstanding alerts`.
enum AlertActs {
    static func acknowledge(_ act: Act) async throws -> Act.Done {
        let (store, rule) = (try act.store(), try act.text("rule"))
        let word = try await AlertsTask(.running(act.assembly)).acknowledge(
            store.id, rule, by: nil, why: try act.text("why"), until: act.until)
        return Act.Done(
            en: "Acknowledged: \(act.caller.name) looks after '\(rule)' at '\(store.id)'.",
            zh: "已确认：\(act.caller.name) 正在跟进店铺“\(store.id)”的“\(rule)”。", id: word.episode)
    }

    static func accept(_ act: Act) async throws -> Act.Done {
        let (store, rule) = (try act.store(), try act.text("rule"))
        let isUndone = act.form["undo"] != nil
        if !isUndone, act.until == nil { _ = try act.text("until") }
        let acceptance = try await AlertsTask(.running(act.assembly)).accept(
            store.id, rule, by: nil, why: try act.text("why"), until: isUndone ? nil : act.until)
        guard let acceptance else {
            return Act.Done(
                en: "Nobody answers for '\(rule)' at '\(store.id)' any more.", zh: "店铺“\(store.id)”的“\(rule)”不再被接受。")
        }
        return Act.Done(
            en: "Accepted until \(acceptance.until): a breach of '\(rule)' at '\(store.id)' counts as a warning.",
            zh: "已接受至 \(acceptance.until)：店铺“\(store.id)”的“\(rule)”不达标计为预警。")
    }

    /// Of a rule at a store, or of the store while it is worked on.
    static func silence(_ act: Act) async throws -> Act.Done {
        let store = try act.patternStore()
        var filter = AlertFilter()
        filter.stores = [store.id]
        if let rule = act.form["rule"] {
            filter.rules = [rule]
        } else {
            // As the windows of a store: what is critical, and what is wrong with its data, is told all the same.
            filter.severities = Severity.allCases.filter { $0 != .critical }
        }
        guard let ends = Silence.End(rawValue: act.form["ends"] ?? "time") else {
            throw TaskError(Words(en: "a silence ends by time, resolved or worse", zh: "静默的结束方式不正确"), isUsage: true)
        }
        let (silence, alerts) = try await AlertsTask(.running(act.assembly)).silence(
            .init(filter: filter, until: act.until, ends: ends, by: nil, why: try act.text("why")))
        return Act.Done(
            en:
                "Silenced (\(silence.id.prefix(12))): \(counted(alerts.count, "alert")) that goes on is told to nobody.",
            zh: "已静默（\(silence.id.prefix(12))）：涉及 \(alerts.count) 条进行中的告警。", id: silence.id)
    }

    static func unsilence(_ act: Act) async throws -> Act.Done {
        let id = try act.text("silence")
        let task = AlertsTask(.running(act.assembly))
        if !act.caller.mayActOnAll {
            // What silences other stores too is not his to end.
            let silence = try await task.silences(all: false).first { $0.id == id }
            let stores = silence?.filter.stores ?? []
            let isOne = stores.allSatisfy { store in
                !store.contains { "*?".contains($0) } && act.caller.mayAct(on: store, in: act.assembly.fleet)
            }
            guard !stores.isEmpty, isOne else {
                throw Act.Forbidden()
            }
        }
        let silence = try await task.unsilence(id, why: try act.text("why"))
        return Act.Done(
            en: "The silence \(silence.id.prefix(12)) is over; what still goes on is told.",
            zh: "静默 \(silence.id.prefix(12)) 已结束；仍在进行的告警将会通知。", id: silence.id)
    }
}
