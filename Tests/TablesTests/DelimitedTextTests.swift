import Tables
import Testing

@Suite("Rows of text are taken apart as back ends and spreadsheets write them")
struct DelimitedTextTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var given: String
        var delimiter = ","
        var expected: [[String]]
        var testDescription: String { given.debugDescription }
    }

    static let cases = [
        Case(given: "a,b\n1,2\n", expected: [["a", "b"], ["1", "2"]]),
        Case(given: "a,b\r\n1,2", expected: [["a", "b"], ["1", "2"]]),
        Case(given: "a,b\r1,2\r", expected: [["a", "b"], ["1", "2"]]),
        Case(given: "\n , \n1,2\n\n", expected: [["1", "2"]]),
        Case(given: #""a, b","say ""no""",c"#, expected: [["a, b", #"say "no""#, "c"]]),
        Case(given: "\"two\nlines\",x\ny,z\n", expected: [["two\nlines", "x"], ["y", "z"]]),
        Case(given: "5\" pipe,x\n", expected: [["5\" pipe", "x"]]),
        Case(given: "=\"00123\",\t 77 \n", expected: [["00123", "77"]]),
        Case(given: "a\tb, c\n", delimiter: "\t", expected: [["a", "b, c"]]),
        Case(given: "订单号；数量\n", delimiter: ";", expected: [["订单号；数量"]]),
        Case(given: "a,,\n", expected: [["a", "", ""]]),
    ]

    @Test("rows and their fields", arguments: cases)
    func fields(_ row: Case) {
        var text = DelimitedText(Array(row.given.utf8), delimiter: Array(row.delimiter.utf8)[0])
        var found: [[String]] = []
        while let row = text.next() { found.append(row.cells.map(\.text)) }
        #expect(found == row.expected)
    }

    @Test("a quote that is lost costs its own line, and lines are counted on")
    func lostQuote() {
        let lines = ["id,note", "1,\"never closed", "2,fine", "3,\"a\" b", "4,\"over", "two\"", "5,last"]
        var text = DelimitedText(Array(lines.joined(separator: "\n").utf8), delimiter: UInt8(ascii: ","))
        var rows: [Row] = []
        while let row = text.next() { rows.append(row) }
        // The quote of line 2 ends at the next one that there is, and text stands behind that.
        #expect(rows.filter { $0.fault == nil }.map(\.number) == [1, 3, 5, 7])
        #expect(rows.filter { $0.fault != nil }.map(\.number) == [2, 4])
        #expect(rows.filter { $0.fault == nil }.map { $0.cells[0].text } == ["id", "2", "4", "5"])
    }

    @Test(
        "what divides the first line divides all",
        arguments: [("a,b;c,d", ","), ("a\tb", "\t"), ("a;b,c;d", ";"), ("a", ",")])
    func delimiter(_ line: String, _ expected: String) {
        #expect(DelimitedText.delimiter(of: Array(line.utf8)) == Array(expected.utf8)[0])
    }

    @Test("characters are read as they were written, and what is none is marked")
    func encodings() throws {
        func read(_ bytes: [UInt8], _ encoding: TextEncoding) throws -> String {
            String(decoding: try encoding.text(of: FileContents(name: "a.csv", bytes: bytes)), as: UTF8.self)
        }
        let order: [UInt8] = [0xB6, 0xA9, 0xB5, 0xA5, 0xBA, 0xC5]
        #expect(try read(order, .gb18030) == "订单号")
        #expect(try read(order, .guessed) == "订单号")
        #expect(try read(Array("订单号".utf8), .guessed) == "订单号")
        #expect(try read([0xEF, 0xBB, 0xBF] + Array("订单号".utf8), .utf8) == "订单号")
        // Its mark says what it is, whatever the map says.
        #expect(try read([0xEF, 0xBB, 0xBF] + Array("订单号".utf8), .gb18030) == "订单号")
        #expect(try read([0xFF, 0xFE, 0x61, 0, 0xA2, 0x8B], .utf8) == "a订")
        #expect(try read([0x61, 0, 0xA2, 0x8B], .utf16) == "a订")
        #expect(try read([0x92, 0x8D, 0x95, 0xB6], .shiftJIS) == "注文")
        #expect(try read([0xE9, 0x80], .windows1252) == "é€")
        // GB18030 in four bytes: what GBK lacks.
        #expect(try read([0x90, 0x30, 0x81, 0x30], .gb18030) == "\u{10000}")
        #expect(try read([0xB6, 0xA9, 0xFF, 0x31, 0xB6], .gb18030) == "订\u{FFFD}1\u{FFFD}")
        #expect(try read([0x61, 0xFF, 0x62], .utf8) == "a\u{FFFD}b")
        // Longer than what is converted at once.
        let long = Array(repeating: order, count: 50_000).flatMap { $0 }
        #expect(try read(long, .gb18030).unicodeScalars.count == 150_000)
    }
}
