import Facts
import Testing

@Suite("Numbers, money, bytes and fields as they are written")
struct WrittenTests {
    @Test(
        "whole parts in groups of three, and nothing else touched",
        arguments: [
            ("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567.8901", "-1,234,567.8901"), ("12345%", "12,345%"),
            ("+1500", "+1,500"), ("1,234", "1,234"), ("–", "–"), ("", ""), ("1200 d", "1,200 d"),
        ])
    func grouped(text: String, expected: String) { #expect(text.grouped == expected) }

    @Test("money with its currency, to the smallest coin")
    func money() {
        let sum = Money(currency: "CNY", millionths: 1_234_500_000)
        #expect(sum.shown(.english) == "CNY 1,234.50" && sum.shown(.chinese) == "1,234.50 元" && sum.text == "1234.50")
        let whole = Money(currency: "USD", millionths: -20_000_000_000)
        #expect(whole.shown(.english) == "USD -20,000.00" && whole.shown(.chinese) == "USD -20,000.00")
        #expect(Money(currency: "JPY", millionths: 3_000_000_000).shown(.english) == "JPY 3,000")
        #expect(Money(currency: nil, millionths: 5_123_456).shown(.english) == "5.123456")
    }

    @Test(
        "what a spreadsheet would take for a formula is text, a number stays one, and what is read back is not guarded")
    func fields() {
        #expect(CSVField.guarded("=1+1") == "'=1+1" && CSVField.guarded("@a,b") == "\"'@a,b\"")
        #expect(CSVField.guarded("-12.5") == "-12.5" && CSVField.guarded("-x") == "'-x")
        #expect(CSVField.text("=1+1") == "=1+1" && CSVField.text("say \"so\"") == "\"say \"\"so\"\"\"")
    }

    @Test("bytes in hex, and what no part of an address may hold")
    func bytes() {
        #expect(([0, 10, 255] as [UInt8]).hex == "000aff" && [UInt8]().hex == "")
        #expect("a/b c店-._~".percentEncoded == "a%2Fb%20c%E5%BA%97-._~")
    }
}
