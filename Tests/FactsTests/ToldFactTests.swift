import Facts
import TestSupport
import Testing

@Suite("A fact that is told member by member is what its line would be")
struct ToldFactTests {
    /// Right and wrong ones.
    private static let texts = [
        "", "0", "7", "-7", "007", "12.50", "-0.5", "1e3", ".5", "5.", "9999999999999999999", "0.0000005", "true",
        "false",
        "paid", "won", "refunded", "EUR", "eur", "USD", "a", "é", "e\u{301}", "a\u{0}b", "a\"b\\c\n",
        "2026-03-02T10:00:00Z",
        String(repeating: "x", count: 201), String(repeating: "宝", count: 700),
    ]

    private static func told(_ generator: inout SeededGenerator) -> ToldFact {
        let kind = generator.pick(Array(FactKind.allCases))
        var members: [(place: Int, value: ToldFact.Value)] = []
        for (place, member) in Schema[kind].members.enumerated() where generator.percent(40) {
            if member.type == .time ? generator.percent(90) : generator.percent(5) {
                let seconds = Int64.random(
                    in: generator.percent(5) ? 0...5_000_000_000 : 1_700_000_000...1_800_000_000, using: &generator)
                members.append((place, .moment(Timestamp(seconds: seconds))))
                continue
            }
            var text = generator.pick(texts)
            if case .word(let words) = member.type, generator.percent(80) { text = generator.pick(words) }
            if member.type == .number, generator.percent(80) { text = generator.pick(["1", "2.25", "300"]) }
            if member.type == .bool, generator.percent(80) { text = generator.pick(["true", "false"]) }
            if member.name == "currency", generator.percent(80) { text = "EUR" }
            members.append((place, .text(text)))
        }
        members.shuffle(using: &generator)
        let labels = ["category", "shelf", "category"].filter { _ in generator.percent(20) }
        return ToldFact(
            kind, store: generator.pick(["s", "s", "elsewhere", ""]),
            id: generator.percent(90) ? "o\(Int.random(in: 0..<99, using: &generator))" : generator.pick(texts),
            updatedAt: generator.percent(50) ? Timestamp(seconds: 1_772_409_600) : nil, members: members,
            labels: labels.map { ($0, generator.pick(texts)) })
    }

    @Test("as decoding its line says it, right or wrong")
    func property() {
        var generator = SeededGenerator(seed: 41)
        var (direct, decoder) = (FactDecoderTests.decoder(), FactDecoderTests.decoder())
        var (facts, rejections) = (0, 0)
        for _ in 0..<20_000 {
            let told = Self.told(&generator)
            let (found, expected) = (direct.decode(told), decoder.decode(line: told.line))
            #expect(found == expected, "\(told.line)")
            if case .fact = expected { facts += 1 } else { rejections += 1 }
        }
        #expect(facts > 4000)
        #expect(rejections > 4000)
    }

    /// Members as platforms mostly write them.
    private static func ordinary(_ kind: FactKind, _ number: Int) -> ToldFact {
        var members: [(place: Int, value: ToldFact.Value)] = []
        for (place, member) in Schema[kind].members.enumerated() {
            let text: String? =
                switch member.type {
                case .time: nil
                case .word(let words): words[number % words.count]
                case .number: ["1", "2.25", "300"][number % 3]
                case .bool: number.isMultiple(of: 2) ? "true" : "false"
                default: member.name == "currency" ? "EUR" : "a-\(number)"
                }
            members.append((place, text.map { .text($0) } ?? .moment(Timestamp(seconds: 1_772_409_600))))
        }
        return ToldFact(
            kind, store: "s", id: "o\(number)", updatedAt: Timestamp(seconds: 1_772_409_600), members: members,
            labels: [("category", "toys")])
    }

    @Test("an ordinary one needs no line at all, and one that is not does")
    func withoutLine() {
        var (direct, decoder) = (FactDecoderTests.decoder(), FactDecoderTests.decoder())
        for kind in FactKind.allCases {
            for number in 0..<12 {
                let told = Self.ordinary(kind, number)
                let (found, expected) = (direct.decode(told), decoder.decode(line: told.line))
                #expect(found == expected, "\(told.line)")
                guard case .fact = found else {
                    Issue.record("no fact: \(told.line)")
                    continue
                }
                #expect(direct.toldByLine == 0, "\(told.line)")
            }
        }
        _ = direct.decode(ToldFact(.order, store: "s", id: "", updatedAt: nil, members: []))
        #expect(direct.toldByLine == 1)
    }

    @Test("its line has members by name, and escapes what JSON does")
    func line() throws {
        let place = { name in try #require(Schema[.order].members.firstIndex { $0.name == name }) }
        let told = try ToldFact(
            .order, store: "s", id: "a\"b", updatedAt: Timestamp(seconds: 1_772_409_600),
            members: [
                (place("placed_at"), .moment(Timestamp(seconds: 1_772_409_601))), (place("units"), .text("2")),
                (place("amount"), .text("012.50")), (place("status"), .text("paid")),
            ], labels: [("category", "宝")])
        #expect(
            told.line
                == #"{"kind":"order","store":"s","id":"a\"b","updated_at":"2026-03-02T00:00:00Z","placed_at":"2026-03-02T00:00:01Z","units":2,"amount":"012.50","status":"paid","labels":{"category":"宝"}}"#
        )
    }
}
