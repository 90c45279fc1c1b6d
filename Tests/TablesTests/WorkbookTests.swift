import Facts
import Tables
import Testing

@Suite("Workbooks are read as people see them")
struct WorkbookTests {
    /// Styles: plain, percent, a built-in date, a date by its code, text that only looks like a date's code.
    static let styles = """
        <numFmts><numFmt numFmtId="164" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\\ hh:mm"/>\
        <numFmt numFmtId="165" formatCode="&quot;days&quot;\\ 0.00"/></numFmts>\
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>\
        <cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>
        """

    private func rows(
        _ rows: String, texts: [String] = [], workbook: String = "", isDeflated: Bool = true
    ) throws -> [Row] {
        let bytes = MadeUpWorkbook.bytes(
            sheets: [("数据", rows), ("other", "")], texts: texts, styles: Self.styles, workbook: workbook,
            isDeflated: isDeflated)
        var table = try TableRows(workbook: FileContents(name: "a.xlsx", bytes: bytes), sheet: nil)
        var found: [Row] = []
        while let row = table.next() { found.append(row) }
        return found
    }

    @Test("texts of every sort, packed or not", arguments: [true, false])
    func texts(_ isDeflated: Bool) throws {
        let found = try rows(
            """
            <row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>a &amp; b</t></is></c>\
            <c r="D2" t="str"><f>"x"</f><v>&#x8BA2;单</v></c><c r="E2" t="b"><v>1</v></c><c r="F2" t="e"><v>#N/A</v></c></row>
            <row r="3"/><x:row xmlns:x="u" r="7"><x:c r="A7" t="s"><x:v>1</x:v></x:c></x:row>
            """,
            texts: [
                "<t>订单</t><rPh><t>dingdan</t></rPh>", "<r><t>two </t></r><r><t xml:space=\"preserve\">parts</t></r>",
            ],
            isDeflated: isDeflated)
        #expect(found.map(\.number) == [2, 7])
        #expect(found[0].cells.map(\.text) == ["订单", "", "a & b", "订单", "true", ""])
        #expect(found[1].cells.map(\.text) == ["two parts"])
    }

    struct Number: Sendable, CustomTestStringConvertible {
        var written: String
        var style: Int
        var shown: String
        var testDescription: String { "\(written) in style \(style)" }
    }

    static let shown = [
        // Kept as a binary fraction in 17 digits, shown in fifteen.
        Number(written: "19.899999999999999", style: 0, shown: "19.9"),
        Number(written: "1.3400000000000002E-2", style: 1, shown: "1.34%"),
        Number(written: "0.01", style: 1, shown: "1%"), Number(written: "230612", style: 0, shown: "230612"),
        Number(written: "1.0000000000000001E-5", style: 0, shown: "0.00001"),
        Number(written: "46083", style: 2, shown: "2026-03-02"),
        Number(written: "46083.416666666664", style: 2, shown: "2026-03-02 10:00:00"),
        Number(written: "46083.999988425923", style: 3, shown: "2026-03-02 23:59:59"),
        Number(written: "46083.5", style: 4, shown: "46083.5"), Number(written: "61", style: 2, shown: "1900-03-01"),
        Number(written: "-5", style: 2, shown: "-5"),
    ]

    @Test("numbers, shares and dates", arguments: shown)
    func numbers(_ row: Number) throws {
        let found = try rows(#"<row r="1"><c r="A1" s="\#(row.style)"><v>\#(row.written)</v></c></row>"#)
        #expect(found.first?.cells.first?.text == row.shown)
    }

    @Test("days may be counted from 1904, and long numbers have lost digits")
    func special() throws {
        let since1904 = try rows(
            #"<row r="1"><c r="A1" s="2"><v>44621</v></c></row>"#, workbook: #"<workbookPr date1904="1"/>"#)
        #expect(since1904[0].cells[0].wall == WallTime(day: LocalDay(year: 2026, month: 3, day: 2)))
        let long = try rows(
            #"<row r="1"><c r="A1"><v>2.3061234567890099E+17</v></c><c r="B1"><v>230612345678901</v></c></row>"#)
        #expect(long[0].cells.map(\.isShortened) == [true, false])
    }

    @Test("a sheet by its name, and words where there is none")
    func sheets() throws {
        let bytes = MadeUpWorkbook.bytes(
            sheets: [("a", ""), ("退款", #"<row><c t="str"><v>x</v></c><c t="str"><v>y</v></c></row>"#)])
        let contents = FileContents(name: "a.xlsx", bytes: bytes)
        var table = try TableRows(workbook: contents, sheet: "退款")
        #expect(table.next() == Row(1, [Cell("x"), Cell("y")]))
        #expect(throws: TableError.noSheet("a.xlsx", named: "b", known: ["a", "退款"])) {
            try TableRows(workbook: contents, sheet: "b")
        }
    }

    @Test("cells may come in any order, and rows that stop in their middle do not pass for all there were")
    func cutOff() throws {
        let mixed = try rows(#"<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>"#)
        #expect(mixed.map { $0.cells.map(\.text) } == [["1", "", "3"]])
        #expect(throws: TableError.noWorkbook("a.xlsx", because: "xl/worksheets/sheet1.xml is cut off or damaged")) {
            try rows(#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r=A2><v>2</v></c></row>"#)
        }
        // One digit that was changed on the way.
        var bytes = MadeUpWorkbook.bytes(sheets: [("a", "<row><c><v>1734</v></c></row>")], isDeflated: false)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("1734".utf8)) })
        bytes[place] += 1
        #expect(throws: TableError.noWorkbook("a.xlsx", because: "xl/worksheets/sheet1.xml is damaged")) {
            try TableRows(workbook: FileContents(name: "a.xlsx", bytes: bytes), sheet: nil)
        }
    }

    @Test("what is no workbook, or a broken one, says so and never crashes")
    func broken() {
        let whole = MadeUpWorkbook.bytes(
            sheets: [("a", #"<row r="1"><c r="A1"><v>1</v></c></row>"#)], styles: Self.styles)
        for cut in stride(from: 0, to: whole.count, by: 7) {
            var bytes = whole
            bytes.removeSubrange(cut..<min(cut + 40, bytes.count))
            do {
                var table = try TableRows(workbook: FileContents(name: "a.xlsx", bytes: bytes), sheet: nil)
                while table.next() != nil {}
            } catch {}
            bytes = whole
            bytes[cut] ^= 0xFF
            do {
                var table = try TableRows(workbook: FileContents(name: "a.xlsx", bytes: bytes), sheet: nil)
                while table.next() != nil {}
            } catch {}
        }
        #expect(throws: TableError.self) {
            try TableRows(workbook: FileContents(name: "a.xlsx", bytes: Array("store,name".utf8)), sheet: nil)
        }
    }
}
