import Curl
import Language
import Rules

extension StoreEntry {
    /// With what the store's market decides, where neither the store nor its account gives it. Of a pack that knows its
    /// markets any other is an error: it would be judged by no limit, and asked at the address of another.
    func inMarket(of pack: Pack) -> (StoreEntry, [Diagnostic]) {
        guard let market, let plan = pack.pull, !plan.markets.isEmpty else { return (self, []) }
        let names = plan.markets.map(\.name)
        guard let found = plan.markets.first(where: { $0.name == market }) else {
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
        var entry = self
        entry.currency = currency ?? found.currency
        for credential in plan.credentials {
            let isGiven = ([credential.name] + credential.aliases).contains { access?.credentials[$0] != nil }
            guard !isGiven, let value = found.credentials[credential.name] else { continue }
            entry.access?.credentials[credential.name] = Secret(value)
        }
        return (entry, [])
    }
}
