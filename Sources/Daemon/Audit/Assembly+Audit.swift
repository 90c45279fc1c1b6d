import Alerts
import Facts
import Ledgers
import Notify

/// How acts come into the audit.
///
/// An act in the ledger is handed its entry and writes it in its own transaction, so that there is neither without the other.
/// An act outside it (a receiver is tried, a store is looked at anew, an owner consents, a configuration is taken in) is
/// begun once its entry is written; what came of it, where that matters, is an entry of its own.
extension Assembly {
    /// What somebody is about to do.
    ///
    /// - Parameters:
    ///   - act: one word, that of the command or of the form.
    ///   - name: in whose name it is done, where the act itself says so.
    func entry(
        of act: String, at store: String? = nil, on subject: String = "", by name: String? = nil, why: String = "",
        _ details: [Words] = []
    ) -> AuditEntry {
        AuditEntry(of: act, at: store, on: subject, by: name, why: why, when: clock.now, details)
    }

    /// Of readings that somebody enters, one a store: there are thousands, of a table.
    func entries(of readings: [HandReading]) -> [AuditEntry] {
        Dictionary(grouping: readings, by: \.store).sorted { $0.key < $1.key }.map { store, readings in
            entry(
                of: "measure", at: store,
                readings.map { Words("\($0.id) \(($0.value ?? $0.expected)?.description ?? "–")") })
        }
    }

    /// Writes down that a configuration is taken in, before it is, and what is another by it, limits first.
    ///
    /// - Parameter old: what was in force in this process; nil: it begins, and what was is read in the ledger.
    func auditLoad(after old: Fleet?) async throws(LedgerError) {
        let limits = FleetLimits(fleet)
        let before = try await ledger.note(.limits).map(FleetLimits.init(text:))
        var details = before.map { limits.differences(from: $0) } ?? []
        let told = Set(details.map(\.changed))
        var rest: [Words]?
        if let old {
            rest = FleetDifferences.differences(from: old, to: fleet)
        } else {
            rest = try await ledger.note(.configuration).map { FleetRecord(text: $0).differences(to: fleet) }
        }
        details += (rest ?? []).filter { !told.contains($0.changed) }
        if details.isEmpty {
            details.append(
                before == nil
                    ? Words(en: "loaded for the first time", zh: "首次加载") : Words(en: "nothing changed", zh: "没有变化"))
        }
        let entry = AuditEntry(
            at: clock.now, who: "daemon", way: .daemon, act: "load", subject: "configuration \(fleet.digest)",
            details: details)
        // What the next load is held against goes with it: none is passed over, and none told twice.
        let kinds = config.receivers.map { "\($0.id)\t\($0.writing.kind.rawValue)" }.joined(separator: "\n")
        try await ledger.keep(
            [.limits: limits.text, .configuration: FleetRecord.text(of: fleet), .receivers: kinds], audit: [entry])
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

extension Words {
    /// What of a line of differences says which key it is about.
    fileprivate var changed: String { en.firstRange(of: " was ").map { String(en[..<$0.lowerBound]) } ?? en }
}

extension AuditEntry {
    /// By whoever the task works for; see `Behalf`.
    init(
        of act: String, at store: String? = nil, on subject: String = "", by name: String? = nil, why: String = "",
        when now: Timestamp, _ details: [Words] = []
    ) {
        let behalf = Behalf.of(name)
        var details = details
        if let name, name != behalf.name { details.append(Words(en: "in the name of \(name)", zh: "以 \(name) 的名义")) }
        self.init(
            at: now, who: behalf.name, way: behalf.way, act: act, store: store, subject: subject, why: why,
            details: details)
    }
}
