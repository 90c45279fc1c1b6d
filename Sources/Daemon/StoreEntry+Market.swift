import Curl
import Language
import Rules

extension StoreEntry {
    /// With what the store's market decides, where neither the store nor its account gives it. Of a pack that knows its
    /// markets any other is an error: it would be judged by no limit, and asked at the address of another.
    func inMarket(of pack: Pack) -> (StoreEntry, [Diagnostic]) {
        guard let plan = pack.pull, !plan.markets.isEmpty else { return (self, []) }
        let named = plan.markets.first { $0.name == market }
        if let market, named == nil {
            let names = plan.markets.map(\.name)
            let hint = NearestName.hint(for: market, among: names)
            return (
                self,
                [
                    Diagnostic(
                        .error,
                        "the pack '\(pack.name)' knows no market '\(market)'; there are \(names.joined(separator: ", "))\(hint)",
                        at: marketPlace ?? place, in: source)
                ]
            )
        }
        guard let found = named ?? given(of: plan) else { return (self, []) }
        var entry = self
        entry.currency = currency ?? found.currency
        for credential in plan.credentials {
            let isGiven = ([credential.name] + credential.aliases).contains { access?.credentials[$0] != nil }
            guard !isGiven, let value = found.credentials[credential.name] else { continue }
            entry.access?.credentials[credential.name] = Secret(value)
        }
        return (entry, [])
    }

    /// Where no market is named, the one whose marketplace the store gives. Nil where those that fit are paid in several
    /// currencies.
    private func given(of plan: PullPlan) -> PullPlan.Market? {
        func given(_ name: String) -> Substring? {
            let aliases = plan.credentials.first { $0.name == name }?.aliases ?? []
            let value = ([name] + aliases).lazy.compactMap { access?.credentials[$0]?.reveal() }.first
            // Of several marketplaces the first.
            return value?.split(separator: ",").first
        }
        let fitting = plan.markets.filter { market in
            let known = market.credentials.compactMap { name, value in given(name).map { $0 == value } }
            return !known.isEmpty && known.allSatisfy(\.self)
        }
        return Set(fitting.map(\.currency)).count == 1 ? fitting.first : nil
    }
}
