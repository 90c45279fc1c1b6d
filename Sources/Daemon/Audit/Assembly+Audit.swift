import Facts
import Ledgers

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
