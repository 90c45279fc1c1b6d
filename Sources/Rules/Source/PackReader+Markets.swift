import Language

/// The section `markets` of a source: what a store's market decides.
extension PackReading {
    /// `{US: {region: na}, GB: {region: eu, currency: GBP}}`; `{}` for a market that decides nothing.
    func markets(
        _ cursor: YAMLCursor, _ credentials: [String], _ streams: [PullPlan.Stream]
    ) -> [PullPlan.Market] {
        let markets = (cursor.entries() ?? []).map { entry in
            var (given, currency): ([String: String], String?) = ([:], nil)
            for credential in entry.value.entries() ?? [] {
                if credential.key == "currency" {
                    currency = credential.value.string()
                    continue
                }
                refuseUnknown([credential.key], credential.value, credentials)
                given[credential.key] = credential.value.string()
            }
            return PullPlan.Market(name: entry.key, credentials: given, currency: currency)
        }
        let names = markets.map(\.name)
        for stream in streams {
            for name in stream.markets where !names.contains(name) {
                cursor.error("'\(stream.name)' is asked of the market '\(name)', which is not among the markets here")
            }
        }
        return markets
    }
}
