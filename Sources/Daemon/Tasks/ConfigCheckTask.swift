package import Facts
import Language

/// Configuration and packs, read and checked without the network. Of the ledger, where there is one, no more is read than
/// what the receivers were when a configuration was last in force.
package struct ConfigCheckTask: Sendable {
    private let config: String?
    package init(config: String?) { self.config = config }

    package struct Summary: Sendable {
        package var warnings: [Words]
        package var words: Words
    }

    package func run() async throws(ConfigurationError) -> Summary {
        let (fleet, warnings) = try Assembly.fleet(config: config)
        // The least that it comes to: what the ledger knows of the stores can only add to it.
        let faults = CallPlanner(fleet, at: SystemClock().now).plan(assuming: nil).faults(in: fleet)
        guard faults.isEmpty else { throw ConfigurationError(warnings + faults) }
        let config = fleet.config
        let listed = fleet.listedIDs.count
        let patterns = config.stores.count - listed
        let feeds = config.feeds.isEmpty ? "–" : config.feeds.map(\.id).joined(separator: ", ")
        let receivers = config.receivers.isEmpty ? "–" : config.receivers.map(\.id).joined(separator: ", ")
        let packs = Set(config.stores.map(\.pack)).sorted().joined(separator: ", ")
        var lines = [
            Words(en: "\(config.path) is right.", zh: "\(config.path) 正确。"),
            Words(
                en: "  stores     \(listed) listed, \(counted(patterns, "pattern"))",
                zh: "  店铺    列出 \(listed) 家，模式 \(patterns) 个"
            ),
            Words(en: "  feeds      \(feeds)", zh: "  数据源  \(feeds)"),
            Words(en: "  receivers  \(receivers)", zh: "  接收方  \(receivers)"),
            Words(en: "  packs      \(packs)", zh: "  规则包  \(packs)"),
        ]
        lines += fleet.unpulled().map { Words("  ") + $0.words + Words(en: ".", zh: "。") }
        if config.receivers.isEmpty {
            lines.append(
                Words(
                    en: "  No receiver is configured: alerts are kept, and nobody is told.",
                    zh: "  未配置接收方：告警会保留，但不会通知任何人。"))
        }
        let changed = await config.changedReceivers()
        return Summary(
            warnings: warnings.map { Words($0.render()) } + changed.map { Words(en: "warning: ", zh: "警告：") + $0 },
            words: lines.joined(separator: Words("\n")))
    }
}
