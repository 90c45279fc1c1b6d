import Daemon
import Facts

/// What people do about receivers and what is owed to them, in the words of `goodstanding outbox`.
enum ReceiverActs {
    static func test(_ act: Act) async throws -> Act.Done {
        try act.requireAll()
        let tried = try await AlertsTask(.running(act.assembly)).test(try act.text("receiver"))
        guard tried.isTaken else { throw TaskError(tried.words) }
        return Act.Done(tried.words)
    }

    /// What waits for a receiver, or for all; or one notice that waits or was given up.
    static func retry(_ act: Act) async throws -> Act.Done {
        let task = OutboxTask(.running(act.assembly))
        guard let id = act.form["notice"] else {
            try act.requireAll()
            let count = try await task.retry(act.form["receiver"]).waited
            return Act.Done(en: "\(counted(count, "notice")) that waited can go now.", zh: "\(count) 条等待重试的通知现在可以发送。")
        }
        guard let entry = try await task.find(id), act.caller.mayRead(entry.store, in: act.assembly.fleet) else {
            throw TaskError(Words(en: "there is no such notice", zh: "没有这条通知"), isUsage: true)
        }
        guard act.caller.mayAct(on: entry.store, in: act.assembly.fleet) else { throw Act.Forbidden() }
        guard entry.state == "abandoned" else {
            throw TaskError(Words(en: "the notice was not given up", zh: "该通知未被放弃"), isUsage: true)
        }
        _ = try await task.retry(notice: id)
        return Act.Done(en: "Owed again: \(id.prefix(16)).", zh: "已重新排入发送：\(id.prefix(16))。", id: id)
    }
}
