import Facts
package import Language

/// YAML to a pack, or to everything that is wrong with it.
package enum PackReader {
    /// - Parameter isBuiltIn: whether it comes with the program; then every limit has to say on whose word it rests.
    /// - Returns: nil with at least one error, or the pack, perhaps with warnings; in the order of the text.
    package static func read(_ text: SourceText, isBuiltIn: Bool) -> (pack: Pack?, diagnostics: [Diagnostic]) {
        let log = DiagnosticLog()
        var reading = PackReading(isBuiltIn: isBuiltIn, source: text, log: log)
        let pack = reading.pack()
        return (log.hasErrors ? nil : pack, log.inOrder)
    }
}

/// What is known while a pack is read. Each section goes on whatever was wrong with the ones before it.
struct PackReading {
    let isBuiltIn: Bool
    let source: SourceText
    let log: DiagnosticLog
    var parameters: [Parameter] = []
    var labels: [String] = []
    var vocabulary = Vocabulary()
    /// Of `reconcile`, which rules refer to.
    var pairs: [ReconcilePair] = []
    /// What rules were called before, and which one goes on for each.
    var formerIDs: [String: String] = [:]
    /// What several streams of the source share.
    var named: [String: PullPlan.FactMapping] = [:]
    /// What a store gives to the source, by name.
    var credentialNames: [String] = []
    /// The names that some expression uses; a parameter that none uses is a slip.
    var used: Set<String> = []
    /// Of the pack that it extends.
    private var base: YAMLKeys?
    private var own: YAMLKeys?
    /// Each read once, so that each fault is told once.
    private var sections: [String: [YAMLEntry]] = [:]

    static let keys = [
        "pack", "title", "timezone", "currency", "labels", "parameters", "windows", "kinds", "metrics", "titles",
        "rules", "gates", "first", "settles", "optional", "places", "extends", "source", "reconcile",
    ]

    init(isBuiltIn: Bool, source: SourceText, log: DiagnosticLog) {
        (self.isBuiltIn, self.source, self.log) = (isBuiltIn, source, log)
    }

    mutating func pack() -> Pack? {
        guard let root = YAMLCursor.open(source, as: "the pack", log: log) else { return nil }
        guard !root.isEmpty else {
            log.error("the file is empty; a pack needs at least 'pack: NAME'", at: 0..<0, in: source)
            return nil
        }
        guard let keys = root.keys(PackReading.keys, required: ["pack"]) else { return nil }
        own = keys
        let extends = keys["extends"].flatMap { extend($0) }
        for section in ["parameters", "windows", "kinds", "metrics", "titles", "reconcile", "rules", "gates"] {
            sections[section] = merged(section)
        }
        let name = keys["pack"]?.id()
        let title = self["title"]?.words()
        let timezone = self["timezone"].flatMap(self.timezone)
        let currency = self["currency"].flatMap(self.currency)
        labels = self["labels"].map(self.labels) ?? []
        let metrics = declare(labels: labels)
        let titles = titles(of: metrics)
        readPairs()
        let rules = rules()
        let gates = gates()
        let first = self["first"].map(self.first) ?? [:]
        let settles = self["settles"].map(self.settles) ?? [:]
        let optional = self["optional"].map(self.optional) ?? []
        let pull = self["source"].flatMap { pullPlan($0) }
        let places = self["places"].map { self.places($0, known: read(by: rules)) } ?? []
        warnOfUnused()
        guard let name else { return nil }
        return Pack(
            name: name, title: title ?? Words(en: name, zh: name), timezone: timezone, currency: currency,
            labels: labels, parameters: parameters, vocabulary: vocabulary, metrics: metrics, titles: titles,
            rules: rules,
            gates: gates, reconcile: pairs, first: first, settles: settles, optional: optional, places: places,
            origin: isBuiltIn ? .builtIn : .user,
            extends: extends, pull: pull, source: source)
    }

    /// What is written under a key, here or in the pack that it extends.
    private subscript(key: String) -> YAMLCursor? { own?[key] ?? base?[key] }

    /// The entries of a section: those of the pack that it extends, in their places, as far as none here bears the name,
    /// and what is new.
    func entries(_ section: String) -> [YAMLEntry] { sections[section] ?? [] }

    private func merged(_ section: String) -> [YAMLEntry] {
        let mine = own?[section]?.entries() ?? []
        let theirs = base?[section]?.entries() ?? []
        let names = Set(theirs.map(\.key))
        return theirs.map { entry in mine.last { $0.key == entry.key } ?? entry }
            + mine.filter { !names.contains($0.key) }
    }

    private mutating func extend(_ cursor: YAMLCursor) -> String? {
        guard let name = cursor.string() else { return nil }
        let names = BuiltInPacks.texts.map { $0.name.replacing(".yaml", with: "") }
        guard let place = names.firstIndex(of: name) else {
            cursor.error("there is no built-in pack '\(name)'\(NearestName.hint(for: name, among: names))")
            return nil
        }
        let text = SourceText(name: "built-in \(BuiltInPacks.texts[place].name)", text: BuiltInPacks.texts[place].text)
        base = YAMLCursor.open(text, as: "the pack", log: log)?.keys(PackReading.keys)
        return name
    }

    /// What people call the metrics: `{paid_orders: {en: paid orders, zh: 支付订单}}`.
    private func titles(of metrics: [String]) -> [String: Words] {
        var titles: [String: Words] = [:]
        for entry in entries("titles") {
            if !metrics.contains(entry.key) {
                entry.error("there is no metric '\(entry.key)'\(NearestName.hint(for: entry.key, among: metrics))")
            }
            titles[entry.key] = entry.value.words()
        }
        return titles
    }

    private func timezone(_ cursor: YAMLCursor) -> String? {
        guard let name = cursor.string() else { return nil }
        guard StoreCalendar(timezone: name) != nil else {
            cursor.error("'\(name)' is not a time zone; write an IANA name such as Asia/Shanghai, or UTC")
            return nil
        }
        return name
    }

    func currency(_ cursor: YAMLCursor) -> String? {
        guard let code = cursor.string() else { return nil }
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            cursor.error("\(cursor.path) must be an ISO 4217 code such as CNY, not '\(code)'")
            return nil
        }
        return code
    }

    private func labels(_ cursor: YAMLCursor) -> [String] {
        var labels: [String] = []
        for item in cursor.items() ?? [] {
            guard let label = item.string() else { continue }
            if labels.contains(label) { item.warning("'\(label)' is listed twice") } else { labels.append(label) }
        }
        return labels
    }

    /// Members of which the value first known stands: `{refund: [reason, intervened]}`.
    private func first(_ cursor: YAMLCursor) -> [FactKind: [Member]] {
        var result: [FactKind: [Member]] = [:]
        for entry in cursor.entries() ?? [] {
            guard let kind = kind(entry) else { continue }
            for item in entry.value.items() ?? [] {
                guard let name = item.string() else { continue }
                guard let member = Schema[kind].member(name) else {
                    let nearest = NearestName.hint(for: name, among: Schema[kind].members.map(\.name))
                    item.error("'\(name)' is not a member of \(kind.name)\(nearest)")
                    continue
                }
                result[kind, default: []].append(member)
            }
        }
        return result
    }

    /// `{refund: 48h}`, or one length of time for all kinds.
    private func settles(_ cursor: YAMLCursor) -> [FactKind: TimeSpan] {
        guard cursor.isMapping else {
            guard let span = cursor.span() else { return [:] }
            return Dictionary(uniqueKeysWithValues: FactKind.allCases.map { ($0, span) })
        }
        var result: [FactKind: TimeSpan] = [:]
        for entry in cursor.entries() ?? [] {
            guard let kind = kind(entry) else { continue }
            result[kind] = entry.value.span()
        }
        return result
    }

    private func optional(_ cursor: YAMLCursor) -> FactKinds {
        var kinds = FactKinds()
        for item in cursor.items() ?? [] {
            guard let name = item.string() else { continue }
            guard let kind = FactKind(name: name), kind != .measure else {
                let names = FactKind.allCases.filter { $0 != .measure }.map(\.name)
                item.error(
                    "'\(name)' is no kind that a store may do without\(NearestName.hint(for: name, among: names))")
                continue
            }
            kinds.insert(kind)
        }
        return kinds
    }

    /// The measures that metrics, rules and limits read.
    private func read(by rules: [Rule]) -> (read: Set<String>, isAny: Bool) {
        let readings = Reach(of: vocabulary.metrics.values, in: vocabulary).readings + rules.flatMap(\.reach.readings)
        let names = Set(readings.compactMap(\.names).joined()).union(parameters.compactMap(\.measure))
            .union(pairs.map(\.theirs))
        return (names, readings.contains { $0.names == nil })
    }

    private func kind(_ entry: YAMLEntry) -> FactKind? {
        if let kind = FactKind(name: entry.key) { return kind }
        let names = FactKind.allCases.map(\.name)
        let nearest = NearestName.hint(for: entry.key, among: names)
        entry.error(
            "'\(entry.key)' is not a kind of fact\(nearest.isEmpty ? "; kinds are \(names.joined(separator: ", "))" : nearest)"
        )
        return nil
    }

    private func warnOfUnused() {
        // While something is wrong, what uses a parameter may be just what could not be read.
        guard !log.hasErrors else { return }
        for entry in own?["parameters"]?.quiet.entries() ?? [] where !used.contains(entry.key) {
            log.warning("no expression uses the parameter '\(entry.key)'", at: entry.keyRange, in: source)
        }
    }
}
