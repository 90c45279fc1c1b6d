package import Facts
import Language

/// A file read by a map, batch by batch.
package struct MappedFile {
    package private(set) var summary: MappedSummary
    private var rows: TableRows?
    /// Of a page, which is one row.
    private var page: Row?
    private var mapping: RowMapping
    private var decoder: FactDecoder
    private let unit: String
    private let fileName: String
    private var alike: [String: Int] = [:]

    /// What only the configuration knows of stores.
    package struct Stores: Sendable {
        package var idByName: @Sendable (String) -> String?
        package var calendar: @Sendable (String) -> StoreCalendar?

        package init(
            idByName: @escaping @Sendable (String) -> String?, calendar: @escaping @Sendable (String) -> StoreCalendar?
        ) {
            (self.idByName, self.calendar) = (idByName, calendar)
        }
    }

    private static let batchRows = 5000

    /// - Parameters:
    ///   - store: whose the file is, where the map does not say it.
    ///   - isRangeTold: somebody else says from when on it is complete: that it does not say so itself is no fault.
    package init(
        _ contents: FileContents, _ map: TableMap, store: String?, isRangeTold: Bool = false, decoder: FactDecoder,
        stores: Stores, now: Timestamp
    ) throws(TableError) {
        var store = store
        if case .fileName(let pattern)? = map.store {
            guard let found = pattern.match(contents.lastComponent)?["store"] else {
                throw .noStore(contents.name, pattern: pattern.description)
            }
            store = found
        }
        summary = MappedSummary(name: contents.name)
        if let store { summary.stores.insert(store) }
        var columns: [String: Int] = [:]
        var widths: ClosedRange<Int>?
        let above: String
        switch map.form {
        case .page(let encoding):
            let text = try PageText(contents, encoding)
            (page, columns) = try Self.page(text, map, contents.name, &summary)
            (above, unit) = (text.text, "page")
        case .text, .workbook:
            var rows = try Self.rows(contents, map.form)
            let header: [Cell]
            (header, columns, above) = try Self.header(&rows, map, contents.name)
            if case .text(_, _, let mayBeShort) = map.form, !contents.isWorkbook {
                let named = 1 + (header.lastIndex { !$0.text.isEmpty } ?? 0)
                widths = (mayBeShort ? 1 : named)...header.count
            }
            self.rows = rows
            unit = contents.isWorkbook ? "row" : "line"
        }
        mapping = RowMapping(
            map: map, columns: columns, store: store, idByName: stores.idByName, calendar: stores.calendar,
            modified: contents.modified.map { min($0, now) } ?? now, widths: widths)
        self.decoder = decoder
        fileName = contents.lastComponent
        let range = MapRange(map: map, calendar: store.flatMap(stores.calendar) ?? .utc)
        do throws(TableError) {
            summary.range = try range.read(contents, above: above)
        } catch {
            guard isRangeTold, case .noRange = error else { throw error }
            summary.range = .nothing
        }
    }

    /// nil at the end.
    package mutating func next() -> MappedBatch? {
        var batch = MappedBatch()
        var count = 0
        while count < Self.batchRows, let row = nextRow() {
            count += 1
            summary.rows += 1
            take(row, into: &batch)
        }
        summary.unknownMembers = decoder.unknownMembers
        return count == 0 ? nil : batch
    }

    private mutating func nextRow() -> Row? {
        if let page {
            self.page = nil
            return page
        }
        return rows?.next()
    }

    private mutating func take(_ row: Row, into batch: inout MappedBatch) {
        let position = unit == "page" ? "the page" : "\(unit) \(row.number)"
        if let fault = row.fault {
            reject(Rejection(reason: fault, store: mapping.store, text: ""), position, &batch)
            return
        }
        for line in mapping.lines(row) {
            switch line {
            case .failure(let fault):
                let rejection = Rejection(
                    reason: fault.words, store: fault.store ?? mapping.store, kind: fault.kind, id: fault.id,
                    text: fault.line)
                reject(rejection, position, &batch)
            case .success(let text):
                switch decoder.decode(line: text) {
                case .fact(let fact):
                    batch.facts.append(fact)
                    summary.facts += 1
                    summary.stores.insert(fact.store)
                case .rejected(let rejection): reject(rejection, position, &batch)
                case .mark, .coverage: break
                }
            }
        }
    }

    private mutating func reject(_ rejection: Rejection, _ position: String, _ batch: inout MappedBatch) {
        var rejection = rejection
        // What names no fact is known by its place: each of several that read alike, here or in another file, is one that
        // is lacking.
        if !rejection.isNamed {
            rejection.text += (rejection.text.isEmpty ? "" : " ") + "in \(fileName), \(position)"
            rejection.repeated = alike[rejection.text, default: 0]
            alike[rejection.text] = rejection.repeated + 1
        }
        batch.rejections.append((position, rejection, batch.facts.count))
        summary.rejected += 1
    }

    // MARK: Opening

    private static func rows(_ contents: FileContents, _ form: TableMap.Form) throws(TableError) -> TableRows {
        switch form {
        case .workbook(let sheet): return try TableRows(workbook: contents, sheet: sheet)
        // Back ends give the same table as either, and people save one as the other.
        case .text where contents.isWorkbook: return try TableRows(workbook: contents, sheet: nil)
        case .text(let delimiter, let encoding, _):
            return try TableRows(text: contents, encoding: encoding, delimiter: delimiter)
        case .page(let encoding): return try TableRows(text: contents, encoding: encoding, delimiter: nil)
        }
    }

    /// Further down there is no header: a table of a back end has a few lines of words above it.
    private static let greatestPreamble = 30

    /// The header, where the columns stand in it (of several of one name the first), and the text above it.
    private static func header(
        _ rows: inout TableRows, _ map: TableMap, _ name: String
    ) throws(TableError) -> (header: [Cell], columns: [String: Int], above: String) {
        let needed = map.columns.filter(\.isNeeded).map(\.names)
        var above: [String] = []
        var nearest: (missing: [[String]], names: [String])?
        while above.count < greatestPreamble, let row = rows.next() {
            let columns = Dictionary(
                row.cells.enumerated().map { ($0.element.text, $0.offset) }, uniquingKeysWith: { first, _ in first })
            let missing = needed.filter { !$0.contains { columns[$0] != nil } }
            if missing.isEmpty { return (row.cells, columns, above.joined(separator: "\n")) }
            if missing.count < nearest?.missing.count ?? needed.count {
                nearest = (missing, Array(columns.keys).sorted())
            }
            above.append(row.cells.map(\.text).joined(separator: " "))
        }
        let missing = nearest?.missing ?? needed
        let hint = nearest.flatMap { found in
            missing.lazy.compactMap { NearestName.nearest(to: $0[0], among: found.names) }.first
        }
        var seen: Set<String> = []
        throw .noHeader(
            name, missing: missing.map { $0[0] }.filter { seen.insert($0).inserted },
            hint: hint.map { " ('\($0)'?)" } ?? "")
    }

    /// The labels of a page as the columns of one row.
    private static func page(
        _ text: PageText, _ map: TableMap, _ name: String, _ summary: inout MappedSummary
    ) throws(TableError) -> (row: Row, columns: [String: Int]) {
        var (cells, columns) = ([Cell](), [String: Int]())
        var absent: [String] = []
        for (names, isNeeded) in map.columns {
            if names.contains(where: { columns[$0] != nil }) { continue }
            guard
                let (found, cell) = names.lazy.compactMap({ name in text.cell(behind: name).map { (name, $0) } }).first
            else {
                if isNeeded, !absent.contains(names[0]) { absent.append(names[0]) }
                continue
            }
            columns[found] = cells.count
            cells.append(cell)
        }
        guard !columns.isEmpty else { throw .noHeader(name, missing: absent, hint: "") }
        summary.absent = absent
        return (Row(1, cells), columns)
    }
}

/// Some rows of a file as facts.
package struct MappedBatch: Sendable {
    package var facts: [Fact] = []
    /// Those that did not become facts: `line 17`, and how many facts of the batch stood before it.
    package var rejections: [(position: String, rejection: Rejection, factsBefore: Int)] = []
}

/// What there was in a file.
package struct MappedSummary: Sendable {
    package let name: String
    package internal(set) var rows = 0
    package internal(set) var facts = 0
    package internal(set) var rejected = 0
    /// Those of its facts, and whose it is as a whole.
    package internal(set) var stores: Set<String> = []
    /// What it says itself of what it covers.
    package internal(set) var range = MapRange.Found.wholeFile
    /// Labels that the page does not have.
    package internal(set) var absent: [String] = []
    package internal(set) var unknownMembers = UnknownMembers()

    init(name: String) { self.name = name }
}
