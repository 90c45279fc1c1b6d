import Alerts
package import Facts
package import Ledgers
import Pull

/// Facts that somebody else's program brings by itself, into the ledger.
///
/// All that is pushed is of one source, which stands where a feed `push` at the end of the configuration's feeds would stand.
/// A body is looked at whole before any of it is kept.
package struct PushTask: Sendable {
    private let assembly: Assembly

    package init(_ assembly: Assembly) { self.assembly = assembly }

    /// As it came, and unpacked.
    package static let (greatestBytes, greatestUnpacked) = (16 << 20, 32 << 20)
    package struct Push: Sendable {
        var body: [UInt8]
        /// By gzip.
        var isCompressed: Bool
        /// A fact a line; else an object with a list `facts`.
        var isLines: Bool
        var completeFrom: Timestamp?
        var completeUntil: Timestamp?
        /// What is complete; nil: all of which the body tells.
        var stores: [String]?
        var kinds: FactKinds?

        package init(
            body: [UInt8], isCompressed: Bool = false, isLines: Bool, completeFrom: Timestamp? = nil,
            completeUntil: Timestamp? = nil, stores: [String]? = nil, kinds: FactKinds? = nil
        ) {
            (self.body, self.isCompressed, self.isLines) = (body, isCompressed, isLines)
            (self.completeFrom, self.completeUntil) = (completeFrom, completeUntil)
            (self.stores, self.kinds) = (stores, kinds)
        }
    }

    /// Why nothing was done.
    package enum Refusal: Error, Sendable {
        case unreadable(String)
        case tooLarge(String)
        case notYours(String)
        /// What is said to be complete cannot be.
        case untrue(String, parameter: String)
        case ledger(LedgerError)
    }

    package struct Outcome: Sendable {
        package var source = "\(SourceName.push)"
        package var committed = 0
        package var unchanged = 0
        package var conflicts = 0
        package var setAside: [FactKind: Int] = [:]
        package var displaced: [FactKind: Int] = [:]
        package var rejected: [Rejected] = []
        package var ignored = 0
        package var unknownMembers = UnknownMembers()
        package var complete: Complete?
        /// Why less is complete than was said.
        package var remark: String?
        /// What the batches did, for evaluation.
        var receipts: [(receipt: CommitReceipt, facts: Int)] = []
    }

    package struct Rejected: Sendable {
        package var position: String
        package var (store, kind, id): (String?, FactKind?, String?)
        package var reason: String
    }

    package struct Complete: Sendable, Equatable {
        package var stores: [String]
        package var kinds: FactKinds
        package var from: Timestamp?
        package var until: Timestamp
    }

    /// - Parameter mayWrite: whether who pushes may write facts of this kind of this store.
    package func run(
        _ push: Push, mayWrite: @Sendable (_ store: String, _ kind: FactKind) -> Bool
    ) async throws(Refusal) -> Outcome {
        if let until = push.completeUntil, until > assembly.clock.now {
            throw .untrue(
                "complete_until lies in the future: nobody can know yet that nothing is missing",
                parameter: "complete_until")
        }
        if let from = push.completeFrom, let until = push.completeUntil, from >= until {
            throw .untrue("complete_from has to lie before complete_until", parameter: "complete_from")
        }
        if push.completeUntil == nil, push.completeFrom != nil || push.stores != nil || push.kinds != nil {
            throw .untrue("what is complete says complete_until, too", parameter: "complete_until")
        }
        let text = try unpacked(push)
        do {
            let read = try PushedFacts(text, isLines: push.isLines, decoding: try await assembly.decoding())
            let complete = complete(push, read)
            try await check(read, complete, mayWrite)
            return try await keep(read, complete, of: text)
        } catch let error as LedgerError {
            throw .ledger(error)
        } catch let error as Refusal {
            throw error
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private func unpacked(_ push: Push) throws(Refusal) -> [UInt8] {
        guard push.isCompressed else { return push.body }
        do throws(Gzip.Fault) {
            return try Gzip.unpacked(push.body, atMost: Self.greatestUnpacked)
        } catch {
            switch error {
            case .damaged(let why): throw .unreadable("the body cannot be unpacked: \(why)")
            case .tooLarge:
                throw .tooLarge("the body has more than \(Self.greatestUnpacked >> 20) MiB once it is unpacked")
            }
        }
    }

    private func complete(_ push: Push, _ read: PushedFacts) -> Complete? {
        push.completeUntil.map { until in
            Complete(
                stores: push.stores.map { Array(Set($0)).sorted() } ?? read.stores.sorted(),
                kinds: push.kinds ?? read.kinds, from: push.completeFrom, until: until)
        }
    }

    /// All of it or nothing: a program that pushes what is not its own is wrong about more than that.
    private func check(
        _ read: PushedFacts, _ complete: Complete?, _ mayWrite: (String, FactKind) -> Bool
    ) async throws {
        func refuse(_ store: String, _ kind: String) -> Refusal {
            .notYours(
                "facts of the kind \(kind) of the store '\(store)' may not be pushed by who asks; nothing was done")
        }
        for fact in read.batches.joined().compactMap(\.fact) where !mayWrite(fact.store, fact.kind) {
            throw refuse(fact.store, fact.kind.name)
        }
        for rejection in read.rejections {
            // What names no store may be any store's, and counts against all that were ever pushed.
            let store = rejection.store ?? ""
            let kinds = rejection.kind.map { [$0] } ?? FactKind.allCases
            guard kinds.contains(where: { mayWrite(store, $0) }) else {
                throw refuse(store, rejection.kind?.name ?? "?")
            }
        }
        if let complete {
            let known = Set(try await assembly.watchedStores(nil).map(\.store.id)).union(read.stores)
            for store in complete.stores {
                guard known.contains(store) else {
                    throw Refusal.untrue("nothing is known of a store '\(store)'", parameter: "store")
                }
                for kind in complete.kinds.kinds where !mayWrite(store, kind) { throw refuse(store, kind.name) }
            }
        }
        // Who may write nothing at all does not fill the quarantine either.
        guard read.facts == 0, read.stores.isEmpty else { return }
        let stores = try await assembly.watchedStores(nil).map(\.store.id)
        guard stores.contains(where: { store in FactKind.allCases.contains { mayWrite(store, $0) } }) else {
            throw Refusal.notYours("who asks may push no facts")
        }
    }

    private func keep(
        _ read: PushedFacts, _ complete: Complete?, of text: [UInt8]
    ) async throws(LedgerError) -> Outcome {
        var outcome = Outcome(ignored: read.ignored, unknownMembers: read.unknownMembers)
        let now = assembly.clock.now
        let book = assembly.fleet.planBook(at: now)
        var finish: PullFinish?
        let nameless = read.rejections.count { $0.store == nil }
        if let complete {
            if complete.stores.isEmpty || complete.kinds.isEmpty {
                outcome.remark = "the body tells of no store, and none is named: nothing is complete by it"
            } else if nameless > 0 {
                outcome.remark =
                    "\(counted(nameless, "fact")) that \(nameless == 1 ? "names" : "name") no store may be of any, so "
                    + "nothing is complete by it"
            } else {
                outcome.complete = complete
                finish = PullFinish(
                    stores: .these(complete.stores), kinds: complete.kinds, from: complete.from, until: complete.until)
            }
        }
        let batches = read.batches.isEmpty && finish != nil ? [[]] : read.batches
        // By its contents: what belongs together is half told until all of it is there, and the same body again ends what
        // broke off.
        let telling = FactBatch.Telling(
            "push",
            edition: batches.count > 1 ? ContentID.digest(of: [String(decoding: text, as: UTF8.self)]) : "")
        for (index, batch) in batches.enumerated() {
            let isLast = index == batches.count - 1
            let part: FactBatch.Part =
                batches.count == 1
                ? .whole : isLast ? .last(of: telling, .these(read.stores.sorted()), []) : .more(of: telling)
            let subject = batches.count == 1 ? "" : "\(index + 1)/\(batches.count)"
            let entry = assembly.entry(of: "push", at: read.stores.count == 1 ? read.stores.first : nil, on: subject)
            let (rejected, stores) = (batch.count { $0.fact == nil }, read.stores.count)
            let receipt = try await assembly.ledger.commit(
                FactBatch(
                    source: .push, facts: batch.compactMap(\.fact),
                    rejections: PushedFacts.placed(batch), finish: isLast ? finish : nil, part: part, readAt: now),
                under: book
            ) { receipt in
                var entry = entry
                entry.details.insert(Self.counts(receipt, rejected, stores: stores), at: 0)
                return [entry]
            }
            outcome.add(receipt, batch)
        }
        return outcome
    }

    /// What one batch came to, for the audit.
    private static func counts(_ receipt: CommitReceipt, _ rejected: Int, stores: Int) -> Words {
        let moved = receipt.inserted + receipt.updated + receipt.deleted
        let aside = receipt.setAside.values.reduce(0, +)
        return Words(
            en:
                "\(moved) committed, \(receipt.unchanged) unchanged, \(receipt.conflicts) conflicting, \(aside) set aside, "
                + "\(rejected) quarantined, of \(counted(stores, "store"))",
            zh: "\(stores) 家店铺：写入 \(moved)，未变 \(receipt.unchanged)，冲突 \(receipt.conflicts)，搁置 \(aside)，隔离 \(rejected)")
    }
}

extension PushTask.Outcome {
    fileprivate mutating func add(_ receipt: CommitReceipt, _ batch: [PushedFacts.Element]) {
        committed += receipt.inserted + receipt.updated + receipt.deleted
        unchanged += receipt.unchanged
        conflicts += receipt.conflicts
        setAside.merge(receipt.setAside, uniquingKeysWith: +)
        displaced.merge(receipt.displaced, uniquingKeysWith: +)
        for case .rejected(let rejection, let position) in batch {
            rejected.append(
                PushTask.Rejected(
                    position: position, store: rejection.store, kind: rejection.kind, id: rejection.id,
                    reason: rejection.reason))
        }
        receipts.append((receipt, batch.count { $0.fact != nil }))
    }
}
