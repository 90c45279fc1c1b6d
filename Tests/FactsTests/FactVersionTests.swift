import Facts
import TestSupport
import Testing

@Suite struct FactVersionTests {
    static let first = ["order", "type", "reason", "refunded_at", "intervened"].compactMap {
        Schema[.refund].member($0)
    }

    /// A version whose `units` tell it apart.
    static func version(_ units: Int, _ updatedAt: String?) -> Fact {
        order("o", updatedAt: updatedAt, ["units": .text("\(units)")])
    }

    @Test(
        "the newer version wins; of equal ones the first; without a time the later to arrive",
        arguments: [
            ("2026-01-01", 1, "2026-01-02", 2, .replaced(version(2, "2026-01-02"))),
            ("2026-01-02", 1, "2026-01-01", 2, .unchanged),
            ("2026-01-01", 1, "2026-01-01", 1, .unchanged),
            ("2026-01-01", 1, "2026-01-01", 2, .conflict),
            (nil, 1, "2026-01-01", 2, .replaced(version(2, "2026-01-01"))),
            ("2026-01-01", 1, nil, 2, .replaced(version(2, nil))),
            (nil, 1, nil, 2, .replaced(version(2, nil))),
            (nil, 1, nil, 1, .unchanged),
        ] as [(String?, Int, String?, Int, VersionOutcome)])
    func winner(known: String?, _ knownUnits: Int, new: String?, _ newUnits: Int, expected: VersionOutcome) {
        let outcome = Fact.merging(
            FactVersionTests.version(newUnits, new), into: FactVersionTests.version(knownUnits, known))
        #expect(outcome == expected)
    }

    @Test("a deletion is a version like another")
    func deletion() {
        let known = FactVersionTests.version(1, "2026-01-01")
        let tombstone = deleted(.order, "o", updatedAt: "2026-01-02")
        #expect(Fact.merging(tombstone, into: known) == .replaced(tombstone))
        #expect(Fact.merging(known, into: tombstone) == .unchanged)
        #expect(Fact.merging(tombstone, into: tombstone) == .unchanged)
        let again = FactVersionTests.version(3, "2026-01-03")
        #expect(Fact.merging(again, into: tombstone) == .replaced(again))
        #expect(Fact.merging(tombstone, into: nil) == .inserted(tombstone))
    }

    @Test("the first reason, time of success and intervention stand, whatever newer versions say")
    func firstKnown() throws {
        let opened = refund("r", of: "o", updatedAt: "2026-01-01", ["intervened": false, "status": "open"])
        let stepped = refund("r", of: "o", updatedAt: "2026-01-02", ["intervened": true, "reason": "quality"])
        let later = refund(
            "r", of: "o", updatedAt: "2026-01-03",
            [
                "intervened": false, "reason": "other", "status": "refunded",
            ])
        var known = opened
        for version in [stepped, later] {
            guard case .replaced(let fact) = Fact.merging(version, into: known, first: FactVersionTests.first) else {
                Issue.record("not replaced")
                return
            }
            known = fact
        }
        var expected = refund(
            "r", of: "o", updatedAt: "2026-01-03",
            [
                "intervened": true, "reason": "quality", "status": "refunded",
            ])
        expected.firstKnown = known.firstKnown
        #expect(known == expected)
        // The same page again changes nothing, and is no conflict.
        for version in [opened, stepped, later] {
            #expect(Fact.merging(version, into: known, first: FactVersionTests.first) == .unchanged)
        }
        // The pack gives the policy up: the next version stands as it comes.
        let last = refund("r", of: "o", updatedAt: "2026-01-04", ["reason": "late"])
        #expect(Fact.merging(last, into: known) == .replaced(last))
    }

    @Test("what a look at a case tells of the version that a list told first is added to it, and nothing else is")
    func sameVersion() throws {
        let listed = refund("r", of: "o", updatedAt: "2026-01-01", ["status": "withdrawn"])
        let looked = refund("r", of: "o", updatedAt: "2026-01-01", ["status": "closed", "intervened": true])
        guard case .amended(let known) = Fact.merging(looked, into: listed, first: FactVersionTests.first) else {
            Issue.record("not amended")
            return
        }
        #expect(FactEncoder.line(known).contains(#""status":"withdrawn""#))
        #expect(FactEncoder.line(known).contains(#""intervened":true"#))
        for version in [listed, known] {
            #expect(Fact.merging(version, into: known, first: FactVersionTests.first) == .unchanged)
        }
        #expect(Fact.merging(looked, into: known, first: FactVersionTests.first) == .conflict)
        #expect(Fact.merging(looked, into: listed) == .conflict, "without the policy the first stays as it is")
    }

    @Test("versions in any order of arrival, repeated, come to the same", arguments: 0..<300 as Range<UInt64>)
    func orderOfArrival(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var versions: [Fact] = []
        for number in 0..<Int.random(in: 2...6, using: &generator) {
            var version = Fact.random(.refund, id: "r", using: &generator)
            version.updatedAt = Timestamp(seconds: 1_700_000_000 + Int64(number))
            versions.append(version)
        }
        // By the definition: the newest version, with the earliest present value of each member kept as first known.
        var expected = try #require(versions.last)
        for member in FactVersionTests.first where !expected.isDeleted {
            let earliest = versions.first { version in
                member.type == .bool ? version.numbers[member.slot] == 1 : version.has(member)
            }
            guard let earliest else { continue }
            if member.type == .string {
                expected.texts[member.slot] = earliest.texts[member.slot]
            } else {
                expected.numbers[member.slot] = earliest.numbers[member.slot]
            }
        }
        var states: Set<Fact> = []
        for _ in 0..<8 {
            var known: Fact?
            for version in versions.shuffled(using: &generator) + versions.shuffled(using: &generator) {
                switch Fact.merging(version, into: known, first: FactVersionTests.first) {
                case .inserted(let fact), .replaced(let fact), .amended(let fact): known = fact
                case .unchanged: break
                case .conflict: Issue.record("a conflict between versions of different times")
                }
            }
            states.insert(try #require(known))
        }
        #expect(states.count == 1)
        var state = try #require(states.first)
        let text = state.firstKnown.text(of: .refund)
        #expect([FirstKnown](text: text ?? "", of: .refund) == state.firstKnown)
        #expect((text == nil) == state.firstKnown.isEmpty)
        state.firstKnown = []
        #expect(state == expected)
    }

    @Test(
        "kept state of another schema or of no form is left out",
        arguments: [
            ("", 0), ("nonsense", 0), ("gone:1:1:x", 0), ("reason:1:4:gone", 0), ("reason:1:7:quality", 1),
            ("reason::7:quality", 1), ("reason:1:99:quality", 0), ("reason:1:-1:quality", 0),
            ("gone:1:3:a:bintervened:5:1:1", 1),
        ] as [(String, Int)])
    func stateText(text: String, count: Int) { #expect([FirstKnown](text: text, of: .refund).count == count) }
}
