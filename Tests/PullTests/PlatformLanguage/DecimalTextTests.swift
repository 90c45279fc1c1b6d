import TestSupport
import Testing

@testable import Pull

@Suite("Decimal numbers as texts are moved and added without rounding")
struct DecimalTextTests {
    struct Shift: Sendable { var text: String, places: Int, result: String? }

    static let shifts: [Shift] = [
        Shift(text: "1250", places: 2, result: "12.50"), Shift(text: "5", places: 2, result: "0.05"),
        Shift(text: "-5", places: 2, result: "-0.05"), Shift(text: "100", places: 2, result: "1.00"),
        Shift(text: "0.27", places: 2, result: "0.0027"), Shift(text: "0.0", places: 2, result: "0.000"),
        Shift(text: "89", places: 0, result: "89"), Shift(text: "007", places: 1, result: "0.7"),
        Shift(text: "9007199254740993", places: 2, result: "90071992547409.93"),
        Shift(text: "123456789012345678901234567890", places: 9, result: "123456789012345678901.234567890"),
        Shift(text: "1e3", places: 2, result: nil), Shift(text: "1.569521782042E9", places: 2, result: nil),
        Shift(text: "", places: 2, result: nil), Shift(text: "-", places: 2, result: nil),
        Shift(text: "1.", places: 2, result: nil), Shift(text: ".5", places: 2, result: nil),
        Shift(text: "+1", places: 2, result: nil), Shift(text: "1,000", places: 2, result: nil),
        Shift(text: "12 ", places: 2, result: nil), Shift(text: "１２", places: 2, result: nil),
        Shift(text: "NaN", places: 2, result: nil),
    ]

    @Test("the point moves to the left; what is no decimal number stays none", arguments: shifts)
    func shift(_ shift: Shift) { #expect(DecimalText.shifted(shift.text, by: shift.places) == shift.result) }

    static let exponents: [(String, String?)] = [
        ("5e-05", "0.00005"), ("-5E-2", "-0.05"), ("1.5e3", "1500"), ("12e+2", "1200"), ("1.25e1", "12.5"),
        ("0e0", "0"), ("1.569521782042E9", "1569521782.042"), ("12", nil), ("1e99", nil), ("e5", nil), ("1e", nil),
        ("x1e2", nil), ("1e2e3", nil),
    ]

    @Test("a number with an exponent is written without", arguments: exponents)
    func plain(_ row: (String, String?)) { #expect(DecimalText.plain(row.0) == row.1) }

    static let quotients: [(text: String, by: Int, result: String?)] = [
        ("3.5", 24, "0.145833"), ("43200", 86_400, "0.500000"), ("0", 24, "0.000000"), ("-36", 24, "-1.500000"),
        ("2", 3, "0.666667"), ("-2", 3, "-0.666667"), ("0.000001", 2, "0.000000"), ("0.000003", 2, "0.000002"),
        ("-0.000003", 2, "-0.000002"), ("99999999999999999999", 10, "9999999999999999999.900000"), ("1e3", 24, nil),
        ("", 24, nil), ("1 h", 24, nil), ("1.0000000000001", 24, nil),
    ]

    @Test("a quotient has six places, rounded half to even", arguments: quotients)
    func quotient(_ row: (text: String, by: Int, result: String?)) {
        #expect(DecimalText.quotient(row.text, by: row.by) == row.result)
    }

    @Test("only numbers have one, and no text such as a seller's own number of a thing")
    func numbers() throws {
        let mapping = "kind: line\nid: id\nproduct: sku\namount: price\nunits: count"
        let lines = try MadeUpPack.facts(mapping, of: #"{"id":1,"sku":"12e3","price":5e-2,"count":1E1}"#)
        #expect(
            lines == [#"{"kind":"line","store":"s","id":"1","product":"12e3","units":10,"amount":"0.05"}"#], "\(lines)")
    }

    /// By integers alone.
    private func written(_ number: Int, places: Int) -> String {
        let power = (0..<places).reduce(1) { power, _ in power * 10 }
        let rest = String(number.magnitude % power.magnitude)
        let fraction = places == 0 ? "" : "." + String(repeating: "0", count: places - rest.count) + rest
        return (number < 0 ? "-" : "") + String(number.magnitude / power.magnitude) + fraction
    }

    @Test("moved texts are what integers say")
    func shiftsAsIntegers() {
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<2000 {
            let number = Int.random(in: -1_000_000_000_000...1_000_000_000_000, using: &generator)
            let (before, places) = (Int.random(in: 0...4, using: &generator), Int.random(in: 0...6, using: &generator))
            #expect(
                DecimalText.shifted(written(number, places: before), by: places)
                    == written(number, places: before + places), "\(number) \(before) \(places)")
        }
    }

    @Test("sums are what integers say, however many decimals each part has")
    func sumsAsIntegers() {
        var generator = SeededGenerator(seed: 43)
        for _ in 0..<1000 {
            let count = Int.random(in: 1...8, using: &generator)
            let parts = (0..<count).map { _ in
                (
                    number: Int.random(in: -1_000_000...1_000_000, using: &generator),
                    places: Int.random(in: 0...4, using: &generator)
                )
            }
            let most = parts.map(\.places).max() ?? 0
            let total = parts.reduce(0) { total, part in
                total + part.number * (part.places..<most).reduce(1) { power, _ in power * 10 }
            }
            #expect(
                DecimalText.sum(parts.map { written($0.number, places: $0.places) }) == written(total, places: most))
        }
    }

    @Test("three tenths are three tenths, and what cannot be added is no sum")
    func sums() {
        #expect(DecimalText.sum(["0.1", "0.2"]) == "0.3")
        #expect(DecimalText.sum(["19.99", "", "0.01"]) == "20.00")
        #expect(DecimalText.sum(["-9.00", "9"]) == "0.00")
        #expect(DecimalText.sum(["1", "x"]) == nil && DecimalText.sum(["1e2"]) == nil && DecimalText.sum([]) == nil)
        #expect(DecimalText.sum(["9223372036854775807", "1"]) == nil)
        #expect(DecimalText.sum(["0.0000000001"]) == nil)
    }
}
