import Facts
package import Language
package import Rules

/// YAML to tests of one pack, and what is wrong with them, all at once.
package struct PackTestReader {
    private let pack: Pack
    private let log: DiagnosticLog
    private var routing: RoutingTestReader?

    private init(pack: Pack, log: DiagnosticLog) { (self.pack, self.log) = (pack, log) }

    /// What a file of tests says: which pack, and what is expected of it.
    package struct File: Sendable {
        package var pack: Pack
        package var tests: [PackTest]
    }

    /// - Parameter packs: by name, those that may be tested.
    /// - Returns: nil when the file names none of them, or is no YAML.
    package static func read(_ source: SourceText, packs: [String: Pack]) -> (file: File?, diagnostics: [Diagnostic]) {
        let log = DiagnosticLog()
        guard let root = YAMLCursor.open(source, as: "the test file", log: log),
            let keys = root.keys(
                ["pack", "store", "facts", "tests"] + RoutingTestReader.keys, required: ["pack", "tests"]),
            let cursor = keys["pack"], let name = cursor.string()
        else { return (nil, log.inOrder) }
        guard let pack = packs[name] else {
            cursor.error("there is no pack '\(name)'\(NearestName.hint(for: name, among: packs.keys))")
            return (nil, log.inOrder)
        }
        var reader = PackTestReader(pack: pack, log: log)
        reader.routing = RoutingTestReader(keys, of: pack)
        let items = keys["tests"]?.items() ?? []
        if items.isEmpty, !log.hasErrors { root.error("the file has no test; add one under tests:") }
        let tests = items.compactMap { reader.test($0, store: keys["store"], facts: keys["facts"]) }
        return (File(pack: pack, tests: tests), log.inOrder)
    }

    /// - Parameters:
    ///   - store: of all tests of the file, where a test says nothing else.
    ///   - facts: of all tests, before its own.
    private func test(_ cursor: YAMLCursor, store: YAMLCursor?, facts shared: YAMLCursor?) -> PackTest? {
        guard
            let keys = cursor.keys(
                ["test", "store", "facts", "silences", "at", "expect", "then"], required: ["test", "at", "expect"]),
            let name = keys["test"]?.string(),
            let (store, overrides, calendar, windows) = self.store(keys["store"] ?? store)
        else { return nil }
        var maker = FactMaker(
            calendar: calendar, terms: StoreTerms(currency: store.currency, labels: Set(pack.labels)))
        var facts: [Fact] = []
        let first = moment(keys, calendar)
        // Without a first moment the facts are read for what is wrong with them alone.
        let today = calendar.day(of: first?.at ?? Timestamp(seconds: 1_767_225_600))
        for cursor in [shared, keys["facts"]].compactMap({ $0 }) { facts += self.facts(cursor, &maker, today) }
        var moments = [first].compactMap { $0 }
        for item in keys["then"]?.items() ?? [] {
            guard let keys = item.keys(["at", "expect"], required: ["at", "expect"]) else { continue }
            guard let next = moment(keys, calendar) else { continue }
            if let last = moments.last, next.at <= last.at { item.error("it does not come after the moment before it") }
            moments.append(next)
        }
        if routing == nil { keys["silences"]?.error("there is nobody to hear: say who under receivers: of the file") }
        return PackTest(
            name: name, store: store, overrides: overrides, facts: facts, moments: moments,
            routing: routing?.routing(keys["silences"], windows: windows) { at($0, calendar) })
    }

    private func facts(_ cursor: YAMLCursor, _ maker: inout FactMaker, _ today: LocalDay) -> [Fact] {
        var facts: [Fact] = []
        for item in cursor.items() ?? [] {
            guard let text = item.string() else { continue }
            do throws(FactPhrase.Fault) {
                // Several in one: a comma before a number begins the next, for members have names.
                for phrase in text.split(separator: /,\s*(?=\d+ [a-z])/) {
                    facts += try maker.facts(FactPhrase(String(phrase), today: today))
                }
            } catch {
                item.error(error.words)
            }
        }
        return facts
    }

    private func store(_ cursor: YAMLCursor?) -> (Store, StoreOverrides, StoreCalendar, [StoreWindow])? {
        let keys = cursor.flatMap {
            $0.keys(
                ["timezone", "currency", "market", "labels", "parameters", "confirmed"] + RoutingReader.windowKeys)
        }
        let timezone = keys?["timezone"]?.string() ?? pack.timezone ?? "UTC"
        guard let calendar = StoreCalendar(timezone: timezone) else {
            keys?["timezone"]?.error(
                "'\(timezone)' is not a time zone; write an IANA name such as Asia/Shanghai, or UTC")
            return nil
        }
        var store = Store(
            id: FactMaker.store, pack: pack.name, timezone: timezone,
            currency: keys?["currency"]?.string() ?? pack.currency, market: keys?["market"]?.string())
        for label in keys?["labels"]?.entries() ?? [] { store.labels[label.key] = label.value.string() }
        var overrides = StoreOverrides()
        for entry in keys?["parameters"]?.entries() ?? [] {
            guard let parameter = pack.parameter(entry.key) else {
                let hint = NearestName.hint(for: entry.key, among: pack.parameters.map(\.name))
                entry.error("the pack '\(pack.name)' has no parameter '\(entry.key)'\(hint)")
                continue
            }
            guard let passage = entry.value.passage() else { continue }
            let (value, found) = ParameterValue.read(passage, as: parameter.type, what: entry.key)
            log.add(found)
            overrides.parameters[entry.key] = value
        }
        if keys?["confirmed"]?.bool() == true { overrides.confirmation = .all }
        return (store, overrides, calendar, keys.map(RoutingReader.windows) ?? [])
    }

    // MARK: Moments

    private func moment(_ keys: YAMLKeys, _ calendar: StoreCalendar) -> PackTest.Moment? {
        let (at, expectations) = (keys["at"].flatMap { self.at($0, calendar) }, keys["expect"].map(expectations))
        guard let at, let expectations else { return nil }
        return PackTest.Moment(at: at, expectations: expectations)
    }

    /// A day, which is its first instant, a day with a time of day, in the store's zone, or a moment with its offset.
    private func at(_ cursor: YAMLCursor, _ calendar: StoreCalendar) -> Timestamp? {
        guard let text = cursor.string() else { return nil }
        if let day = LocalDay(text) { return calendar.startOfDay(day) }
        if let moment = Timestamp(text) { return moment }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        if parts.count == 2, let day = LocalDay(parts[0]), let time = try? FactPhrase.timeOfDay(String(parts[1])) {
            return calendar.moment(day: day, microsecondsOfDay: time)
        }
        cursor.error("'\(text)' is no moment; write a day, `2026-03-02 10:00`, or RFC 3339 with an offset")
        return nil
    }

    private func expectations(_ cursor: YAMLCursor) -> [PackTest.Expectation] {
        let known = [
            "standing", "rules", "values", "gates", "alerts", "levels", "headroom", "recovery", "forecast", "roll_off",
            "reconcile", "told",
        ]
        guard let keys = cursor.keys(known) else { return [] }
        let before = log.diagnostics.count
        var found: [PackTest.Expectation] = []
        func expect(_ subject: PackTest.Subject?, _ cursor: YAMLCursor) {
            if let subject { found.append(PackTest.Expectation(subject: subject, place: cursor.range)) }
        }
        if let cursor = keys["standing"] { expect(standing(cursor).map { .store($0) }, cursor) }
        for entry in keys["rules"]?.entries() ?? [] where isKnown(entry, among: pack.rules.map(\.id), "rule") {
            expect(standing(entry.value).map { .rule(entry.key, $0) }, entry.value)
        }
        for entry in keys["values"]?.entries() ?? [] where isKnown(entry, among: pack.metrics, "metric") {
            expect(figure(entry.value).map { .metric(entry.key, $0) }, entry.value)
        }
        for entry in keys["gates"]?.entries() ?? [] where isKnown(entry, among: pack.gates.map(\.id), "gate") {
            let state = entry.value.word(of: ["open", "closed", "unknown"]).flatMap(Gate.State.init(rawValue:))
            expect(state.map { .gate(entry.key, $0) }, entry.value)
        }
        for entry in keys["alerts"]?.entries() ?? [] where isKnown(entry, among: pack.rules.map(\.id), "rule") {
            let word = entry.value.word(of: ["none", "pending", "firing", "recovering", "resolved"])
            expect(word.map { .alert(entry.key, Alert.State(rawValue: $0)) }, entry.value)
        }
        for entry in keys["reconcile"]?.entries() ?? []
        where isKnown(entry, among: pack.reconcile.map(\.metric), "reconciled metric") {
            let word = entry.value.word(of: Comparison.Standing.allCases.map(\.rawValue) + ["unread"])
            expect(word.map { .reconcile(entry.key, Comparison.Standing(rawValue: $0)) }, entry.value)
        }
        if let cursor = keys["told"] {
            if let routing {
                found += routing.told(cursor)
            } else {
                cursor.error("there is nobody to hear: say who under receivers: of the file")
            }
        }
        let ids = pack.rules.map(\.id)
        for entry in keys["levels"]?.entries() ?? [] where isKnown(entry, among: ids, "rule") {
            let names = pack.rule(entry.key)?.levels.map(\.name) ?? []
            if names.isEmpty { entry.error("rule '\(entry.key)' has no levels") }
            expect(entry.value.word(of: names).map { .level(entry.key, $0) }, entry.value)
        }
        for entry in keys["headroom"]?.entries() ?? [] where isKnown(entry, among: ids, "rule") {
            for line in entry.value.entries() ?? [] { expect(headroom(line, of: entry.key), line.value) }
        }
        let days: [(key: String, subject: (String, LocalDay?) -> PackTest.Subject)] = [
            ("recovery", { .recovery($0, $1) }), ("forecast", { .forecast($0, $1) }),
            ("roll_off", { .rollOff($0, $1) }),
        ]
        for (key, subject) in days {
            for entry in keys[key]?.entries() ?? [] where isKnown(entry, among: ids, "rule") {
                if entry.value.quiet.string() == "never" {
                    expect(subject(entry.key, nil), entry.value)
                } else {
                    expect(entry.value.day().map { subject(entry.key, $0) }, entry.value)
                }
            }
        }
        if found.isEmpty, log.diagnostics.count == before {
            cursor.error("it expects nothing: say one of \(known.joined(separator: ", "))")
        }
        return found
    }

    /// `dispute_orders: 2`, `dsr_service of 1: 3`, `paid_orders: never`.
    private func headroom(_ entry: YAMLEntry, of rule: String) -> PackTest.Subject? {
        let parts = entry.key.split(separator: " ")
        guard parts.count == 1 || parts.count == 3 && parts[1] == "of", pack.metrics.contains(String(parts[0])) else {
            let hint = NearestName.hint(for: parts.first.map(String.init) ?? "", among: pack.metrics)
            entry.error("'\(entry.key)' is neither a metric nor 'METRIC of SCORE'\(hint)")
            return nil
        }
        var each: Fraction?
        if parts.count == 3 {
            guard let score = PackTestReader.exactly(parts[2], over: 1) else {
                entry.error("'\(parts[2])' is no score")
                return nil
            }
            each = score
        }
        let metric = String(parts[0])
        if let rule = pack.rule(rule), !rule.reach.everyMetric.contains(metric) {
            entry.error("rule '\(rule.id)' does not read the metric '\(metric)'")
            return nil
        }
        if case .aggregate(let aggregate)? = pack.vocabulary.metrics[metric]?.node,
            (aggregate.reducer == .mean) != (each != nil)
        {
            entry.error(
                each == nil
                    ? "a mean is moved by what each of the facts has; write '\(metric) of 5' with the score"
                    : "'\(metric)' is no mean, and a fact more is one more; write '\(metric)' alone")
            return nil
        }
        if entry.value.quiet.string() == "never" { return .headroom(rule, of: metric, each: each, more: nil) }
        return entry.value.integer(1...1_000_000).map { .headroom(rule, of: metric, each: each, more: Int64($0)) }
    }

    private func isKnown(_ entry: YAMLEntry, among names: [String], _ what: String) -> Bool {
        guard !names.contains(entry.key) else { return true }
        entry.error(
            "the pack '\(pack.name)' has no \(what) '\(entry.key)'\(NearestName.hint(for: entry.key, among: names))")
        return false
    }

    private func standing(_ cursor: YAMLCursor) -> Standing? {
        cursor.word(of: Standing.allCases.map(\.rawValue)).flatMap(Standing.init(rawValue:))
    }

    /// A number, a percentage, a quotient `3/1000`, `missing`, or any other text.
    private func figure(_ cursor: YAMLCursor) -> PackTest.Figure? {
        guard let text = cursor.string() else { return nil }
        if text == "missing" { return .missing }
        if let truth = ["true": 1, "false": 0][text] { return .number(Fraction(truth)) }
        let parts = text.split(separator: "/", maxSplits: 1)
        if parts.count == 2, let over = Int128(parts[0]), let under = Int128(parts[1]),
            let quotient = Fraction(over, over: under)
        {
            return .number(quotient)
        }
        let isPercent = text.hasSuffix("%")
        if let number = PackTestReader.exactly(isPercent ? text.dropLast() : text[...], over: isPercent ? 100 : 1) {
            return .number(number)
        }
        return .text(text)
    }

    /// Digits with a point, whatever their number up to 18 behind it, divided; nil when it is none.
    private static func exactly(_ text: Substring, over divisor: Int128) -> Fraction? {
        let isNegative = text.hasPrefix("-")
        let parts = (isNegative ? text.dropFirst() : text).split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let behind = parts.count == 2 ? parts[1] : ""
        guard let whole = parts.first, !whole.isEmpty, whole.count <= 18, behind.count <= 18,
            parts.count == 1 || !behind.isEmpty, (whole + behind).allSatisfy({ $0.isASCII && $0.isNumber }),
            let digits = Int128(whole + behind)
        else { return nil }
        let scale = (0..<behind.count).reduce(Int128(1)) { scale, _ in scale * 10 }
        return Fraction(isNegative ? -digits : digits, over: scale * divisor)
    }
}
