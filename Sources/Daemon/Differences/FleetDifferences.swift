import Curl
import Facts
import Rules

/// What a changed configuration changes in stores, feeds, receivers, rules and limits, in words. Of what may hold a secret
/// it says that it changed, and not into what.
enum FleetDifferences {
    /// For the log.
    static func words(from old: Fleet, to new: Fleet) -> [String] { differences(from: old, to: new).map(\.en) }

    static func differences(from old: Fleet, to new: Fleet) -> [Words] {
        comparisons(from: old, to: new).flatMap(\.words)
    }

    static func comparisons(from old: Fleet, to new: Fleet) -> [FleetComparison] {
        let (before, after) = (old.config, new.config)
        var all = [
            FleetComparison.names(
                Words(en: "store", zh: "店铺"), before.stores.map(\.subjectName), after.stores.map(\.subjectName)),
            .names(Words(en: "feed", zh: "数据源"), before.feeds.map(\.id), after.feeds.map(\.id)),
            .names(Words(en: "receiver", zh: "接收方"), before.receivers.map(\.id), after.receivers.map(\.id)),
        ]
        for feed in after.feeds {
            guard let earlier = before.feeds.first(where: { $0.id == feed.id }) else { continue }
            all.append(changes(Words(en: "feed '\(feed.id)'", zh: "数据源 '\(feed.id)'"), of: earlier, to: feed))
        }
        for receiver in after.receivers {
            guard let earlier = before.receivers.first(where: { $0.id == receiver.id }) else { continue }
            all.append(changes(of: earlier, to: receiver))
        }
        all += changes(of: before, to: after)
        for pack in Set(before.stores.map(\.pack)).intersection(after.stores.map(\.pack)).sorted() {
            guard let earlier = old.library[pack], let later = new.library[pack] else { continue }
            all.append(comparison(of: earlier, to: later))
        }
        let entries = Dictionary(before.stores.map { ($0.subject, $0) }) { first, _ in first }
        for entry in after.stores {
            if let earlier = entries[entry.subject] { all.append(changes(of: earlier, to: entry)) }
        }
        return all
    }

    typealias Value = FleetComparison.Value

    // MARK: What is the whole configuration's

    private static func changes(of before: Config, to after: Config) -> [FleetComparison] {
        func observed(_ config: Config) -> Words? { list(config.observed.map(\.name).sorted()) }
        func database(_ config: Config) -> String {
            switch config.database {
            case .sqlite(let path): "sqlite:\(path)"
            }
        }
        func metrics(_ config: Config) -> String? {
            let entry = config.metrics
            let stores =
                switch entry.stores {
                case .all: "true"
                case .none: "false"
                case .fitting(let glob): glob
                }
            return entry == MetricsEntry()
                ? nil : "\(stores), \(entry.limit), [\(entry.labels.map(\.key).joined(separator: ", "))]"
        }
        let whole = FleetComparison.values(
            Words(en: "configuration", zh: "配置"),
            [
                Value("metrics", metrics(before), metrics(after)),
                Value("database", database(before), database(after)),
                Value("listen", "\(before.listen)", "\(after.listen)"),
                Value("ca_file", before.caFile, after.caFile),
                Value("public_url", before.publicURL, after.publicURL),
                Value("observe", observed(before), observed(after)),
            ])
        let inhibitions = FleetComparison.names(
            Words(en: "inhibition", zh: "抑制规则"), before.inhibitions.map(\.written), after.inhibitions.map(\.written))
        let heartbeat = FleetComparison.values(
            Words(en: "heartbeat", zh: "心跳"),
            [
                Value("every", before.heartbeat?.every.written, after.heartbeat?.every.written),
                .sealed("url", before.heartbeat?.url.reveal(), after.heartbeat?.url.reveal(), addressIsAnother),
            ])
        return [whole, inhibitions] + access(before.access, after.access) + [heartbeat]
    }

    private static func changes(_ what: Words, of before: FeedEntry, to after: FeedEntry) -> FleetComparison {
        func headers(_ feed: FeedEntry) -> String {
            feed.headers.map { "\($0.name): \($0.value.reveal())" }.joined(separator: "\n")
        }
        return .values(
            what,
            [
                Value("every", before.every.written, after.every.written),
                Value("stale_after", before.staleAfter.written, after.staleAfter.written),
                Value("overlap", before.overlap.written, after.overlap.written),
                Value("kinds", list(before.kinds?.map(\.name)), list(after.kinds?.map(\.name))),
                .sealed("url", before.url, after.url, addressIsAnother),
                .sealed(
                    "headers", headers(before), headers(after), Words(en: ": its headers are others", zh: "：请求头已更换")),
            ])
    }

    // MARK: In words

    static let addressIsAnother = Words(en: ": its address is another", zh: "：地址已更换")

    /// nil: there is nothing in it.
    static func list(_ items: [String]?) -> Words? {
        guard let items, !items.isEmpty else { return nil }
        return Words(en: items.joined(separator: ", "), zh: items.joined(separator: "、"))
    }
}
