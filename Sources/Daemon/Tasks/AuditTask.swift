package import Facts
import Ledgers

/// What people did and what was taken in, out of the ledger, and whether it is still what was written.
package struct AuditTask: Sendable {
    private let opening: Opening

    package init(_ opening: Opening) { self.opening = opening }

    /// One entry, with its place in the chain.
    package struct Entry: Sendable {
        package var number: Int64
        package var at: Timestamp
        package var who: String
        /// page, api, command or daemon.
        package var way: String
        package var act: String
        package var store: String?
        package var subject: String
        package var why: String
        package var details: [Words]
        package var before: String
        package var digest: String

        init(_ record: AuditRecord) {
            let entry = record.entry
            (number, before, digest) = (record.number, record.before, record.digest)
            (at, who, way, act) = (entry.at, entry.who, entry.way.rawValue, entry.act)
            (store, subject, why, details) = (entry.store, entry.subject, entry.why, entry.details)
        }

        /// Store and what of it: `north late-shipment`.
        package var object: String { [store ?? "", subject].filter { !$0.isEmpty }.joined(separator: " ") }
    }

    /// In the order in which it was written.
    ///
    /// - Parameter since: of that moment and later; nil: from the beginning.
    package func list(since moment: Timestamp?) async throws -> [Entry] {
        let ledger = try opening.assembly(.read).ledger
        var records: [AuditRecord] = []
        while true {
            let page = try await ledger.audit(
                since: moment, after: records.last?.number ?? 0, limit: Self.pageSize)
            records += page
            if page.count < Self.pageSize { return records.map(Entry.init) }
        }
    }

    /// The newest first.
    ///
    /// - Parameters:
    ///   - number: only before it; nil: from the newest on.
    ///   - stores: only what was done at these; nil: all.
    package func newest(before number: Int64?, of stores: [String]?, limit: Int) async throws -> [Entry] {
        try await opening.assembly(.read).ledger.audit(before: number, of: stores, limit: limit).map(Entry.init)
    }

    private static let pageSize = 1000

    package struct Verdict: Sendable {
        package var count: Int
        /// Of the last entry: whoever notes it elsewhere can tell later whether the end was cut off.
        package var digest: String
        /// What is wrong at the first place at which something is; nil: nothing.
        package var fault: Words?
    }

    /// - Parameter known: the digest of an entry that was noted elsewhere, and that has to be there.
    package func verify(known: String?) async throws -> Verdict {
        let ledger = try opening.assembly(.read).ledger
        var verdict = Verdict(count: 0, digest: AuditRecord.beginning)
        var (last, isKnown): (AuditRecord?, Bool) = (nil, known == nil)
        while true {
            let page = try await ledger.audit(since: nil, after: last?.number ?? 0, limit: Self.pageSize)
            for record in page {
                if let fault = record.fault(after: last) {
                    verdict.fault = fault
                    return verdict
                }
                (last, verdict.count, verdict.digest) = (record, verdict.count + 1, record.digest)
                isKnown = isKnown || known.map { !$0.isEmpty && record.digest.hasPrefix($0.lowercased()) } ?? false
            }
            guard page.count == Self.pageSize else { break }
        }
        if !isKnown {
            verdict.fault = Words(
                en: "no entry has the digest that was noted: the end was cut off, or all of it was written anew",
                zh: "没有与所记摘要相符的记录：末尾被截去，或全部被重写")
        }
        return verdict
    }
}
