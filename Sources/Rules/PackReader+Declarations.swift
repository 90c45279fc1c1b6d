import Facts
import Language

extension PackReading {
    /// Parameters, windows, kinds and metrics: what conditions may name. Gives the names of the metrics as written.
    mutating func declare(labels: [String]) -> [String] {
        var declarations = Declarations(labels: labels)
        for entry in entries("parameters") {
            declarations.parameterPlaces[entry.key] = entry.place
            guard let parameter = parameter(entry) else {
                // A parameter in error still has its name: what uses it is not at fault.
                declarations.parameters[entry.key] = PackReading.type(of: entry.value) ?? .number
                continue
            }
            declarations.parameters[entry.key] = parameter.type
            parameters.append(parameter)
        }
        declarations.windows = self.declarations("windows")
        declarations.kinds = self.declarations("kinds")
        declarations.metrics = self.declarations("metrics")
        let (vocabulary, diagnostics) = TypeChecker.check(declarations)
        log.add(diagnostics)
        self.vocabulary = vocabulary
        use(Reach(of: vocabulary.metrics.values, in: vocabulary))
        use(Reach(of: vocabulary.kinds.values.compactMap(\.filter), in: vocabulary))
        for entry in entries("metrics") {
            if let metric = vocabulary.metrics[entry.key] { refuseShown(inside: metric, entry.value) }
        }
        for window in vocabulary.windows.values { use(Reach(of: window, in: vocabulary)) }
        return declarations.metrics.map(\.name)
    }

    private func declarations(_ section: String) -> [Declaration] {
        entries(section).compactMap { entry in
            entry.value.passage().map { Declaration(name: entry.key, place: entry.place, text: $0) }
        }
    }

    private static func type(of cursor: YAMLCursor) -> ParameterType? {
        cursor.quiet.keys(["type"])?["type"]?.string().flatMap(ParameterType.init(rawValue:))
    }

    private func parameter(_ entry: YAMLEntry) -> Parameter? {
        let known = ["type", "title", "values", "measure", "place"]
        guard let keys = entry.value.keys(known, required: ["type"]) else { return nil }
        let (title, place) = (keys["title"]?.words(), keys["place"]?.words())
        guard let word = keys["type"]?.word(of: ParameterType.allCases.map(\.rawValue)),
            let type = ParameterType(rawValue: word)
        else { return nil }
        let rows = (keys["values"]?.items() ?? []).compactMap { row($0, type, of: entry.key) }
        if let measure = keys["measure"], type != .rate, type != .number {
            measure.error("a measure is a number: 'measure' is for parameters of type rate or number, not \(word)")
        }
        return Parameter(
            name: entry.key, type: type, title: title, rows: rows, measure: keys["measure"]?.string(), place: place)
    }

    private func row(_ cursor: YAMLCursor, _ type: ParameterType, of name: String) -> Parameter.Row? {
        let known = ["value", "from", "until", "market", "currency", "labels", "basis", "source"]
        guard let keys = cursor.keys(known, required: ["value"]) else { return nil }
        let (from, until) = period(keys)
        let market = keys["market"]?.string()
        let currency = keys["currency"].flatMap(self.currency)
        var labels: [String: String] = [:]
        for entry in keys["labels"]?.entries() ?? [] { labels[entry.key] = entry.value.string() }
        let (basis, source) = authority(keys, what: "a shipped value", of: cursor, isNeeded: isBuiltIn)
        guard let passage = keys["value"]?.passage() else { return nil }
        let (value, diagnostics) = ParameterValue.read(passage, as: type, what: name)
        log.add(diagnostics)
        guard let value else { return nil }
        return Parameter.Row(
            value: value, from: from, until: until, market: market, currency: currency, labels: labels, basis: basis,
            source: source)
    }

    /// `from` and `until`: local days, the first included and the last not.
    func period(_ keys: YAMLKeys) -> (from: LocalDay?, until: LocalDay?) {
        let (from, until) = (keys["from"]?.day(), keys["until"]?.day())
        if let from, let until, until <= from {
            keys["until"]?.error(
                "until \(until) is not after from \(from); 'until' is the first day on which it no longer holds")
        }
        return (from, until)
    }

    /// `basis` and `source`. What we ship has to have both; what a user writes is its owner's word.
    func authority(_ keys: YAMLKeys, what: String, of cursor: YAMLCursor, isNeeded: Bool) -> (Basis?, String?) {
        let basis = keys["basis"]?.word(of: Basis.written.map(\.rawValue)).flatMap(Basis.init(rawValue:))
        let source = keys["source"]?.string()
        if isNeeded {
            for key in ["basis", "source"] where keys[key] == nil {
                keys.cursor.error("\(what) must say its '\(key)'; \(cursor.path) does not")
            }
        }
        return (basis, source)
    }

    /// What is counted is kept from day to day; a limit that the platform shows may change at any moment, store by store.
    func refuseShown(inside expression: TypedExpression, _ cursor: YAMLCursor) {
        let shown = parameters.filter { $0.measure != nil }.map(\.name)
        guard !shown.isEmpty else { return }
        for aggregate in Reach(of: [expression], in: vocabulary).aggregates {
            let inside = Reach(of: [TypedExpression(.aggregate(aggregate), .number)], in: vocabulary).parameters
            for name in shown where inside.contains(name) {
                cursor.error(
                    "'\(name)' is what the platform shows, and cannot stand inside an aggregate; compare the figure with it"
                )
            }
        }
    }

    mutating func use(_ reach: Reach) { used.formUnion(reach.parameters) }
}

extension YAMLEntry {
    /// The key as a passage, for what is said about the name itself.
    var place: Passage {
        let offsets = Array(keyRange) + [keyRange.upperBound]
        let bytes = Array(value.text.bytes[keyRange])
        return Passage(text: String(decoding: bytes, as: UTF8.self), source: value.source, offsets: offsets)
    }
}
