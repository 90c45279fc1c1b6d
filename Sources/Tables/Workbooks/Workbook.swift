import Facts

/// The sheets of an `.xlsx` file, as spreadsheets and back ends write it (ECMA-376).
struct Workbook {
    /// In the order in which people see them.
    private(set) var sheets: [(name: String, path: String)] = []

    private let archive: ZipArchive
    private var texts: [String] = []
    private var styles: [SheetNumber.Style] = []
    private var first = SheetNumber.since1900

    init(_ bytes: [UInt8]) throws(ZipArchive.Fault) {
        archive = try ZipArchive(bytes)
        guard let book = try archive.contents(of: "xl/workbook.xml") else {
            throw ZipArchive.Fault(words: "it holds no xl/workbook.xml")
        }
        try readBook(book)
        texts = try archive.contents(of: "xl/sharedStrings.xml").map(Self.texts) ?? []
        styles = try archive.contents(of: "xl/styles.xml").map(Self.styles) ?? []
    }

    private mutating func readBook(_ bytes: [UInt8]) throws(ZipArchive.Fault) {
        var targets: [String: String] = [:]
        var links = XMLScanner(try archive.contents(of: "xl/_rels/workbook.xml.rels") ?? [])
        while let event = links.next() {
            guard case .start("Relationship", let link) = event, let id = link["Id"], let target = link["Target"] else {
                continue
            }
            targets[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
        }
        var scanner = XMLScanner(bytes)
        while let event = scanner.next() {
            guard case .start(let name, let attributes) = event else { continue }
            if name == "workbookPr", ["1", "true"].contains(attributes["date1904"]) { first = SheetNumber.since1904 }
            if name == "sheet", let title = attributes["name"], let path = attributes["id"].flatMap({ targets[$0] }) {
                sheets.append((title, path))
            }
        }
        if sheets.isEmpty { throw ZipArchive.Fault(words: "it holds no sheet") }
    }

    /// The rows of a sheet that hold anything.
    func rows(of path: String) throws(ZipArchive.Fault) -> [Row] {
        guard let bytes = try archive.contents(of: path) else { throw ZipArchive.Fault(words: "\(path) is missing") }
        var scanner = XMLScanner(bytes)
        var rows: [Row] = []
        var row = Row(0, [])
        var cell = SheetCell()
        var (isValue, isWhole) = (false, false)
        while let event = scanner.next() {
            switch event {
            case .start("row", let attributes): row = Row(attributes["r"].flatMap(Int.init) ?? row.number + 1, [])
            case .start("c", let attributes):
                cell = SheetCell(attributes, column: row.cells.count)
            case .start("v", _), .start("t", _): isValue = true
            // The reading aid that stands over Chinese and Japanese is not the text.
            case .start("rPh", _): cell.isAside = true
            case .end("rPh"): cell.isAside = false
            case .text(let text): if isValue, !cell.isAside { cell.text += text }
            case .end("v"), .end("t"): isValue = false
            case .end("c"):
                guard cell.column < Self.greatestColumn else { continue }
                while row.cells.count <= cell.column { row.cells.append(.empty) }
                row.cells[cell.column] = value(of: cell)
            case .end("row"): if !row.isBlank { rows.append(row) }
            case .end("sheetData"): isWhole = true
            default: break
            }
        }
        // Rows that stop in their middle must not pass for all that there were.
        guard isWhole else { throw ZipArchive.Fault(words: "\(path) is cut off or damaged") }
        return rows
    }

    /// As many as a workbook can have.
    private static let greatestColumn = 16_384

    private func value(of cell: SheetCell) -> Cell {
        switch cell.type {
        case "s":
            guard let place = Int(cell.text), texts.indices.contains(place) else { return .empty }
            return Cell(texts[place].trimmed)
        case "b": return Cell(cell.text == "1" ? "true" : "false")
        // A formula that failed shows no value.
        case "e": return .empty
        case "str", "inlineStr": return Cell(cell.text.trimmed)
        case "d": return Cell(cell.text.replacing("T", with: " ").trimmed)
        default:
            guard !cell.text.isEmpty else { return .empty }
            return SheetNumber.cell(
                cell.text.trimmed, styles.indices.contains(cell.style) ? styles[cell.style] : .plain, first: first)
        }
    }

    /// Texts that many cells share; parts of one that are styled otherwise belong together.
    private static func texts(_ bytes: [UInt8]) -> [String] {
        var scanner = XMLScanner(bytes)
        var (texts, text) = ([String](), "")
        var (isText, isAside) = (false, false)
        while let event = scanner.next() {
            switch event {
            case .start("si", _): text = ""
            case .start("t", _): isText = true
            case .end("t"): isText = false
            case .start("rPh", _): isAside = true
            case .end("rPh"): isAside = false
            case .text(let part): if isText, !isAside { text += part }
            case .end("si"): texts.append(text)
            default: break
            }
        }
        return texts
    }

    /// How each style of a cell shows numbers.
    private static func styles(_ bytes: [UInt8]) -> [SheetNumber.Style] {
        var scanner = XMLScanner(bytes)
        var codes: [Int: String] = [:]
        var styles: [SheetNumber.Style] = []
        var isOfCells = false
        while let event = scanner.next() {
            switch event {
            case .start("numFmt", let attributes):
                if let id = attributes["numFmtId"].flatMap(Int.init) { codes[id] = attributes["formatCode"] }
            case .start("cellXfs", _): isOfCells = true
            case .end("cellXfs"): isOfCells = false
            case .start("xf", let attributes):
                guard isOfCells else { continue }
                let id = attributes["numFmtId"].flatMap(Int.init) ?? 0
                styles.append(SheetNumber.style(id, code: codes[id]))
            default: break
            }
        }
        return styles
    }
}

/// A cell while it is read.
private struct SheetCell {
    var type = "n"
    var style = 0
    /// From 0.
    var column = 0
    var text = ""
    var isAside = false

    init() {}

    /// - Parameter column: where it stands when it does not say so.
    init(_ attributes: [String: String], column: Int) {
        type = attributes["t"] ?? "n"
        style = attributes["s"].flatMap(Int.init) ?? 0
        let letters = attributes["r"]?.utf8.prefix { $0 >= 65 && $0 <= 90 } ?? Substring("").utf8
        // `AB12`: letters are digits of 26 that begin with 1.
        self.column = letters.isEmpty ? column : letters.prefix(4).reduce(0) { $0 * 26 + Int($1) - 64 } - 1
    }
}
