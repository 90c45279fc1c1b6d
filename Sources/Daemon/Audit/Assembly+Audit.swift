import Alerts
import Facts
import Ledgers
import Notify

extension Assembly {
    /// Writes down what somebody did, as soon as it is done.
    ///
    /// - Parameters:
    ///   - act: the word of the command.
    ///   - name: in whose name it was done, where the act itself says so.
    func audit(
        _ act: String, of store: String? = nil, on subject: String = "", by name: String? = nil, why: String = "",
        _ details: [Words] = []
    ) async throws(LedgerError) {
        try await ledger.audit(act, of: store, on: subject, by: name, why: why, details, at: clock.now)
    }

    /// The same of readings that somebody entered, an entry a store: thousands, of a table.
    func audit(_ taken: [MeasureTask.Taken]) async throws(LedgerError) {
        guard !taken.isEmpty else { return }
        let (behalf, now) = (Behalf.of(nil), clock.now)
        let byStore = Dictionary(grouping: taken, by: \.store.id).sorted { $0.key < $1.key }
        try await ledger.append(
            byStore.map { store, taken in
                AuditEntry(
                    at: now, who: behalf.name, way: behalf.way, act: "measure", store: store,
                    details: taken.map { Words("\($0.reading.id) \($0.reading.value?.description ?? "–")") })
            })
    }

    /// Writes down that a configuration is in force, and what is another by it, limits first.
    ///
    /// - Parameter old: what was in force in this process; nil: it begins, and only of limits is known what they were.
    func auditLoad(after old: Fleet?) async throws(LedgerError) {
        let limits = FleetLimits(fleet)
        let before = try await ledger.note(.limits).map(FleetLimits.init(text:))
        var details = before.map { limits.differences(from: $0) } ?? []
        if let old {
            let told = Set(details)
            details += FleetDifferences.differences(from: old, to: fleet).filter { !told.contains($0) }
        }
        if details.isEmpty {
            details.append(
                before == nil
                    ? Words(en: "loaded for the first time", zh: "首次加载") : Words(en: "nothing changed", zh: "没有变化"))
        }
        try await ledger.append(
            AuditEntry(
                at: clock.now, who: "daemon", way: .daemon, act: "load", subject: "configuration \(fleet.digest)",
                details: details))
        try await ledger.keep(limits.text, as: .limits)
        let kinds = config.receivers.map { "\($0.id)\t\($0.writing.kind.rawValue)" }.joined(separator: "\n")
        try await ledger.keep(kinds, as: .receivers)
    }
}

extension Config {
    /// Receivers that are of another kind than when a configuration was last in force: what is owed to them was written for
    /// that one.
    func changedReceivers() async -> [Words] {
        guard let ledger = try? Assembly.openLedger(self, .read), let text = try? await ledger.note(.receivers) else {
            return []
        }
        let before = text.split(separator: "\n").map { $0.split(separator: "\t", maxSplits: 1).map(String.init) }
        let known = Dictionary(before.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
        return receivers.compactMap { receiver in
            let kind = receiver.writing.kind.rawValue
            guard let old = known[receiver.id], old != kind else { return nil }
            return Words(
                en:
                    "receiver '\(receiver.id)' is \(kind) and was \(old) when the daemon loaded its configuration last: what it is still owed was written for \(old), and what it was told counts as told; another kind is better given another id",
                zh:
                    "接收方“\(receiver.id)”现为 \(kind)，守护进程上次加载配置时为 \(old)：尚未送达的消息是按 \(old) 编写的，已告知的内容也视为已告知；更换类型时最好另取 id"
            )
        }
    }
}

extension Ledger {
    func audit(
        _ act: String, of store: String? = nil, on subject: String = "", by name: String? = nil, why: String = "",
        _ details: [Words] = [], at now: Timestamp
    ) async throws(LedgerError) {
        let behalf = Behalf.of(name)
        var details = details
        if let name, name != behalf.name { details.append(Words(en: "in the name of \(name)", zh: "以 \(name) 的名义")) }
        try await append(
            AuditEntry(
                at: now, who: behalf.name, way: behalf.way, act: act, store: store, subject: subject, why: why,
                details: details))
    }
}
