import Facts
import Rules

/// What a changed configuration changes in stores, feeds, receivers, rules and limits, in words. Of what may hold a secret
/// it says that it changed, and not into what.
enum FleetDifferences {
    /// For the log.
    static func words(from old: Fleet, to new: Fleet) -> [String] { differences(from: old, to: new).map(\.en) }

    static func differences(from old: Fleet, to new: Fleet) -> [Words] {
        let (before, after) = (old.config, new.config)
        var words = names(
            before.stores.map(\.subjectName), after.stores.map(\.subjectName), Words(en: "store", zh: "店铺"))
        words += names(before.feeds.map(\.id), after.feeds.map(\.id), Words(en: "feed", zh: "数据源"))
        words += names(before.receivers.map(\.id), after.receivers.map(\.id), Words(en: "receiver", zh: "接收方"))
        for feed in after.feeds {
            guard let earlier = before.feeds.first(where: { $0.id == feed.id }) else { continue }
            words += changes(Words(en: "feed '\(feed.id)'", zh: "数据源 '\(feed.id)'"), of: earlier, to: feed)
        }
        for receiver in after.receivers {
            guard let earlier = before.receivers.first(where: { $0.id == receiver.id }) else { continue }
            words += changes(of: earlier, to: receiver)
        }
        words += changes(of: before, to: after)
        for pack in Set(before.stores.map(\.pack)).intersection(after.stores.map(\.pack)).sorted() {
            guard let earlier = old.library[pack], let later = new.library[pack] else { continue }
            words += differences(of: earlier, to: later)
        }
        for entry in after.stores {
            guard let earlier = before.stores.first(where: { $0.subject == entry.subject }) else { continue }
            words += changes(of: earlier, to: entry)
        }
        return words
    }

    // MARK: What is the whole configuration's

    private static func changes(of before: Config, to after: Config) -> [Words] {
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
        var words = compared(
            Words(en: "configuration", zh: "配置"),
            [
                Value("metrics", metrics(before), metrics(after)),
                Value("database", database(before), database(after)),
                Value("listen", "\(before.listen)", "\(after.listen)"),
                Value("ca_file", before.caFile, after.caFile),
                Value("public_url", before.publicURL, after.publicURL),
                Value("observe", observed(before), observed(after)),
            ])
        words += names(
            before.inhibitions.map(\.written), after.inhibitions.map(\.written), Words(en: "inhibition", zh: "抑制规则"))
        words += access(before.access, after.access)
        words += compared(
            Words(en: "heartbeat", zh: "心跳"),
            [Value("every", before.heartbeat?.every.written, after.heartbeat?.every.written)])
        if let earlier = before.heartbeat, let later = after.heartbeat, earlier.url != later.url {
            words.append(Words(en: "heartbeat: its address is another", zh: "心跳：地址已更换"))
        }
        return words
    }

    private static func changes(_ what: Words, of before: FeedEntry, to after: FeedEntry) -> [Words] {
        var words = compared(
            what,
            [
                Value("every", before.every.written, after.every.written),
                Value("stale_after", before.staleAfter.written, after.staleAfter.written),
                Value("overlap", before.overlap.written, after.overlap.written),
                Value("kinds", list(before.kinds?.map(\.name)), list(after.kinds?.map(\.name))),
            ])
        if before.url != after.url { words.append(what + Words(en: ": its address is another", zh: "：地址已更换")) }
        let same = before.headers.elementsEqual(after.headers) { $0.name == $1.name && $0.value == $1.value }
        if !same { words.append(what + Words(en: ": its headers are others", zh: "：请求头已更换")) }
        return words
    }

    // MARK: In words

    /// A key and what it says on either side; nil: nothing.
    struct Value {
        var name: String
        var before: Words?
        var after: Words?

        init(_ name: String, _ before: Words?, _ after: Words?) {
            (self.name, self.before, self.after) = (name, before, after)
        }

        /// What is said in the words of the configuration is the same in every language.
        init(_ name: String, _ before: String?, _ after: String?) {
            self.init(name, before.map { Words($0) }, after.map { Words($0) })
        }
    }

    static func names(_ before: [String], _ after: [String], _ what: Words) -> [Words] {
        let (old, new) = (Set(before), Set(after))
        return new.subtracting(old).sorted().map { Words(en: "\(what.en) '\($0)' added", zh: "新增\(what.zh) '\($0)'") }
            + old.subtracting(new).sorted().map { Words(en: "\(what.en) '\($0)' removed", zh: "移除\(what.zh) '\($0)'") }
    }

    /// `what: name was this, is that`, for each that is another.
    static func compared(_ what: Words, _ values: [Value]) -> [Words] {
        let nothing = Words(en: "nothing", zh: "无")
        return values.filter { $0.before != $0.after }.map { value in
            let (before, after) = (value.before ?? nothing, value.after ?? nothing)
            return what
                + Words(
                    en: ": \(value.name) was \(before.en), is \(after.en)",
                    zh: "：\(value.name) 原为 \(before.zh)，现为 \(after.zh)")
        }
    }

    /// nil: there is nothing in it.
    static func list(_ items: [String]?) -> Words? {
        guard let items, !items.isEmpty else { return nil }
        return Words(en: items.joined(separator: ", "), zh: items.joined(separator: "、"))
    }
}
