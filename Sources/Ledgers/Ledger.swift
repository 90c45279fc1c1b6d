package import Alerts
package import Facts
package import Rollups
package import Rules

/// What is remembered: facts and what is counted of them, how far each source was pulled, alerts and notices.
///
/// Several may work on one ledger at once, also from several processes; each method is one transaction unless it says
/// otherwise, and what it returned is on the disk. A method that throws has changed nothing.
package protocol Ledger: Sendable {
    // MARK: Facts

    /// Takes in a page: facts, first-known state, the movement of the day buckets, what was rejected, coverage and the
    /// cursor, all or nothing. The same page again changes nothing but the cursor.
    ///
    /// For the store of every fact the book is asked how to count. A store's buckets stay exact whatever plan they were
    /// built for: aggregates that this plan does not know are forgotten, those not built yet wait for `adopt`.
    ///
    /// - Parameter audit: what is written into the audit with it; see `append`.
    func commit(
        _ batch: FactBatch, under book: PlanBook, audit: @escaping @Sendable (CommitReceipt) -> [AuditEntry]
    ) async throws(LedgerError) -> CommitReceipt

    /// Where pulling stands; `store` nil for a feed. Empty for a source never pulled.
    func pullRecord(of source: SourceName, store: String?) async throws(LedgerError) -> PullRecord

    /// Keeps where pulling stands though no page has come; `store` nil for a feed.
    func keep(state: String, of source: SourceName, store: String?) async throws(LedgerError)

    /// Notes that a pull failed, and where the next one goes on.
    func noteFailure(
        of source: SourceName, store: String?, state: String, at moment: Timestamp, because reason: String,
        trouble: PullTrouble?
    ) async throws(LedgerError)

    /// How the pulls of all feeds and stores go; where they go on (`PullRecord.state`) is left out.
    func pullRecords() async throws(LedgerError) -> [PulledSource: PullRecord]

    /// Facts in a stable order (store id, kind, id), tombstones included, set-aside ones not. A page is one
    /// transaction; facts that arrive between pages may or may not be seen.
    func facts(_ selection: FactSelection, after position: FactPosition?, limit: Int) async throws(LedgerError)
        -> FactPage

    // MARK: Stores

    /// The ids of every store that a fact or a rejection named, rising.
    func seenStores() async throws(LedgerError) -> [String]

    /// The ids of the stores of which a pull or an import has told a part, and more belongs to it; rising.
    func halfToldStores() async throws(LedgerError) -> [String]

    /// The ledger's revision and the stores that moved after `revision`. Cheap enough to ask every second.
    func changes(since revision: Int64) async throws(LedgerError) -> LedgerChanges

    /// How much happened at each store in [from, until), by the moments that its facts tell; of stores and kinds of which
    /// there are no facts, nothing. Reads every fact: for a person who asks.
    func activity(from: Timestamp, until: Timestamp) async throws(LedgerError) -> [String: [FactKind: Activity]]

    // MARK: Figures

    /// What evaluations need, for all stores as of one moment. Aggregates whose buckets are not built yet are counted
    /// from the facts: slow, and right. A store never seen reads as one without facts. Writes nothing.
    func readings(_ requests: [ReadingRequest], now: Timestamp) async throws(LedgerError) -> [StoreReading]

    /// What the buckets of stores hold: what fills resident buckets. Aggregates whose buckets are not built yet are
    /// counted from the facts. Writes nothing.
    func buckets(_ requests: [BucketRequest]) async throws(LedgerError) -> [StoreBuckets]

    /// Makes the ledger fit a changed configuration: settles which source holds each kind, builds the aggregates that
    /// stores lack and forgets those no longer wanted, and makes the indexes.
    ///
    /// Works in many short transactions while others read and write; what a kill interrupts, the next call finishes.
    /// Stores that lack nothing cost a lookup. `progress` is told after each transaction.
    func adopt(
        _ book: PlanBook, for stores: [String], now: Timestamp,
        progress: @escaping @Sendable (AdoptProgress) async -> Void
    ) async throws(LedgerError)

    /// Counts a store's facts anew and compares with its buckets.
    func verify(_ store: String, under plan: RollupPlan) async throws(LedgerError) -> RollupVerification

    /// The order files behind a figure.
    func files(of store: String, for need: FactNeed) async throws(LedgerError) -> [OrderFile]

    // MARK: Marks

    /// Keeps what our own people know of facts. The same marks again change nothing; of one that is known its undoing is
    /// taken in. Facts need not be there.
    ///
    /// - Returns: how many changed anything.
    @discardableResult
    func keep(_ marks: [Mark], audit: [AuditEntry]) async throws(LedgerError) -> Int

    /// All that were ever made at a store, by kind, fact, member and moment.
    func marks(of store: String) async throws(LedgerError) -> [Mark]

    /// The ids of the stores at which any was ever made, rising.
    func markedStores() async throws(LedgerError) -> [String]

    /// The files whose facts somebody marked, and the marks in force at the moment; nil when none is.
    func markedFiles(of store: String, at moment: Timestamp) async throws(LedgerError) -> MarkedFiles?

    /// A fact that stands; nil when there is none, or it was taken back.
    func fact(_ key: FactKey, of store: String) async throws(LedgerError) -> Fact?

    /// The order files of these facts, each once and whole; of facts that are not there, none.
    func files(of store: String, holding keys: [FactKey]) async throws(LedgerError) -> [OrderFile]

    // MARK: What was known

    /// What of a store was learnt or corrected after a moment; nil where that cannot be told: the ledger began later, has
    /// forgotten it, or nobody had brought anything of the store.
    func known(of store: String, at moment: Timestamp) async throws(LedgerError) -> KnownThen?

    /// The first moment of which that can be told; nil in an empty ledger.
    func knownSince() async throws(LedgerError) -> Timestamp?

    // MARK: Quarantine

    /// The newest first.
    ///
    /// - Parameters:
    ///   - stores: only of these; nil: of all, and what names none.
    ///   - moment: put there then or earlier; nil: whenever.
    func quarantine(
        of stores: [String]?, until moment: Timestamp?, limit: Int
    ) async throws(LedgerError) -> [QuarantinedFact]

    // MARK: Alerts

    /// The last alert of every rule of these stores that ever left ok, ended ones included.
    func alerts(of stores: [String]) async throws(LedgerError) -> [Alert]

    /// Of all stores, those that have not ended.
    func openAlerts() async throws(LedgerError) -> [Alert]

    /// How many of these there are, by state; states in which there is none are left out.
    func openAlertCounts() async throws(LedgerError) -> [Alert.State: Int]

    /// Alerts, their events, what is to be heard of them and how standings changed, all or nothing. The same changes again
    /// change nothing.
    func commit(_ changes: [AlertChange], _ moves: StandingMoves) async throws(LedgerError)

    /// Rules go by other names: their alerts, with all that happened to them and is to be heard of them, and how their
    /// standings changed. A rule that has an alert under its new name keeps that one, and the other is left as it is.
    ///
    /// - Returns: how many were known under their old names.
    @discardableResult
    func rename(_ rules: [RuleRename]) async throws(LedgerError) -> Int

    /// Where the rules of stores stood, as it was kept (`StandingMoves`); stores never judged are left out.
    func standings(of stores: [String]) async throws(LedgerError) -> [String: [String: String]]

    /// How a rule's standing changed up to a moment, the latest first.
    func standingChanges(
        of key: AlertKey, until moment: Timestamp, limit: Int
    ) async throws(LedgerError) -> [StandingChange]

    /// How the standings of a store's rules changed during a time, and of each rule the last change before it: by rule, the
    /// earliest first.
    func standingChanges(
        of store: String, during range: Range<Timestamp>
    ) async throws(LedgerError) -> [StandingChange]

    /// What happened, the newest first.
    ///
    /// - Parameters:
    ///   - stores: only at these; nil: at all, and to many at once.
    ///   - moment: then or earlier; nil: whenever.
    func events(
        _ selection: EventSelection, of stores: [String]?, until moment: Timestamp?, limit: Int
    ) async throws(LedgerError) -> [AlertEvent]

    // MARK: What receivers are to hear

    /// What a receiver was not told yet, in the order in which it was made.
    ///
    /// - Parameter withBodies: else they are left out, and asked for by `bodies` of those that are told.
    func waitingItems(for receiver: String, withBodies: Bool) async throws(LedgerError) -> [WaitingItem]

    /// What items that wait are to say, by their ids.
    func bodies(ofItems ids: [String]) async throws(LedgerError) -> [String: [UInt8]]

    /// Notices made of items, items that will never be told, and why others wait, all or nothing. An item that was decided
    /// before stays as it is.
    func keep(_ gathered: GatheredItems, at moment: Timestamp) async throws(LedgerError)

    /// When a receiver was told last of groups; those of which it never was are left out.
    func lastTold(_ receiver: String, groups: [String]) async throws(LedgerError) -> [String: Timestamp]

    /// When receivers were told last of episodes: by episode, by receiver. Those to whom something of it is still to be told
    /// are left out.
    func lastTold(of episodes: [String]) async throws(LedgerError) -> [String: [String: Timestamp]]

    /// What of an episode receivers were to hear, and what became of it, in the order in which it was made.
    func told(of episode: String) async throws(LedgerError) -> [ToldItem]

    /// Keeps a silence in place of the one of its id.
    func keep(_ silence: Silence, audit: [AuditEntry]) async throws(LedgerError)

    /// Those that are, or will be, in force after a moment, nil: all there ever were; by their beginning.
    func silences(inForceAfter moment: Timestamp?) async throws(LedgerError) -> [Silence]

    /// Keeps an acknowledgement in place of the one of its episode.
    func keep(_ word: Acknowledgement, audit: [AuditEntry]) async throws(LedgerError)

    /// Keeps that somebody answers for the breaches of a rule at a store; nil: nobody does any more.
    func keep(
        _ acceptance: Acceptance?, of key: AlertKey, at moment: Timestamp, audit: [AuditEntry]
    ) async throws(LedgerError)

    /// Of these episodes; nil: of all.
    func acknowledgements(of episodes: [String]?) async throws(LedgerError) -> [Acknowledgement]

    // MARK: The outbox

    /// Lends a receiver's notices whose time has come to one sender until `now + lease`; one that is not settled by
    /// then (the sender crashed) is lent again. Of one alert only the earliest unsettled notice is ever lent, so that
    /// their order is kept. The oldest first.
    func claimNotices(
        now: Timestamp, limit: Int, lease: TimeSpan, receiver: String
    ) async throws(LedgerError) -> [ClaimedNotice]

    /// When the next notice of a receiver can be lent; nil when none is owed. A moment that is past means at once.
    func nextAttempt(of receiver: String) async throws(LedgerError) -> Timestamp?

    /// Takes back every notice that was lent: for a daemon that starts, when no other sender can be alive.
    func releaseClaims() async throws(LedgerError)

    /// Writes down what became of attempts, all or none. Harmless for notices already taken.
    func settle(_ attempts: [NoticeAttempt], audit: [AuditEntry]) async throws(LedgerError)

    /// What is owed waits no longer for its next attempt.
    ///
    /// - Returns: how many waited.
    func hurry(
        _ notices: OwedNotices, at moment: Timestamp, audit: @escaping @Sendable (Int) -> [AuditEntry]
    ) async throws(LedgerError) -> Int

    /// Whether something that is owed to a receiver was hurried or brought back since a moment.
    func isHurried(owedTo receiver: String, since moment: Timestamp) async throws(LedgerError) -> Bool

    /// Has dead letters sent again, under their ids and in their old places: owed from now on as if they were made now.
    func revive(
        _ letters: DeadLetters, at moment: Timestamp, audit: @escaping @Sendable (RevivedLetters) -> [AuditEntry]
    ) async throws(LedgerError) -> RevivedLetters

    /// Without their bodies, the newest first.
    func notices(_ choice: NoticeChoice, limit: Int) async throws(LedgerError) -> [NoticeHead]

    /// The newest first, whole; of one state, or of all.
    func outbox(_ state: OutboxEntry.State?, limit: Int) async throws(LedgerError) -> [OutboxEntry]

    /// What a receiver is owed of alerts, but for what is being sent, notice by notice in their order.
    func owedItems(to receiver: String, at now: Timestamp) async throws(LedgerError) -> [OwedItem]

    /// Keeps a notice that tells all that others were to tell: these wait for it, and so does what is made later about one
    /// of their alerts. Once it is taken they are too; where it is given up as nobody took it, each goes by itself.
    func keep(_ digest: Notice, inPlaceOf notices: [String]) async throws(LedgerError)

    /// By receiver; those to whom nothing is owed are left out.
    func outboxCounts() async throws(LedgerError) -> [String: OutboxCount]

    /// What of these files was put into quarantine since a moment, names no store and was not read well since.
    func unattributed(inFiles names: [String], since moment: Timestamp) async throws(LedgerError) -> Int

    /// Of each alert the last notice that a receiver took, if it was made since a moment or the alert goes on.
    func lastTaken(by receiver: String, since moment: Timestamp) async throws(LedgerError) -> [Notice]

    /// Keeps notices that no alert gives rise to. One that is known changes nothing, whatever became of it.
    ///
    /// - Returns: how many are new.
    func owe(_ notices: [Notice]) async throws(LedgerError) -> Int

    /// Whether a notice was ever made and is not forgotten.
    func knowsNotice(_ id: String) async throws(LedgerError) -> Bool

    // MARK: The audit

    /// Adds entries to the chain, in their order. Of an act that is done in the ledger itself the entry is handed to the act
    /// (`audit:`) and written in its transaction: there is neither without the other.
    @discardableResult
    func append(_ entries: [AuditEntry]) async throws(LedgerError) -> [AuditRecord]

    /// In the order of the chain, after a number; of a moment and later, nil: of all times.
    func audit(since moment: Timestamp?, after number: Int64, limit: Int) async throws(LedgerError) -> [AuditRecord]

    /// The newest first, before a number; nil: from the end of the chain.
    ///
    /// - Parameter stores: only what was done at these; nil: all.
    func audit(before number: Int64?, of stores: [String]?, limit: Int) async throws(LedgerError) -> [AuditRecord]

    // MARK: The whole

    /// Where it was at work last; nil: nobody has worked on it yet but by hand.
    func home() async throws(LedgerError) -> LedgerHome?

    /// From now on it is at work there.
    func settle(at home: LedgerHome, audit: [AuditEntry]) async throws(LedgerError)

    /// What was left there; nil: nothing.
    func note(_ note: LedgerNote) async throws(LedgerError) -> String?

    /// Leaves texts there, or with nil takes them away, all or nothing.
    func keep(_ notes: [LedgerNote: String?], audit: [AuditEntry]) async throws(LedgerError)

    /// The key under which buyers are hashed, made with the ledger.
    func buyerKey() async throws(LedgerError) -> BuyerKey

    /// Deletes what nobody asks for any more: notices made, and facts last put into quarantine, before a moment. What is
    /// still owed to one of the receivers is kept, and so is what was told of an alert that goes on. Works in short transactions.
    ///
    /// - Returns: how many of both.
    @discardableResult
    func forget(
        before moment: Timestamp, owedTo receivers: Set<String>, watching stores: Set<String>?
    ) async throws(LedgerError) -> Int

    /// Looks through the pages of the storage; nil when all is well, else what is wrong.
    func findDamage(in pages: DamageSearch) async throws(LedgerError) -> String?
}

extension Ledger {
    package func commit(_ changes: [AlertChange]) async throws(LedgerError) {
        try await commit(changes, StandingMoves())
    }

    package func events(_ selection: EventSelection, limit: Int) async throws(LedgerError) -> [AlertEvent] {
        try await events(selection, of: nil, until: nil, limit: limit)
    }

    package func quarantine(of store: String?, limit: Int) async throws(LedgerError) -> [QuarantinedFact] {
        try await quarantine(of: store.map { [$0] }, until: nil, limit: limit)
    }

    package func append(_ entry: AuditEntry) async throws(LedgerError) { try await append([entry]) }
}

/// What the daemon does by itself is nobody's act.
extension Ledger {
    package func commit(_ batch: FactBatch, under book: PlanBook) async throws(LedgerError) -> CommitReceipt {
        try await commit(batch, under: book) { _ in [] }
    }

    @discardableResult
    package func keep(_ marks: [Mark]) async throws(LedgerError) -> Int { try await keep(marks, audit: []) }

    package func keep(_ silence: Silence) async throws(LedgerError) { try await keep(silence, audit: []) }

    package func keep(_ word: Acknowledgement) async throws(LedgerError) { try await keep(word, audit: []) }

    package func keep(
        _ acceptance: Acceptance?, of key: AlertKey, at moment: Timestamp
    ) async throws(LedgerError) {
        try await keep(acceptance, of: key, at: moment, audit: [])
    }

    package func settle(_ attempts: [NoticeAttempt]) async throws(LedgerError) {
        try await settle(attempts, audit: [])
    }

    package func hurry(owedTo receiver: String?, at moment: Timestamp) async throws(LedgerError) -> Int {
        try await hurry(.owedTo(receiver), at: moment) { _ in [] }
    }

    package func revive(_ letters: DeadLetters, at moment: Timestamp) async throws(LedgerError) -> RevivedLetters {
        try await revive(letters, at: moment) { _ in [] }
    }

    package func settle(at home: LedgerHome) async throws(LedgerError) { try await settle(at: home, audit: []) }

    package func keep(
        _ text: String?, as note: LedgerNote, audit: [AuditEntry] = []
    ) async throws(LedgerError) {
        try await keep([note: text], audit: audit)
    }
}

package enum DamageSearch: Sendable {
    /// Those that opening passed over because there are too many of them to wait for.
    case unread
    /// All of them, and whether indexes and rows agree.
    case all
}
