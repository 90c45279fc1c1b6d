import Tables
import Testing

@Suite("Numbers are read to their last digit")
struct ExactDecimalTests {
    @Test(
        "as written, without an exponent",
        arguments: [
            ("82", "82"), ("-0.50", "-0.5"), ("+3", "3"), ("1.99E-2", "0.0199"), ("2.5e3", "2500"), ("0.000", "0"),
            ("007", "7"), ("123456789012345678901234567890", "123456789012345678901234567890"), (".5", nil),
            ("5.", nil),
            ("1,234", nil), ("", nil), ("1e", nil), ("1e99", nil), ("--1", nil), ("1.2.3", nil), ("٣", nil),
        ] as [(String, String?)])
    func written(_ text: String, _ expected: String?) { #expect(ExactDecimal(text)?.text == expected) }

    @Test("shifted, multiplied and divided exactly")
    func arithmetic() throws {
        #expect(ExactDecimal("1.34")?.shifted(by: -2).text == "0.0134")
        #expect(ExactDecimal("4723")?.divided(by: 100)?.text == "47.23")
        #expect(ExactDecimal("1.5")?.times(60)?.text == "90")
        #expect(ExactDecimal("1")?.divided(by: 3)?.text == "0.333333333333")
        #expect(ExactDecimal("-2")?.divided(by: 3)?.text == "-0.666666666667")
        #expect(ExactDecimal("0.0000001")?.divided(by: 1000)?.text == "0.0000000001")
    }

    @Test(
        "a share with its sign is a hundredth of it",
        arguments: [("1.34%", "0.0134"), ("0.2105 %", "0.002105"), ("100％", "1")])
    func percent(_ text: String, _ expected: String) throws {
        #expect(try WrittenNumber.decimal(text).text == expected)
    }

    @Test("what is no number says how one is written", arguments: ["abc", "1,234", "12 34", "", "%"])
    func noNumber(_ text: String) {
        #expect(throws: WrittenNumber.Fault.self) { try WrittenNumber.decimal(text) }
    }
}
