import Facts
import Language
import Rules
import Tables
import Testing

@Suite("A map is right, or all that is wrong with it is told with its place")
struct TableMapReaderTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var text: String
        var expected: [String]
        var testDescription: String { text }
    }

    private static let head = "map: m\nfile: {format: csv}\n"

    static let slips = [
        Fault(text: "", expected: ["1:1: error: the file is empty"]),
        Fault(text: "map: m\n", expected: ["1:1: error: the map lacks 'file'", "lacks 'facts'"]),
        Fault(
            text: "map: m\nfile: {format: cvs}\nfacts: []\n",
            expected: ["2:16: error: file.format must be one of csv, tsv, xlsx, page, not 'cvs'; did you mean 'csv'?"]),
        Fault(
            text: "map: m\nfile: {format: tsv, sheet: a}\nfacts: []\n", expected: ["'sheet' is for xlsx, not for tsv"]),
        Fault(
            text: head + "facts: [{kind: refund, id: a, members: {reson: b}}]\n",
            expected: ["3:41: error: 'reson' is not a member of refund; did you mean 'reason'?"]),
        Fault(
            text: head + "facts: [{kind: refund, id: a, members: {phone: b}}]\n",
            expected: ["'phone' is not a member of refund"]),
        Fault(
            text: head + "facts: [{kind: refund, id: a, members: {reason: {column: b, words: {坏了: qualty}}}}]\n",
            expected: ["'qualty' is none of quality,", "did you mean 'quality'?"]),
        Fault(
            text: head + "facts: [{kind: refund, id: a, members: {opened_at: {column: b, dates: yy-MM}}}]\n",
            expected: ["'yy-MM' must say year"]),
        Fault(
            text: head + "facts: [{kind: refund, id: a, members: {opened_at: {column: b, unit: h}}}]\n",
            expected: ["'unit' means nothing for a time"]),
        Fault(
            text: head + "facts: [{kind: refund, id: {column: a, value: b}}]\n",
            expected: ["comes from one of column, value, text"]),
        Fault(text: head + "facts: [{kind: refund, id: {text: \"{a\"}}]\n", expected: ["'{' is not closed"]),
        Fault(
            text: head + "facts: [{kind: refund, id: a}]\ncovers: {kinds: [refund, order]}\n",
            expected: [
                "4:26: error: the map brings no order, so that the file cannot be complete in it; it brings refund"
            ]),
        Fault(text: head + "facts: []\n", expected: ["a row of the file becomes nothing"]),
        Fault(
            text: "map: m\nfile: {format: xlsx, short_rows: true}\nfacts: []\n",
            expected: ["'short_rows' is for csv, tsv, not for xlsx"]),
        Fault(
            text: "map: m\nfile: {format: csv, encoding: gb1803}\nfacts: []\n",
            expected: ["not 'gb1803'; did you mean 'gb18030'?"]),
        Fault(text: head + "facts: []\nzone: CST\n", expected: ["'CST' is not a time zone"]),
        Fault(
            text: head + "facts: []\ncovers: {file: \"a_{form}.csv\"}\n",
            expected: ["there is no place {form}; did you mean 'from'?"]),
        Fault(text: head + "facts: []\nstore: {file: \"a_{store}{store}.csv\"}\n", expected: ["is no pattern"]),
        Fault(
            text: head + "facts: []\nnumbers: {decimal: \",\", thousands: \",\"}\n",
            expected: ["cannot be the same sign"]),
        Fault(
            text: "map: m\nfile: {format: page}\nfacts: [{kind: order, id: a}]\n", expected: ["a page holds readings"]),
        Fault(
            text: head + "facts: []\ncolour: red\nfact: []\n",
            expected: ["unknown key 'colour'", "unknown key 'fact' in the map; did you mean 'facts'?"]),
    ]

    @Test("what the map's pack never reads, or does not let in, is a warning and no error")
    func warnings() {
        let text = """
            map: m
            pack: amazon
            file: {format: csv}
            facts: [{kind: refund, id: a, labels: {categori: b, category: c}}]
            readings: {at: d, values: {amazon.invoice_defect_rat: e, amazon.invoice_defect_rate: f}}
            """
        let (map, found) = TableMapReader.read(
            SourceText(name: "m.yaml", text: text), packs: { PackLibrary.builtIn(only: [$0]).library[$0] })
        #expect(map != nil && found.allSatisfy { $0.severity == .warning })
        let told = found.map { $0.render() }.joined(separator: "\n")
        for words in [
            "4:40: warning: the pack 'amazon' lets facts carry no label 'categori', so that it is left out; did you mean "
                + "'category'?",
            "5:28: warning: nothing of the pack 'amazon' reads a measure 'amazon.invoice_defect_rat'; did you mean "
                + "'amazon.invoice_defect_rate'?",
        ] { #expect(told.contains(words), "\(told)") }
        #expect(found.count == 2)
        let slip = TableMapReader.read(
            SourceText(name: "m.yaml", text: text.replacing("pack: amazon", with: "pack: amason")))
        #expect(slip.diagnostics.map(\.message) == ["there is no built-in pack 'amason'; did you mean 'amazon'?"])
    }

    @Test("what is wrong", arguments: slips)
    func faults(_ row: Fault) {
        let (map, diagnostics) = TableMapReader.read(SourceText(name: "m.yaml", text: row.text))
        let told = diagnostics.map { $0.render() }.joined(separator: "\n")
        #expect(map == nil)
        for words in row.expected { #expect(told.contains(words), "\(told)") }
    }
}
