import Facts

/// Rows to facts, as a map says.
struct RowMapping {
    let map: TableMap
    /// Where each column stands.
    let columns: [String: Int]
    /// Whose rows they are where no column says it.
    let store: String?
    /// The ids of stores by the name that the configuration gives them; nil where several bear it.
    let idByName: @Sendable (String) -> String?
    /// The clock of a store by which its times are told; nil: UTC's.
    let calendar: @Sendable (String) -> StoreCalendar?
    let modified: Timestamp?
    /// How many fields a row has; nil: as many as it likes, as in a workbook.
    let widths: ClosedRange<Int>?

    /// Why a row gives no fact, and how far it was read.
    struct Fault: Error {
        let words: String
        var store: String?
        var kind: FactKind?
        var id: String?
        /// What of it could be read, without who bought.
        var line = ""
        /// The whole row is lost, and not one of its facts.
        var isOfRow = false

        init(_ words: String) { self.words = words }
    }

    /// The facts of a row, each as a line of JSON or the reason why there is none: what a person may import is what a map
    /// brings.
    func lines(_ row: Row) -> [Result<String, Fault>] {
        var lines: [Result<String, Fault>] = []
        for form in map.facts {
            var fact = FactLine(kind: form.kind)
            do throws(Fault) {
                try checkNotLonger(row)
                guard try holds(form.conditions, row) else { continue }
                try checkNotShorter(row)
                try fill(&fact, form, row)
                // A reading without a value is none: a page shows two dashes, a table nothing.
                if !fact.isEmptyReading { lines.append(.success(fact.text)) }
            } catch {
                var fault = error
                if fault.isOfRow {
                    fault.store = store
                    return [.failure(fault)]
                }
                (fault.store, fault.kind, fault.id, fault.line) = (fact.store, form.kind, fact.id, fact.kept)
                lines.append(.failure(fault))
            }
        }
        return lines
    }

    /// A field with an unquoted delimiter in it moves all behind it into wrong columns.
    private func checkNotLonger(_ row: Row) throws(Fault) {
        guard let widths, row.cells.dropFirst(widths.upperBound).contains(where: { !$0.text.isEmpty }) else { return }
        var fault = Fault(
            "has \(row.cells.count) fields and the header \(widths.upperBound): does the delimiter stand in a field that is "
                + "not in quotes?")
        fault.isOfRow = true
        throw fault
    }

    /// A line end within a field, or a file that was cut off, leaves a row without its last fields.
    private func checkNotShorter(_ row: Row) throws(Fault) {
        guard let widths, row.cells.count < widths.lowerBound else { return }
        var fault = Fault(
            "has \(row.cells.count) of \(widths.lowerBound) fields: is the file cut off, or does a line end stand in a field "
                + "without quotes? (`short_rows: true` of the map's `file:`, where empty ends are left out)")
        fault.isOfRow = true
        throw fault
    }

    private func fill(_ fact: inout FactLine, _ form: TableMap.FactForm, _ row: Row) throws(Fault) {
        guard let store = try storeID(row) else { throw Fault("without store") }
        fact.add(store: store)
        let clock = calendar(store) ?? .utc
        guard let id = try text(of: form.id, row, isID: true) else { throw Fault("without id") }
        let at = form.kind == .measure ? form.members.first { $0.member.name == "at" }?.term : nil
        // A reading of a column that bears its name alone is that of its moment.
        let isNamed = if case .constant = form.id.origin { true } else { false }
        if isNamed, let at {
            guard let moment = try moment(of: at, row, "at", clock) else {
                throw Fault("at is missing: when was it read?")
            }
            fact.add(id: "\(id)@\(moment)")
        } else {
            fact.add(id: id)
        }
        if let term = form.updatedAt, let moment = try moment(of: term, row, "updated_at", clock) {
            fact.add("updated_at", text: "\(moment)")
        }
        for (member, term) in form.members { try add(member, term, row, clock, to: &fact) }
        var labels: [(String, String)] = []
        for (name, term) in form.labels {
            if let text = try text(of: term, row, isID: false) { labels.append((name, text)) }
        }
        fact.add(labels: labels)
    }

    private func add(
        _ member: Member, _ term: TableMap.Term, _ row: Row, _ clock: StoreCalendar, to fact: inout FactLine
    ) throws(Fault) {
        switch member.type {
        case .time:
            if let moment = try moment(of: term, row, member.name, clock) { fact.add(member.name, text: "\(moment)") }
        case .number:
            if let number = try number(of: term, row, member.name) { fact.add(member.name, raw: number.text) }
        case .bool:
            guard let text = try text(of: term, row, isID: false) else { return }
            guard let truth = Self.truths[text.lowercased()] else {
                throw Fault(
                    "\(member.name) \(Self.quoted(text)) is neither yes nor no; the map's `words:` can say which")
            }
            fact.add(member.name, raw: truth)
        case .word, .string:
            if let text = try text(of: term, row, isID: member.name == "order") { fact.add(member.name, text: text) }
        }
    }

    private static let truths = [
        "true": "true", "false": "false", "yes": "true", "no": "false", "y": "true", "n": "false", "1": "true",
        "0": "false", "是": "true", "否": "false",
    ]

    // MARK: Values

    private func storeID(_ row: Row) throws(Fault) -> String? {
        switch map.store {
        case .term(let term)?: return try text(of: term, row, isID: true)
        case .named(let term)?:
            guard let name = try text(of: term, row, isID: false) else { return nil }
            guard let id = idByName(name) else {
                throw Fault("no store, or more than one, is called \(Self.quoted(name)) in the configuration")
            }
            return id
        case .fileName?, nil: return store
        }
    }

    /// nil where nothing stands there, or the file lacks the column.
    private func cell(_ names: [String], _ row: Row) throws(Fault) -> Cell? {
        guard let place = names.lazy.compactMap({ columns[$0] }).first, place < row.cells.count else { return nil }
        let cell = row.cells[place]
        guard !cell.text.unicodeScalars.contains("\u{FFFD}") else {
            throw Fault("\(names[0]) holds what is no character; is the map's `encoding:` right?")
        }
        return cell.text.isEmpty || map.missing.contains(cell.text) ? nil : cell
    }

    private func cell(of term: TableMap.Term, _ row: Row) throws(Fault) -> Cell? {
        switch term.origin {
        case .column(let names, _): return try cell(names, row)
        case .constant(let text): return Cell(text)
        case .modified: return nil
        case .text(let pieces):
            var text = ""
            for piece in pieces {
                switch piece {
                case .literal(let literal): text += literal
                case .column(let name):
                    guard let cell = try cell([name], row) else { return nil }
                    try checkWhole(cell, name)
                    text += cell.text
                }
            }
            return Cell(text)
        }
    }

    private func text(of term: TableMap.Term, _ row: Row, isID: Bool) throws(Fault) -> String? {
        guard let cell = try cell(of: term, row) else { return nil }
        if let word = try word(for: cell.text, term) { return word == "missing" ? nil : word }
        if isID { try checkWhole(cell, "an order's or a fact's number") }
        return cell.text
    }

    /// The map's word for what stands there; nil where the map has none for anything.
    private func word(for text: String, _ term: TableMap.Term) throws(Fault) -> String? {
        guard let words = term.words else { return nil }
        guard let word = words[text] ?? term.other else {
            throw Fault("\(Self.quoted(text)) is none of the map's `words:`; add it, or say `else:`")
        }
        return word
    }

    /// A spreadsheet has made `2.30612E+17` of a long number: its last digits are gone.
    private func checkWhole(_ cell: Cell, _ what: String) throws(Fault) {
        let isPower = cell.text.wholeMatch(of: /[0-9](\.[0-9]+)?[eE]\+[0-9]+/) != nil
        guard cell.isShortened || isPower else { return }
        throw Fault(
            "\(what) was shortened by a spreadsheet (\(cell.text)); export it again, and keep the column as text")
    }

    private func number(of term: TableMap.Term, _ row: Row, _ name: String) throws(Fault) -> ExactDecimal? {
        guard let cell = try cell(of: term, row) else { return nil }
        if let word = try word(for: cell.text, term) { return word == "missing" ? nil : ExactDecimal(word) }
        let isConstant = if case .constant = term.origin { true } else { false }
        let written: ExactDecimal
        do throws(WrittenNumber.Fault) {
            written = try (isConstant ? NumberForm() : map.numbers).number(in: cell, units: term.units)
        } catch {
            throw Fault("\(name) \(Self.quoted(cell.text)) \(error.words)")
        }
        guard let number = written.times(term.times)?.divided(by: term.dividedBy) else {
            throw Fault("\(name) \(Self.quoted(cell.text)) is too large")
        }
        return number
    }

    private func moment(
        of term: TableMap.Term, _ row: Row, _ name: String, _ clock: StoreCalendar
    ) throws(Fault) -> Timestamp? {
        if case .modified = term.origin { return modified }
        guard let cell = try cell(of: term, row) else { return nil }
        let forms = term.dates ?? (map.dates.isEmpty ? nil : map.dates)
        do throws(CellDate.Fault) {
            return try CellDate.moment(cell, forms, term.calendar ?? map.calendar ?? clock)
        } catch {
            throw Fault("\(name) \(Self.quoted(cell.text)) \(error.words)")
        }
    }

    private func holds(_ conditions: [TableMap.Condition], _ row: Row) throws(Fault) -> Bool {
        for condition in conditions {
            // What a row should hold that has lost its end, nobody knows.
            if let place = condition.columns.lazy.compactMap({ columns[$0] }).first, place >= row.cells.count {
                try checkNotShorter(row)
            }
            let text = try cell(condition.columns, row)?.text ?? ""
            guard condition.texts.contains(text) == condition.isMet else { return false }
        }
        return true
    }

    /// Cut short: what stands in a wrong column may be long.
    private static func quoted(_ text: String) -> String { "'" + text.prefix(40) + (text.count > 40 ? "…" : "") + "'" }
}
