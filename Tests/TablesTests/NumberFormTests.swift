import Tables
import Testing

@Suite("Numbers are read as the map says they are written")
struct NumberFormTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var form = NumberForm()
        var units: [String] = []
        var isOpenEnded = false
        /// nil: it is none.
        var expected: String?
        var testDescription: String { text }
    }

    static let european = NumberForm(decimal: ",", thousands: ".")
    static let grouped = NumberForm(thousands: ",")

    static let cases = [
        Case(text: "82", expected: "82"), Case(text: "+2", expected: "2"), Case(text: "−3.5", expected: "-3.5"),
        Case(text: "1.340 %", expected: "0.0134"), Case(text: "1.2E-05", expected: "0.000012"),
        Case(text: "4,723.22", expected: nil), Case(text: "4,723.22", form: grouped, expected: "4723.22"),
        Case(text: "47,23.22", form: grouped, expected: nil),
        Case(text: "1,234,567", form: grouped, expected: "1234567"),
        Case(text: "4.723,22", form: european, expected: "4723.22"), Case(text: "1,5", form: european, expected: "1.5"),
        Case(text: "1,5", expected: nil), Case(text: "¥12.50", units: ["¥", "元"], expected: "12.5"),
        Case(text: "12.50 元", units: ["¥", "元"], expected: "12.5"), Case(text: "12.50 元", expected: nil),
        Case(text: "3 小时 5 分", units: ["小时"], expected: nil), Case(text: "abc", expected: nil),
        Case(text: "-", expected: nil), Case(text: ".5", expected: nil), Case(text: "5 6", expected: nil),
        Case(text: "4 -- 纠纷退款率 0.22 %", isOpenEnded: true, expected: "4"),
        Case(text: "0.22 % 介入订单数 264", isOpenEnded: true, expected: "0.0022"),
        Case(text: "4,723.22 元 成功", isOpenEnded: true, expected: nil),
        Case(text: "4,723.22 元 成功", form: grouped, isOpenEnded: true, expected: "4723.22"),
    ]

    @Test("with units, groups and percent", arguments: cases)
    func reading(_ row: Case) {
        let found = try? row.form.number(in: Cell(row.text, isOpenEnded: row.isOpenEnded), units: row.units)
        #expect(found?.text == row.expected)
    }
}
