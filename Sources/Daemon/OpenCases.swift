import Facts
import Ledgers
import Pull

extension Ledger {
    /// Those of the store that are open as far as the ledger knows, where its platform is asked about each.
    func openCases(of subject: PullSubject) async throws(LedgerError) -> [OpenCase] {
        guard let store = subject.store, subject.asksForOpenCases else { return [] }
        var (cases, position): ([OpenCase], FactPosition?) = ([], nil)
        repeat {
            let page = try await facts(
                FactSelection(stores: [store], kinds: FactKinds(.refund)), after: position, limit: 10_000)
            cases += page.facts.compactMap { fact in
                guard !fact.isDeleted, fact.word("status") == "open" else { return nil }
                return OpenCase(id: fact.id, order: fact.order, openedAt: fact.time("opened_at"))
            }
            position = page.next
        } while position != nil
        return cases
    }
}
