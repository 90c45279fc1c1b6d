/// The rows of a file, whatever it is: text with delimiters, a sheet of a workbook.
package struct TableRows: Sendable {
    private var text: DelimitedText?
    private var sheet: [Row] = []
    private var place = 0

    /// Text with delimiters.
    ///
    /// - Parameter delimiter: nil: what the first line is divided by.
    package init(text contents: FileContents, encoding: TextEncoding, delimiter: UInt8?) throws(TableError) {
        if let reason = contents.isOtherThanText { throw .noWorkbook(contents.name, because: reason) }
        let decoded = try encoding.text(of: contents)
        text = DelimitedText(decoded, delimiter: delimiter ?? DelimitedText.delimiter(of: decoded))
    }

    /// A sheet.
    ///
    /// - Parameter sheet: its name; nil: the first.
    package init(workbook contents: FileContents, sheet: String?) throws(TableError) {
        let known: [String]
        do throws(ZipArchive.Fault) {
            let book = try Workbook(contents.bytes)
            if let found = sheet == nil ? book.sheets.first : book.sheets.first(where: { $0.name == sheet }) {
                self.sheet = try book.rows(of: found.path)
                return
            }
            known = book.sheets.map(\.name)
        } catch {
            throw .noWorkbook(contents.name, because: error.words)
        }
        throw .noSheet(contents.name, named: sheet ?? "", known: known)
    }

    /// The next row that holds anything; nil at the end.
    package mutating func next() -> Row? {
        if text != nil { return text?.next() }
        guard place < sheet.count else { return nil }
        defer { place += 1 }
        return sheet[place]
    }
}
