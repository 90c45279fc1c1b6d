/// A table of readings that a person filled in: a row a store with a column a measure, or a row a reading
/// (`store,name,value,expected,at`), as `measure due --format csv` prints it.
package struct ReadingsTable: Sendable {
    /// What one row says of one measure, as written.
    package struct Entry: Sendable, Hashable {
        /// On which line, from 1.
        package var line: Int
        package var store: String
        package var name: String
        package var value: String
        package var expected: String
        package var at: String
    }

    package private(set) var entries: [Entry] = []
    /// Rows that cannot be taken apart, and why.
    package private(set) var faults: [(line: Int, words: String)] = []
    /// Readings that nobody filled in.
    package private(set) var empty = 0

    /// Columns that are there for people and say nothing.
    private static let passedOver: Set = ["title", "place", "newest", "newest_at", "due"]

    package init(_ contents: FileContents) throws(TableError) {
        var rows =
            try contents.isWorkbook
            ? TableRows(workbook: contents, sheet: nil)
            : TableRows(text: contents, encoding: .guessed, delimiter: nil)
        guard let header = rows.next(), header.fault == nil else { throw .noReadings(contents.name) }
        let names = header.cells.map(\.text)
        guard names.first?.lowercased() == "store", names.count > 1 else { throw .noReadings(contents.name) }
        let columns = names.map { $0.lowercased() }
        let isLong = columns.contains("name") && columns.contains("value")
        guard isLong || Set(names.filter { !$0.isEmpty }).count == names.count(where: { !$0.isEmpty }) else {
            throw .noReadings(contents.name)
        }
        while let row = rows.next() {
            if let fault = row.fault {
                faults.append((row.number, fault))
                continue
            }
            func cell(_ column: Int) -> String { column < row.cells.count ? row.cells[column].text : "" }
            func cell(named name: String) -> String { columns.firstIndex(of: name).map(cell) ?? "" }
            guard !cell(0).isEmpty else {
                faults.append((row.number, "the first column names no store"))
                continue
            }
            if isLong {
                add(
                    Entry(
                        line: row.number, store: cell(0), name: cell(named: "name"), value: cell(named: "value"),
                        expected: cell(named: "expected"), at: cell(named: "at")))
                continue
            }
            for (column, name) in names.enumerated().dropFirst() {
                guard !name.isEmpty, columns[column] != "at", !Self.passedOver.contains(columns[column]) else {
                    continue
                }
                add(
                    Entry(
                        line: row.number, store: cell(0), name: name, value: cell(column), expected: "",
                        at: cell(named: "at")))
            }
        }
    }

    private mutating func add(_ entry: Entry) {
        if entry.value.isEmpty, entry.expected.isEmpty { empty += 1 } else { entries.append(entry) }
    }
}
