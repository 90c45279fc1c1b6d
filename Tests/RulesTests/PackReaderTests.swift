import Facts
import Foundation
import Language
import Rules
import Testing

private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Packs")

private func packs(_ ending: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(ending) }.sorted()
}

private func text(_ name: String) throws -> SourceText {
    SourceText(name: name, text: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
}

@Suite("Packs are read whole, or everything that is wrong with them is said")
struct PackReaderTests {
    @Test("a bad pack gives exactly the complaints kept beside it", arguments: packs(".bad.yaml"))
    func bad(_ name: String) throws {
        let (pack, diagnostics) = PackReader.read(try text(name), isBuiltIn: name.contains(".shipped."))
        #expect(pack == nil)
        try compare(diagnostics, with: name)
    }

    @Test("a pack with slips is read, and warned of", arguments: packs(".warned.yaml"))
    func warned(_ name: String) throws {
        let (pack, diagnostics) = PackReader.read(try text(name), isBuiltIn: false)
        #expect(pack != nil)
        try compare(diagnostics, with: name)
    }

    /// With GOLDEN=write in the environment the files are written anew, to be read before they are kept.
    private func compare(_ diagnostics: [Diagnostic], with name: String) throws {
        let found = places(diagnostics).joined(separator: "\n") + "\n"
        let golden = folder.appending(path: name.replacing(".yaml", with: ".txt"))
        if ProcessInfo.processInfo.environment["GOLDEN"] == "write" {
            try found.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(found == (try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test("a good pack gives no complaint", arguments: packs(".good.yaml"))
    func good(_ name: String) throws {
        let (pack, diagnostics) = PackReader.read(try text(name), isBuiltIn: false)
        #expect(places(diagnostics) == [])
        #expect(pack != nil)
    }

    @Test("there are fixtures of every sort")
    func fixtures() {
        #expect(packs(".bad.yaml").count >= 8)
        #expect(packs(".good.yaml").count >= 2)
        #expect(packs(".warned.yaml").count >= 1)
    }

    @Test("everything a pack says is in the pack")
    func everything() throws {
        let pack = try #require(PackReader.read(try text("everything.good.yaml"), isBuiltIn: false).pack)
        #expect(pack.name == "mine")
        #expect(pack.title == Words(en: "Mine", zh: "我的"))
        #expect(pack.timezone == "Europe/Berlin")
        #expect(pack.currency == "EUR")
        #expect(pack.labels == ["category", "size"])
        #expect(pack.metrics == ["dispute_orders", "paid_orders", "dispute_rate", "slow", "stock"])
        #expect(pack.first[.refund]?.map(\.name) == ["reason", "refunded_at", "intervened"])
        #expect(pack.settles == [.measure: .hours(48)])
        #expect(!pack.isBuiltIn)

        let rule = try #require(pack.rule("disputes"))
        #expect(rule.for == .zero)
        #expect(rule.confirm == 2 && rule.blindLimit == .days(2) && rule.previousIDs == ["quarrels"])
        #expect(pack.rule(everCalled: "quarrels") === rule && pack.rule("quarrels") == nil)
        #expect(rule.keep == .days(1))
        #expect(rule.fresh == .hours(36))
        #expect(rule.severity == .critical)
        #expect(rule.consequence == Words(en: "Traffic goes.", zh: "Traffic goes."))
        #expect(rule.remedy == Words(en: "申诉", zh: "申诉"))
        #expect(rule.basis == .published)
        #expect(rule.from == LocalDay(year: 2026, month: 1, day: 1))
        #expect(rule.until == LocalDay(year: 2027, month: 1, day: 1))
        #expect(rule.reach.metrics == ["paid_orders", "dispute_orders", "dispute_rate"])
        #expect(rule.reach.parameters == ["look_back", "limit"])
        #expect(rule.limits == ["limit"])
        #expect(rule.reach.kinds == [FactKinds(.order), FactKinds(.refund)])
        #expect(rule.evidence?.kind == .refund)

        let slow = try #require(pack.rule("slow-cases"))
        #expect(slow.reach.parameters == ["patience", "unset"])
        #expect(slow.reach.kinds == [FactKinds(.order), FactKinds(.case)])
        #expect(slow.severity == .info)
        #expect(slow.confirm == 1)
        let stock = try #require(pack.rule("stock"))
        #expect(stock.severity == .major)
        #expect(stock.fresh == .days(2))
        #expect(stock.reach.readings.map(\.names) == [["stock"]])
        #expect(pack.gates.map(\.rules) == [["disputes", "slow-cases"]])

        #expect(pack.reconcile.map(\.metric) == ["dispute_rate", "paid_orders"])
        let pair = try #require(pack.reconcile.first)
        #expect(pair.theirs == "mine.dispute_rate" && pair.isPercent)
        #expect(pair.step == Fraction(1, over: 10_000) && pair.absolute == Fraction(1, over: 1000))
        #expect(pair.relative == Fraction(1, over: 20))
        #expect(pair.open == Words(en: "by which day", zh: "按哪一天"))
        #expect(pair.variants.map(\.id) == ["paid-day"])
        #expect(pair.variants.map(\.title) == [Words(en: "by payment", zh: "按支付日")])
        #expect(pack.reconcile[1].step == nil && pack.reconcile[1].absolute == Fraction(2))
        // What the rate is made of, too.
        #expect(pack.rule("trusting")?.distrusted == ["dispute_rate", "paid_orders"])
        #expect(pack.distrusted.map(\.metric) == ["dispute_rate", "paid_orders"])
    }

    @Test("the smallest pack has a name and nothing else")
    func smallest() throws {
        let pack = try #require(PackReader.read(try text("smallest.good.yaml"), isBuiltIn: false).pack)
        #expect(pack.title == Words(en: "bare", zh: "bare"))
        #expect(pack.rules.isEmpty && pack.gates.isEmpty && pack.metrics.isEmpty)
    }

    struct Asked: Sendable, CustomTestStringConvertible {
        var market: String?
        var team: String?
        var day: (Int, Int, Int)
        var override: String?
        var expected: String
        var testDescription: String { "\(market ?? "-") \(team ?? "-") \(day) \(override ?? "-")" }
    }

    static let asked: [Asked] = [
        Asked(market: "DE", day: (2026, 3, 16), expected: "1% -"),
        Asked(market: "DE", day: (2026, 5, 31), expected: "1% -"),
        // `until` is the first day on which it no longer holds; before `from` it does not hold yet.
        Asked(market: "DE", day: (2026, 6, 1), expected: "3% -"),
        Asked(market: "DE", day: (2026, 3, 15), expected: "3% -"),
        Asked(market: "FR", team: "east", day: (2026, 4, 1), expected: "0.02 observed"),
        // The first row that fits holds, not the narrowest.
        Asked(market: "DE", team: "east", day: (2026, 4, 1), expected: "1% -"),
        Asked(market: "DE", team: "west", day: (2026, 7, 1), expected: "3% -"),
        Asked(day: (2026, 4, 1), expected: "3% -"),
        Asked(market: "DE", day: (2026, 4, 1), override: "0.5%", expected: "0.5% set"),
    ]

    @Test(
        "the first row that fits the store and the day holds, unless the configuration sets a value", arguments: asked)
    func parameterRows(_ row: Asked) throws {
        let pack = try #require(PackReader.read(try text("everything.good.yaml"), isBuiltIn: false).pack)
        let store = Store(
            id: "s", pack: "mine", timezone: "UTC", market: row.market, labels: row.team.map { ["team": $0] } ?? [:])
        var overrides = StoreOverrides()
        if let text = row.override {
            let passage = Passage(SourceText(name: "config", text: text))
            overrides.parameters["limit"] = ParameterValue.read(passage, as: .rate, what: "limit").0
        }
        let day = LocalDay(year: row.day.0, month: row.day.1, day: row.day.2)
        let found = try #require(pack.parameter("limit", for: store, on: day, overrides))
        guard case .literal(.number(let number, let isPercent)) = found.value else {
            Issue.record("not a number")
            return
        }
        let shown = isPercent ? "\(number.double.formatted())%" : number.double.formatted()
        #expect("\(shown) \(found.isOverridden ? "set" : found.basis?.rawValue ?? "-")" == row.expected)
        #expect(pack.parameter("unset", for: store, on: day, overrides) == nil)
    }
}

@Suite("The packs within the program")
struct BuiltInPackTests {
    @Test("are the files of rules/, to the letter")
    func embedded() throws {
        let rules = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "rules")
        let names = try FileManager.default.contentsOfDirectory(atPath: rules.path).filter { $0.hasSuffix(".yaml") }
            .sorted()
        #expect(!names.isEmpty)
        #expect(BuiltInPacks.texts.map(\.name) == names)
        for (name, text) in BuiltInPacks.texts {
            #expect(text == (try String(contentsOf: rules.appending(path: name), encoding: .utf8)), "\(name)")
        }
    }

    @Test("are read without a warning")
    func clean() {
        let (library, diagnostics) = PackLibrary.builtIn()
        #expect(places(diagnostics) == [])
        #expect(library.packs.count == BuiltInPacks.texts.count)
        #expect(Set(library.packs.keys) == library.names, "a pack's file bears its name")
    }

    @Test("speak both languages, and say what to do")
    func words() throws {
        for pack in PackLibrary.builtIn().library.packs.values {
            for rule in pack.rules {
                for words in [rule.title, try #require(rule.consequence), try #require(rule.remedy)] {
                    #expect(words.en != words.zh, "\(pack.name) \(rule.id)")
                    #expect(words.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(rule.id)")
                }
            }
            for gate in pack.gates { #expect(gate.title.en != gate.title.zh) }
        }
    }

    @Test("a user's pack replaces one of the same name whole; two of the user's of one name are an error")
    func library() throws {
        let mine = SourceText(name: "mine.yaml", text: "pack: marketplace\ntitle: Mine\n")
        let (library, diagnostics) = PackLibrary.with([mine])
        #expect(diagnostics.isEmpty)
        #expect(library["marketplace"]?.title.en == "Mine")
        #expect(library["marketplace"]?.rules.isEmpty == true)
        #expect(library.replaced == ["marketplace"])

        let other = SourceText(name: "other.yaml", text: "pack: marketplace\n")
        let (_, complaints) = PackLibrary.with([mine, other])
        #expect(complaints.map(\.message) == ["the pack 'marketplace' is already in mine.yaml; rename one of the two"])
        #expect(complaints.first?.source.name == "other.yaml")
    }
}
