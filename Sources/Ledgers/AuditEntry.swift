import Crypto
package import Facts

/// What somebody did, or what was taken in: who, what, on what, when and why.
package struct AuditEntry: Sendable, Hashable {
    /// By which way an act came, in one word.
    package enum Way: String, Sendable, CaseIterable { case page, api, command, daemon }

    package var at: Timestamp
    package var who: String
    package var way: Way
    /// One word: `ack`, `silence`, `unsilence`, `accept`, `mark`, `unmark`, `measure`, `unmeasure`, `import`, `push`, `retry`,
    /// `drop`, `test`, `recheck`, `invite`, `consent`, `revoke` (of an owner's consent), `permit` (a configuration that ends
    /// much), `resume`, `load`.
    package var act: String
    /// nil: it is about no single store.
    package var store: String?
    /// A rule, a fact, a receiver, …; empty: all of it.
    package var subject: String
    package var why: String
    /// What it came to, a line each.
    package var details: [Words]

    package init(
        at: Timestamp, who: String, way: Way, act: String, store: String? = nil, subject: String = "",
        why: String = "", details: [Words] = []
    ) {
        (self.at, self.who, self.way, self.act) = (at, who, way, act)
        (self.store, self.subject, self.why, self.details) = (store, subject, why, details)
    }
}

/// An entry at its place in the chain: it holds the digest of the one before, so that none can be changed, taken out or put
/// in between without all that follow telling so.
package struct AuditRecord: Sendable, Hashable {
    /// From 1, without a gap.
    package var number: Int64
    package var entry: AuditEntry
    /// Of the record before; of the first `AuditRecord.beginning`.
    package var before: String
    package var digest: String

    package static let beginning = String(repeating: "0", count: 64)

    package init(number: Int64, entry: AuditEntry, before: String, digest: String) {
        (self.number, self.entry, self.before, self.digest) = (number, entry, before, digest)
    }

    /// The next one after a record.
    package init(_ entry: AuditEntry, after last: (number: Int64, digest: String)?) {
        let (number, before) = ((last?.number ?? 0) + 1, last?.digest ?? Self.beginning)
        self.init(
            number: number, entry: entry, before: before, digest: Self.digest(of: entry, number: number, after: before))
    }

    /// SHA-256 in hex over all that is kept, each part preceded by its length so that no two entries spell the same bytes.
    static func digest(of entry: AuditEntry, number: Int64, after before: String) -> String {
        let parts =
            [
                "\(number)", before, "\(entry.at.microseconds)", entry.who, entry.way.rawValue, entry.act,
                entry.store.map { "+" + $0 } ?? "-", entry.subject, entry.why,
            ] + entry.details.flatMap { [$0.en, $0.zh] }
        var hash = SHA256()
        for part in parts { hash.update(data: Array("\(part.utf8.count):\(part)".utf8)) }
        return hash.finalize().hex
    }

    /// Why this cannot be what was written after `last`; nil: it is.
    package func fault(after last: AuditRecord?) -> Words? {
        let place = Words(en: "entry \(number): ", zh: "第 \(number) 条：")
        guard number == (last?.number ?? 0) + 1 else {
            return place + Words(en: "entries before it are missing", zh: "之前有记录缺失")
        }
        guard before == last?.digest ?? Self.beginning else {
            return place + Words(en: "it does not follow the entry before it", zh: "与前一条不衔接")
        }
        guard digest == Self.digest(of: entry, number: number, after: before) else {
            return place + Words(en: "it was changed after it was written", zh: "写入后被改动")
        }
        return nil
    }
}
