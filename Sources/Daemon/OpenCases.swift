import Facts
import Ledgers
import Pull

extension Ledger {
    /// Those of the store that may still change as far as the ledger knows, where its platform is asked about each: open, or
    /// refused by the seller and not ended by that.
    func openCases(of subject: PullSubject) async throws(LedgerError) -> [OpenCase] {
        guard let store = subject.store, subject.asksForOpenCases else { return [] }
        var (cases, position): ([OpenCase], FactPosition?) = ([], nil)
        repeat {
            let page = try await facts(
                FactSelection(stores: [store], kinds: FactKinds(.refund)), after: position, limit: 10_000)
            cases += page.facts.compactMap { fact in
                guard !fact.isDeleted, let status = fact.word("status"),
                    status == "open" || status == "rejected" && fact.time("closed_at") == nil
                else { return nil }
                return OpenCase(
                    id: fact.id, order: fact.order, openedAt: fact.time("opened_at"), type: fact.word("type"),
                    status: status)
            }
            position = page.next
        } while position != nil
        return cases
    }
}
