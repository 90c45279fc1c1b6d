/// Columns for people: as wide as their widest cell, Chinese counted as two.
struct TextTable {
    enum Alignment { case left, right }
    struct Cell {
        var text: String
        var style: Terminal.Style?
        init(_ text: String, _ style: Terminal.Style? = nil) {
            (self.text, self.style) = (Terminal.printable(text), style)
        }
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[Cell]] = []

    init(_ columns: [(String, Alignment)]) { self.columns = columns.map { (title: $0.0, alignment: $0.1) } }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "a row has a cell for every column")
        rows.append(cells)
    }

    /// The whole table with a heading, a line end after every row.
    var text: String {
        let widths = columns.indices.map { column in
            rows.reduce(Terminal.width(of: columns[column].title)) { max($0, Terminal.width(of: $1[column].text)) }
        }
        let heading = line(columns.map { Cell($0.title, .dim) }, widths)
        return ([heading] + rows.map { line($0, widths) }).joined()
    }

    private func line(_ cells: [Cell], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - Terminal.width(of: cell.text))
            let shown = cell.style.map { Terminal.styled(cell.text, $0) } ?? cell.text
            switch columns[index].alignment {
            case .right: parts.append(padding + shown)
            case .left: parts.append(index == cells.count - 1 ? shown : shown + padding)
            }
        }
        return parts.joined(separator: "  ") + "\n"
    }
}
