import Facts
import TestSupport
import Testing

@Suite struct FuzzTests {
    /// Valid lines of every kind, drawn from a seed.
    static func lines(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { number in
            let kind = generator.pick(Array(FactKind.allCases))
            return Array(FactEncoder.line(.random(kind, id: "\(number)", labels: ["category"], using: &generator)).utf8)
        }
    }

    @Test("mutated lines give a fact or a rejection, and a fact encodes to itself", arguments: 0..<4 as Range<UInt64>)
    func lines(seed: UInt64) {
        var generator = SeededGenerator(seed: 100 + seed)
        let lines = FuzzTests.lines(200, seed: seed)
        var decoder = FactDecoderTests.decoder()
        let pieces: [[UInt8]] =
            [
                "{", "}", "[", "]", "\"", "\\", ",", ":", "null", "true", "-", "1e9999", "\\u0000", "\\ud83d",
                "\u{FEFF}",
                "{\"a\":", "[[[[[[[[", "\"kind\":\"order\",", "99999999999999999999", "\n", "NaN",
            ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0xE2, 0x82], [0x1F]]
        var (facts, rejections) = (0, 0)
        for _ in 0..<25_000 {
            var line = generator.pick(lines)
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !line.isEmpty {
                let place = Int.random(in: 0..<line.count, using: &generator)
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: line[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: line.remove(at: place)
                case 2: line.insert(contentsOf: generator.pick(pieces), at: place)
                case 3: line.removeSubrange(place...)
                case 4: line.removeSubrange(place..<min(line.count, place + Int.random(in: 1...20, using: &generator)))
                default:
                    let other = generator.pick(lines)
                    line.insert(
                        contentsOf: other[Int.random(in: 0..<other.count, using: &generator)...].prefix(30), at: place)
                }
            }
            switch line.withUnsafeBytes({ decoder.decode(line: $0) }) {
            case .rejected(let rejection):
                rejections += 1
                if rejection.reason.isEmpty || rejection.text.utf8.count > 2100 { Issue.record("\(rejection)") }
            case .fact(let fact):
                facts += 1
                if decoder.decode(line: FactEncoder.line(fact)) != .fact(fact) { Issue.record("\(fact)") }
            case .mark, .coverage: Issue.record("no line was one of these")
            }
        }
        #expect(facts > 500 && rejections > 5000)
    }

    @Test("garbage is rejected")
    func garbage() {
        var generator = SeededGenerator(seed: 5)
        var decoder = FactDecoderTests.decoder()
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            guard case .rejected = bytes.withUnsafeBytes({ decoder.decode(line: $0) }) else {
                Issue.record("\(bytes) was taken")
                continue
            }
        }
    }

    @Test("a line cut off anywhere is rejected")
    func cutOff() {
        var decoder = FactDecoderTests.decoder()
        for line in FuzzTests.lines(20, seed: 9) {
            for length in 0..<line.count {
                guard case .rejected = line[..<length].withUnsafeBytes({ decoder.decode(line: $0) }) else {
                    Issue.record("taken: \(String(decoding: line[..<length], as: UTF8.self))")
                    continue
                }
            }
        }
    }

    @Test("a fact encoded decodes to the same fact", arguments: FactKind.allCases)
    func roundTrip(kind: FactKind) {
        var generator = SeededGenerator(seed: UInt64(kind.rawValue) + 40)
        var decoder = FactDecoderTests.decoder()
        for number in 0..<1000 {
            let fact = Fact.random(
                kind, id: "id \(number)", store: generator.pick(["s", "店铺", "a\"\\"]), labels: ["category"],
                using: &generator)
            #expect(decoder.decode(line: FactEncoder.line(fact)) == .fact(fact))
        }
    }

    @Test("encoding is what import takes, word for word")
    func golden() {
        let fact = fact(
            .refund, "r\"1", updatedAt: "2026-03-02T10:00:00Z", labels: ["z": "1", "category": "箱包"],
            [
                "order": "o1", "refunded_at": "2026-03-01T00:00:00.25Z", "type": "claim", "disputed": true,
                "amount": "12.50",
                "currency": "EUR", "excluded": false,
            ])
        #expect(
            FactEncoder.line(fact)
                == #"{"kind":"refund","store":"s","id":"r\"1","updated_at":"2026-03-02T10:00:00Z","order":"o1","refunded_at":"2026-03-01T00:00:00.25Z","type":"claim","disputed":true,"amount":"12.5","currency":"EUR","excluded":false,"labels":{"category":"箱包","z":"1"}}"#
        )
        #expect(
            FactEncoder.line(deleted(.order, "o1", updatedAt: "2026-03-02T10:00:00Z"))
                == #"{"kind":"order","store":"s","id":"o1","updated_at":"2026-03-02T10:00:00Z","deleted":true}"#)
    }
}
