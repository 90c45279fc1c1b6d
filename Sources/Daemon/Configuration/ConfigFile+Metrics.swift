import Facts
import Rules

/// What `/metrics` shows of single stores: `metrics: {stores: "pdd-*", labels: [team], limit: 1000}`.
package struct MetricsEntry: Sendable, Hashable {
    package enum Stores: Sendable, Hashable {
        case all, none
        /// `*` and `?` over the whole id.
        case fitting(String)
    }

    package var stores = Stores.all
    /// Of the stores' labels those that are shown, each with its name at Prometheus.
    package var labels: [Label] = []
    /// Series of their own for so many stores at most.
    package var limit = MetricsEntry.standardLimit
    package static let standardLimit = 1_000

    package init() {}

    package struct Label: Sendable, Hashable {
        package var key: String
        package var name: String
    }

    /// Names that the series have already.
    static let taken = ["store", "pack", "rule", "metric", "severity", "standing", "source", "le", "job", "instance"]
}

extension ConfigFile {
    static func metrics(_ cursor: YAMLCursor) -> MetricsEntry? {
        guard let keys = cursor.keys(["stores", "labels", "limit"]) else { return nil }
        var entry = MetricsEntry()
        if let stores = keys["stores"], stores.isPlainNumber {
            stores.error("stores is true, false, or a pattern over ids such as \"pdd-*\"; so many at most is `limit`")
        }
        switch keys["stores"]?.string() {
        case "true"?, nil: break
        case "false"?: entry.stores = .none
        case let glob?: entry.stores = .fitting(glob)
        }
        if let limit = keys["limit"]?.integer(0...1_000_000) { entry.limit = limit }
        for item in keys["labels"]?.items() ?? [] {
            guard let key = item.string() else { continue }
            let name = String(key.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
            guard let first = name.first, !first.isNumber, !name.hasPrefix("__") else {
                item.error("'\(key)' cannot be a label at Prometheus, whose names are of a-z, A-Z, 0-9 and _")
                continue
            }
            guard !MetricsEntry.taken.contains(name), !entry.labels.contains(where: { $0.name == name }) else {
                item.error("the series have a label '\(name)' already")
                continue
            }
            entry.labels.append(.init(key: key, name: name))
        }
        return entry
    }
}
