import Facts
package import Language
package import Rules

/// YAML to a map, or to everything that is wrong with it.
package struct TableMapReader {
    /// - Parameter packs: by name; of a pack that is not there nothing is checked. What a pack never reads or lets in is a
    ///   warning.
    /// - Returns: nil with at least one error; in the order of the text.
    package static func read(
        _ text: SourceText, packs: (String) -> Pack? = { _ in nil }
    ) -> (map: TableMap?, diagnostics: [Diagnostic]) {
        let log = DiagnosticLog()
        var reader = TableMapReader(text: text, log: log)
        let map = reader.map(packs)
        return (log.hasErrors ? nil : map, log.inOrder)
    }

    let text: SourceText
    let log: DiagnosticLog
    private(set) var pack: Pack?

    package static let keys = [
        "map", "title", "pack", "source", "file", "zone", "dates", "numbers", "missing", "store", "covers", "facts",
        "readings",
    ]

    private mutating func map(_ packs: (String) -> Pack?) -> TableMap? {
        guard let root = YAMLCursor.open(text, as: "the map", log: log) else { return nil }
        guard !root.isEmpty else {
            log.error("the file is empty; a map needs 'map: NAME', 'file:' and 'facts:'", at: 0..<0, in: text)
            return nil
        }
        guard let keys = root.keys(Self.keys, required: ["map", "file"]) else { return nil }
        let name = keys["map"]?.id()
        let packName = keys["pack"]?.string()
        pack = packName.flatMap(packs)
        if let packName, pack == nil,
            let nearest = NearestName.nearest(to: packName, among: PackLibrary.builtInNames)
        {
            keys["pack"]?.warning("there is no built-in pack '\(packName)'; did you mean '\(nearest)'?")
        }
        let form = keys["file"].flatMap(form)
        let calendar = keys["zone"].flatMap(self.calendar)
        let dates = keys["dates"].map(self.dates) ?? []
        let numbers = keys["numbers"].flatMap(self.numbers) ?? NumberForm()
        let missing = keys["missing"].map(texts).map(Set.init) ?? Self.missing
        let store = keys["store"].flatMap(storeTerm)
        let facts = (keys["facts"]?.items() ?? []).compactMap(fact) + (keys["readings"].map(readings) ?? [])
        if keys["facts"] == nil, keys["readings"] == nil {
            root.error("the map lacks 'facts' (or 'readings'): what a row becomes")
        } else if facts.isEmpty, !log.hasErrors {
            root.error("a row of the file becomes nothing; 'facts' (or 'readings') says what it becomes")
        }
        let covers = keys["covers"].flatMap { self.covers($0, of: facts.map(\.kind)) }
        if case .page? = form, facts.contains(where: { $0.kind != .measure }) {
            root.error("a page holds readings; 'facts' of other kinds come from tables")
        }
        guard let name, let form else { return nil }
        return TableMap(
            name: name, title: keys["title"]?.words() ?? Words(en: name, zh: name), pack: packName,
            source: keys["source"]?.string(), form: form, calendar: calendar, dates: dates, numbers: numbers,
            missing: missing, store: store,
            covers: covers ?? TableMap.Covers(range: .wholeFile, kinds: nil, days: nil, dates: nil), facts: facts,
            text: text)
    }

    /// What back ends write where there is nothing.
    static let missing: Set = ["-", "--", "—", "N/A", "n/a", "null", "NULL"]

    private func form(_ cursor: YAMLCursor) -> TableMap.Form? {
        guard let keys = cursor.keys(["format", "encoding", "delimiter", "sheet", "short_rows"], required: ["format"])
        else {
            return nil
        }
        var encoding = TextEncoding.utf8
        if let name = keys["encoding"]?.word(of: TextEncoding.named.keys.sorted()) {
            encoding = TextEncoding.named[name] ?? .utf8
        }
        let format = keys["format"]?.word(of: ["csv", "tsv", "xlsx", "page"])
        for (key, formats) in [
            ("encoding", ["csv", "tsv", "page"]), ("delimiter", ["csv"]), ("sheet", ["xlsx"]),
            ("short_rows", ["csv", "tsv"]),
        ] {
            if let format, !formats.contains(format), let value = keys[key] {
                value.error("'\(key)' is for \(formats.joined(separator: ", ")), not for \(format)")
            }
        }
        var delimiter = format == "tsv" ? UInt8(ascii: "\t") : UInt8(ascii: ",")
        if let written = keys["delimiter"]?.string() {
            let sign = written == "tab" ? "\t" : written
            if sign.utf8.count == 1, let byte = sign.utf8.first, byte != UInt8(ascii: "\""), byte != 10, byte != 13 {
                delimiter = byte
            } else {
                keys["delimiter"]?.error("delimiter must be one sign such as ; or |, or tab, not '\(written)'")
            }
        }
        switch format {
        case "csv", "tsv": return .text(delimiter: delimiter, encoding, mayBeShort: keys["short_rows"]?.bool() ?? false)
        case "xlsx": return .workbook(sheet: keys["sheet"]?.string())
        case "page": return .page(encoding)
        default: return nil
        }
    }

    func calendar(_ cursor: YAMLCursor) -> StoreCalendar? {
        guard let name = cursor.string() else { return nil }
        guard let calendar = StoreCalendar(timezone: name) else {
            cursor.error("'\(name)' is not a time zone; write an IANA name such as Asia/Shanghai, or UTC")
            return nil
        }
        return calendar
    }

    /// One form, or a list of them.
    func dates(_ cursor: YAMLCursor) -> [DateForm] {
        (cursor.isList ? cursor.items() ?? [] : [cursor]).compactMap { item in
            guard let text = item.string() else { return nil }
            do throws(DateForm.Fault) {
                return try DateForm(text)
            } catch {
                item.error("'\(text)' \(error.words)")
                return nil
            }
        }
    }

    private func numbers(_ cursor: YAMLCursor) -> NumberForm? {
        guard let keys = cursor.keys(["decimal", "thousands"]) else { return nil }
        func sign(_ key: String) -> Character? {
            guard let text = keys[key]?.string() else { return nil }
            guard let sign = text.first, text.count == 1, !sign.isNumber, !sign.isLetter else {
                keys[key]?.error("\(key) must be one sign, such as \".\" or \",\", not '\(text)'")
                return nil
            }
            return sign
        }
        let form = NumberForm(decimal: sign("decimal") ?? ".", thousands: sign("thousands"))
        if form.decimal == form.thousands { cursor.error("decimal and thousands cannot be the same sign") }
        return form
    }

    /// One text, or a list of them.
    func texts(_ cursor: YAMLCursor) -> [String] {
        cursor.isList ? (cursor.items() ?? []).compactMap { $0.string() } : [cursor.string()].compactMap { $0 }
    }

    private func storeTerm(_ cursor: YAMLCursor) -> TableMap.StoreTerm? {
        if cursor.isMapping, cursor.hasKey("file") {
            guard let pattern = cursor.keys(["file"])?["file"].flatMap({ pattern($0, places: ["store"]) }) else {
                return nil
            }
            guard pattern.places == ["store"] else {
                cursor.error("the file's name needs one place {store}, where the store's id stands in it")
                return nil
            }
            return .fileName(pattern)
        }
        let isNamed = cursor.isMapping && cursor.hasKey("named")
        let keys = ["column", "value", "text", "words", "else"]
        guard let term = term(cursor, keys: isNamed ? keys + ["named"] : keys) else { return nil }
        guard isNamed else { return .term(term) }
        return cursor.quiet.keys(keys + ["named"])?["named"]?.bool() ?? false ? .named(term) : .term(term)
    }

    /// - Parameter brought: of another kind the file can prove nothing.
    private func covers(_ cursor: YAMLCursor, of brought: [FactKind]) -> TableMap.Covers? {
        if cursor.isScalar {
            guard cursor.word(of: ["none"]) != nil else { return nil }
            return TableMap.Covers(range: .none, kinds: nil, days: nil, dates: nil)
        }
        guard let keys = cursor.keys(["kinds", "file", "text", "from", "until", "days", "dates"]) else { return nil }
        var kinds: FactKinds?
        for item in keys["kinds"]?.items() ?? [] {
            guard let kind = kind(item) else { continue }
            if !brought.contains(kind), !log.hasErrors {
                item.error(
                    "the map brings no \(kind.name), so that the file cannot be complete in it; it brings "
                        + FactKinds(brought).kinds.map(\.name).joined(separator: ", "))
            }
            kinds = (kinds ?? []).union(FactKinds(kind))
        }
        let ways = ["file", "text"].filter { keys[$0] != nil } + (keys["from"] ?? keys["until"] == nil ? [] : ["from"])
        if ways.count > 1 { cursor.error("the range is told by one of file, text, or from and until") }
        let range: TableMap.Covers.Range
        if let name = keys["file"] {
            range = pattern(name, places: ["from", "until"]).map { .fileName($0) } ?? .none
        } else if let above = keys["text"] {
            range = pattern(above, places: ["from", "until"]).map { .text($0) } ?? .none
        } else if keys["from"] != nil || keys["until"] != nil || keys["days"] != nil {
            range = .told(from: keys["from"]?.day(), until: keys["until"]?.day())
        } else {
            range = .wholeFile
        }
        return TableMap.Covers(
            range: range, kinds: kinds, days: keys["days"]?.integer(1...3660), dates: keys["dates"].map(dates))
    }

    private func pattern(_ cursor: YAMLCursor, places: [String]) -> TextPattern? {
        guard let text = cursor.string() else { return nil }
        guard let pattern = TextPattern(text) else {
            cursor.error("'\(text)' is no pattern: braces are closed, and between two places stands text")
            return nil
        }
        for place in pattern.places where !places.contains(place) {
            let nearest = NearestName.hint(for: place, among: places)
            cursor.error(
                "there is no place {\(place)}\(nearest.isEmpty ? "; there are {\(places.joined(separator: "}, {"))}" : nearest)"
            )
        }
        return pattern
    }

    func kind(_ cursor: YAMLCursor) -> FactKind? {
        guard let name = cursor.word(of: FactKind.allCases.map(\.name)) else { return nil }
        return FactKind(name: name)
    }
}
