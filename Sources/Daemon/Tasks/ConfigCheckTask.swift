import Language

/// Configuration and packs, read and checked without ledger and network.
package struct ConfigCheckTask: Sendable {
    private let config: String?
    package init(config: String?) { self.config = config }

    package struct Summary: Sendable {
        package var warnings: [String]
        package var words: String
    }

    package func run() throws(ConfigurationError) -> Summary {
        let (fleet, warnings) = try Assembly.fleet(config: config)
        let config = fleet.config
        var lines = ["\(config.path) is right."]
        let listed = fleet.listedIDs.count
        let patterns = config.stores.count - listed
        lines.append("  stores     \(listed) listed, \(patterns) patterns")
        lines.append("  feeds      \(config.feeds.map(\.id).joined(separator: ", "))")
        lines.append("  receivers  \(config.receivers.map(\.id).joined(separator: ", "))")
        lines.append("  packs      \(Set(config.stores.map(\.pack)).sorted().joined(separator: ", "))")
        if config.receivers.isEmpty {
            lines.append("  No receiver is configured: alerts are kept, and nobody is told.")
        }
        return Summary(warnings: warnings.map { $0.render() }, words: lines.joined(separator: "\n"))
    }
}
