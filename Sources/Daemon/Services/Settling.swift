import Ledgers

/// Writes down what became of the attempts at one receiver: while one write goes on the others gather, so that notices
/// sent side by side cost a commit together, and not one each.
actor Settling {
    private let ledger: any Ledger
    private var isWriting = false
    private var waiting: [(attempt: NoticeAttempt, done: CheckedContinuation<Result<Void, LedgerError>, Never>)] = []

    init(_ ledger: any Ledger) { self.ledger = ledger }

    /// Returns when it is committed.
    func settle(_ notice: String, _ settlement: NoticeSettlement) async throws(LedgerError) {
        let attempt = NoticeAttempt(notice, settlement)
        guard !isWriting else {
            return try await withCheckedContinuation { waiting.append((attempt, $0)) }.get()
        }
        isWriting = true
        let own = await write([attempt])
        while !waiting.isEmpty {
            let gathered = waiting
            waiting = []
            let result = await write(gathered.map(\.attempt))
            for one in gathered { one.done.resume(returning: result) }
        }
        isWriting = false
        try own.get()
    }

    private func write(_ attempts: [NoticeAttempt]) async -> Result<Void, LedgerError> {
        do {
            return .success(try await ledger.settle(attempts))
        } catch {
            return .failure(error)
        }
    }
}
