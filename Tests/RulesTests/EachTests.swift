import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("A rule for every value of a member")
struct EachTests {
    static let clock = time("2026-03-20T12:00:00Z")
    private static func pack(_ rule: String) -> String {
        """
        pack: p
        labels: [category]
        metrics:
          late: count(line where shipped_at > ship_by by ship_by over 30d)
          due: count(line by ship_by over 30d)
          rate: late / due
        rules:
          r: {\(rule)}
        """
    }

    /// Lines due on 10 March: of each product so many, and so many of them late.
    private static func files(_ products: [(String, due: Int, late: Int)]) -> [OrderFile] {
        products.flatMap { product, due, late in
            (0..<due).map { number in
                var fact = line(
                    "\(product)-\(number)",
                    [
                        "product": .text(product), "ship_by": "2026-03-10T10:00:00Z",
                        "shipped_at": number < late ? "2026-03-11T10:00:00Z" : "2026-03-10T08:00:00Z",
                    ])
                fact.labels = ["category": product.hasPrefix("a") ? "toys" : "food"]
                return OrderFile(children: [fact])
            }
        }
    }

    @Test("of a ladder every value has its rung, and the rule that of the worst")
    func rungs() throws {
        let files = Self.files([("a", 20, 2), ("b", 20, 12)])
        var scene = try Scene(
            Self.pack("levels: {good: rate <= 10%, fair: rate < 50%, bad: rate >= 50%}, aim: fair, each: product"),
            files,
            until: Self.clock)
        let found = try #require(scene.evaluate(clock: Self.clock).rules.first)
        #expect(found.standing == .breach && found.level == "bad")
        #expect(found.parts.map(\.level) == ["good", "bad"])
    }

    @Test("every product by itself, and the rule is the worst of them")
    func products() throws {
        // In all 14 of 40 late, 35 %. a: 2 of 20; b: 12 of 20 are 60 %.
        let files = Self.files([("a", 20, 2), ("b", 20, 12)])
        var whole = try Scene(Self.pack("require: rate < 50%"), files, until: Self.clock)
        #expect(whole.evaluate(clock: Self.clock).shown("r") == "ok holds")
        var scene = try Scene(
            Self.pack("require: rate < 50%, given: due >= 10, each: product"), files, until: Self.clock)
        let found = scene.evaluate(clock: Self.clock)
        #expect(found.shown("r") == "breach limit")
        let parts = try #require(found.rules.first).parts
        #expect(parts.map { "\($0.value) \($0.standing.rawValue)" } == ["a ok", "b breach"])
        let rates = parts.map { $0.values.first { $0.metric == "rate" }?.estimate }
        #expect(
            rates == [
                .exact(.number(try #require(Fraction(1, over: 10)))),
                .exact(.number(try #require(Fraction(3, over: 5)))),
            ])
        // Its figures are those of the worst.
        #expect(found.rules.first?.values.first { $0.metric == "rate" }?.estimate == rates[1])
    }

    @Test("by labels too; facts without the label count for none")
    func labels() throws {
        var files = Self.files([("a1", 10, 0), ("a2", 10, 8), ("b", 10, 1)])
        files.append(OrderFile(children: [line("x", ["product": "a", "ship_by": "2026-03-10T10:00:00Z"])]))
        var scene = try Scene(Self.pack("require: rate < 30%, each: labels.category"), files, until: Self.clock)
        let found = scene.evaluate(clock: Self.clock)
        // Toys: 8 of 20; food: 1 of 10.
        #expect(found.rules.first?.parts.map { "\($0.value) \($0.standing.rawValue)" } == ["food ok", "toys breach"])
    }

    @Test("of nothing it is unjudged, and where the store is known in part only it is unknown")
    func unknown() throws {
        var empty = try Scene(Self.pack("require: rate < 30%, each: product"), until: Self.clock)
        #expect(empty.evaluate(clock: Self.clock).shown("r") == "unjudged missing")
        var scene = try Scene(
            Self.pack("require: rate < 30%, each: product"), Self.files([("a", 10, 9)]), until: Self.clock)
        scene.state.coverage[.line]?.from = time("2026-03-01")
        #expect(scene.evaluate(clock: Self.clock).shown("r") == "unknown partial")
    }

    /// Each product's part is what the rule says of a store that has only this product.
    @Test("a part stands where a store of it alone would", arguments: 1...30)
    func alone(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let products = (0..<Int.random(in: 1..<6, using: &random)).map { number in
            let due = Int.random(in: 1..<30, using: &random)
            return ("\(number)", due: due, late: Int.random(in: 0...due, using: &random))
        }
        let rule =
            "require: rate < \(Int.random(in: 1..<99, using: &random))% or late < 3, prefer: late < 2, given: due >= 5"
        var scene = try Scene(Self.pack(rule + ", each: product"), Self.files(products), until: Self.clock)
        let parts = try #require(scene.evaluate(clock: Self.clock).rules.first).parts
        #expect(parts.count == products.count)
        for (part, product) in zip(parts, products) {
            var alone = try Scene(Self.pack(rule), Self.files([product]), until: Self.clock)
            let found = try #require(alone.evaluate(clock: Self.clock).rules.first)
            #expect(part.standing == found.standing, "\(rule) \(product)")
            #expect(part.values.map(\.estimate) == found.values.map(\.estimate), "\(rule) \(product)")
        }
    }

    /// `b: 3 more late, breach`.
    private static func prospects(
        _ rule: String, _ files: [OrderFile]
    ) throws -> (headroom: [String], outlook: Outlook?) {
        var scene = try Scene(pack(rule), files, until: clock)
        let found = try #require(scene.evaluate(clock: clock).rules.first)
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: day("2026-03-20"), scene.state.terms
        ).metrics
        let sums = StoreSums(
            reading: Evaluation.outlookNeeds(of: found, scene.state, set: set), from: files,
            calendar: scene.state.calendar)
        let headroom = Evaluation.headroom(of: found, scene.state, sums: sums, set: set).map {
            "\($0.part ?? "-"): \($0.more) more \($0.subject), \($0.then)"
        }
        return (headroom.sorted(), Evaluation.outlook(of: found, scene.state, sums: sums, set: set))
    }

    @Test("headroom names the value that is nearest to a limit, and how those as bad as the rule are well again")
    func headroom() throws {
        // a: 2 of 20, b: 4 of 10, limit 50 %: b is one away, (4 + 1) / 10; the lines that are late were due already.
        let near = try Self.prospects("require: rate < 50%, each: product", Self.files([("a", 20, 2), ("b", 10, 4)]))
        #expect(near.headroom == ["b: 1 more late, breach"])
        // b: 6 of 10 are well again with three more due: 6 / 13. That a may get worse makes the rule no worse.
        let bad = try Self.prospects("require: rate < 50%, each: product", Self.files([("a", 20, 2), ("b", 10, 6)]))
        #expect(bad.headroom == ["b: 3 more due, ok"])
        #expect(
            Headroom(
                subject: "late", title: Words(en: "late lines", zh: "迟发"), value: nil, more: 2, then: .breach, part: "b"
            ).words == Words(en: "2 more late lines of b and b is in breach", zh: "再增加 2 个迟发（b）即不达标"))
    }

    @Test("a breach ends when the last of the values is well, by what leaves the window and what goes on")
    func outlook() throws {
        // Due on 10 March: gone from the 30 days before 10 April. Nothing else is due, and then nothing is judged.
        let files = Self.files([("a", 20, 12), ("b", 10, 1)])
        let alone = try Self.prospects("require: late < 3, each: product", files)
        #expect(alone.outlook?.recovery == .on(day("2026-04-10"), .ok))
        let sampled = try Self.prospects(
            "require: rate < 50%, given: due >= 1, each: product", Self.files([("a", 20, 12)]))
        // Lines go on to be due, 20 in 28 days, and none of them late. More than 4 are wanted: six days of 5/7, the 20th to
        // the 25th.
        #expect(sampled.outlook?.recovery == .on(day("2026-03-26"), .ok))
    }

    /// Headroom of the whole is the least of what stores would have that had one product each.
    @Test("the least over stores of one product each", arguments: 1...30)
    func least(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let products = (0..<Int.random(in: 1..<6, using: &random)).map { number in
            let due = Int.random(in: 5..<30, using: &random)
            return ("\(number)", due: due, late: Int.random(in: 0...due / 3, using: &random))
        }
        let rule = "require: rate < \(Int.random(in: 34..<99, using: &random))% or late < 3"
        let whole = try Self.prospects(rule + ", each: product", Self.files(products)).headroom
        // One by one, as many as were due in time.
        let alone = try products.compactMap { product, due, late in
            try (1...max(1, due - late)).first { more in
                var scene = try Scene(Self.pack(rule), Self.files([(product, due, late + more)]), until: Self.clock)
                return scene.evaluate(clock: Self.clock).rules.first?.standing == .breach
            }
        }
        let least = whole.first { $0.hasSuffix(" more late, breach") }.flatMap { Int($0.split(separator: " ")[1]) }
        #expect(least == alone.min(), "\(rule) \(products)")
    }

    @Test(
        "a member that is none, or no text, is refused with its place",
        arguments: [
            ("each: shipped_at", "8:32: error: 'shipped_at' is no text of line, of which the rule counts some"),
            ("each: labels.colour", "8:32: error: the pack has no label 'colour'"),
        ])
    func refused(_ each: String, _ expected: String) {
        let text = Self.pack("require: late < 3, \(each)")
        let (_, found) = PackReader.read(SourceText(name: "p.yaml", text: text), isBuiltIn: false)
        #expect(places(found.filter { $0.severity == .error }) == [expected])
    }
}
