import Facts
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("An item that is read in the short way is what it is when it is told member by member")
struct PlainMappingTests {
    /// A made-up item, by its names.
    private indirect enum Node {
        case leaf(String)
        case object([String: Node])
        case list([Node])

        var text: String {
            switch self {
            case .leaf(let text): text
            case .list(let nodes): "[" + nodes.map(\.text).joined(separator: ",") + "]"
            case .object(let members):
                "{"
                    + members.sorted { $0.key < $1.key }.map { JSONText.quoted($0.key) + ":" + $0.value.text }
                    .joined(separator: ",") + "}"
            }
        }

        /// What stands there already stays. `[]` is the first element of a list.
        mutating func put(_ node: Node, at path: ArraySlice<String>) {
            if case .list(var nodes) = self, path.first == "[]" {
                if nodes.isEmpty { nodes = [path.count == 1 ? node : .object([:])] }
                nodes[0].put(node, at: path.dropFirst())
                self = .list(nodes)
                return
            }
            guard case .object(var members) = self, let name = path.first else { return }
            if path.count == 1 {
                if members[name] == nil { members[name] = node }
            } else {
                var next = members[name] ?? (path.dropFirst().first == "[]" ? .list([]) : .object([:]))
                next.put(node, at: path.dropFirst())
                members[name] = next
            }
            self = .object(members)
        }
    }

    private static let odd = [
        "null", "\"\"", "{}", "[]", "true", "false", "1e3", "\"1e3\"", "-5", "\"-5\"", "\"007\"", "0", "\"0\"", "\"é\"",
        "\"e\\u0301\"", "\"a\\u0000b\"", "99999999999999999999", "\"12.345\"", "12.5", "\"PAID\"",
        "\"1970-01-01T00:00:00Z\"",
        "\"2026-03-02 10:00:00 +0800\"", "\"\(String(repeating: "x", count: 201))\"",
    ]

    private static func time(_ form: PullPlan.Moments?) -> String {
        switch form {
        case .rfc3339?, .rfc3339Milliseconds?, nil: "\"2026-03-02T10:00:00.5+02:00\""
        case .gmt?, .local?: "\"2026-03-02T10:00:00\""
        case .china?: "\"2026-03-02 10:00:00\""
        case .unix?: "1772445600"
        case .unixMilliseconds?: "\"1772445600000\""
        case .day?: "\"2026-03-02\""
        case .dayMonthYear?: "\"02-Mar-2026\""
        }
    }

    private static func value(
        _ member: Member?, _ terms: [PullPlan.Term], _ term: PullPlan.Term, _ generator: inout SeededGenerator
    ) -> Node {
        if generator.percent(3) { return .leaf(generator.pick(odd)) }
        if let word = term.words?.keys.sorted(), generator.percent(95) {
            return .leaf(JSONText.quoted(generator.pick(word)))
        }
        switch member?.type {
        case .time?:
            return .leaf(generator.percent(95) ? time(term.moments.randomElement(using: &generator)) : time(.unix))
        case .number?: return .leaf(generator.pick(["12", "\"12\"", "100", "\"4\"", term.shift > 0 ? "7" : "12.50"]))
        case .bool?: return .leaf(generator.pick(["true", "false", "\"true\""]))
        case .word(let words)?: return .leaf(JSONText.quoted(generator.pick(words)))
        default:
            if member?.name == "currency" { return .leaf(generator.pick(["\"USD\"", "\"CNY\""])) }
            return .leaf(generator.pick(["\"a-1\"", "77", "\"b\""]))
        }
    }

    /// Where it stands, from so many levels up; in each element of lists.
    private static func path(
        of origin: PullPlan.Term.Origin, in each: [PullPlan.FactMapping.Level]
    ) -> ([String], up: Int)? {
        let (inner, path, up): ([PullPlan.FactMapping.Level], [String], Int)
        switch origin {
        case .path(let names, let levels): (inner, path, up) = ([], names, levels)
        case .each(let lists, let names, let levels): (inner, path, up) = (lists, names, levels)
        default: return nil
        }
        let outer = each.dropLast(min(up, each.count))
        return ((outer + inner).flatMap { $0.path + ["[]"] } + path, max(0, up - each.count))
    }

    /// An item in which most of what a mapping asks for stands.
    private static func item(_ mapping: PullPlan.FactMapping, _ generator: inout SeededGenerator) -> String {
        var levels = [Node](repeating: .object([:]), count: mapping.each.count + 1)
        func put(_ terms: [PullPlan.Term], _ member: Member?) {
            for term in terms {
                for condition in term.conditions { put(condition, in: term.each) }
                if case .path(let divisor) = term.divisor {
                    levels[levels.count - 1].put(.leaf(generator.pick(["100", "1", "7"])), at: divisor[...])
                }
                guard let (path, up) = path(of: term.origin, in: term.each), up < levels.count, generator.percent(85)
                else { continue }
                levels[levels.count - 1 - up].put(value(member, terms, term, &generator), at: path[...])
            }
        }
        func put(_ condition: PullPlan.Condition, in each: [PullPlan.FactMapping.Level] = []) {
            guard let (path, up) = path(of: condition.term.origin, in: each), up < levels.count,
                generator.percent(90)
            else { return }
            let isAnother = condition.quantity == .none ? generator.percent(90) : generator.percent(10)
            let text = isAnother ? "another" : generator.pick(condition.texts)
            levels[levels.count - 1 - up].put(.leaf(JSONText.quoted(text)), at: path[...])
        }
        for condition in mapping.conditions { put(condition) }
        put(mapping.id ?? [], nil)
        put(mapping.updatedAt, Schema[.order].member("placed_at"))
        for (member, terms) in mapping.members { put(terms, member) }
        for (_, terms) in mapping.labels { put(terms, nil) }
        for (depth, level) in mapping.each.enumerated().reversed() where generator.percent(97) {
            let inner = generator.percent(90) ? [levels[depth + 1]] : [levels[depth + 1], levels[depth + 1]]
            levels[depth].put(.list(inner), at: level.path[...])
        }
        return levels[0].text
    }

    private static let packs = [
        "amazon", "douyin", "ebay", "jd", "kuaishou", "lazada", "mercadolibre", "pinduoduo", "shopee", "shopify",
        "taobao",
        "tiktok-shop", "walmart", "woocommerce",
    ]

    @Test("of every mapping of every pack", arguments: packs)
    func property(_ pack: String) throws {
        let platform = try ShippedPlatform(pack, market: pack == "walmart" ? "US" : nil)
        let streams = platform.plan.streams.flatMap { [$0] + ($0.details?.streams ?? []) }
        var generator = SeededGenerator(seed: 81)
        var (told, notMeant, others) = (0, 0, 0)
        for mapping in streams.flatMap(\.facts) {
            let rule = MappedRule(mapping, platform.source.credentials.firsts)
            for turn in 0..<90 {
                let text = Self.item(mapping, &generator)
                let node = try #require(PlatformSource.document(Array(text.utf8))).root
                let facts = platform.source.mapping(asOf: ShippedPlatform.start, isFirst: turn.isMultiple(of: 2))
                let currency = ["USD", "CNY", nil][turn % 3]
                var short = Self.decoder(currency)
                var long = Self.decoder(currency)
                let item = FactMapping.Place(chain: [node], item: "ITEM")
                for place in (try? facts.places(of: item, rule)) ?? [] {
                    let expected = facts.told(at: place, rule)
                    switch facts.plainFact(at: place, rule, by: &short) {
                    case .told(let fact)?:
                        told += 1
                        guard case .success(let whole)? = expected else {
                            Issue.record("\(pack): \(fact) of \(text), which is none")
                            continue
                        }
                        #expect(long.decode(whole) == .fact(fact), "\(text)")
                    case .notMeant?:
                        notMeant += 1
                        #expect(expected == nil, "\(text)")
                    case nil: others += 1
                    }
                }
            }
        }
        #expect(told > 20, "\(told) told, \(notMeant) not meant, \(others) in the long way")
    }

    @Test("what stands in lists, a number it is divided by, and the beginning of a text are told in the long way")
    func notPlain() throws {
        let source = try MadeUpPack.source(
            """
            items: list
            facts:
              - kind: refund
                id: id
                needs: [disputed]
                product: lines[].sku
                order: {each: lines, path: no}
                amount: {path: a, divisor: 4}
                disputed: {path: d, words: {"1": "true"}, otherwise: none}
                status: {value: open, unless: {s: ["-*"]}}
                closed_by: {value: seller, all: {s: [x]}}
            """)
        let rule = MappedRule(source.plan.streams[0].facts[0], [:])
        let plain = rule.members.map { ($0.name, $0.isPlain) }.filter(\.1).map(\.0)
        // `all` of one is as `where`.
        #expect(plain.sorted() == ["closed_by", "disputed"])
        #expect(rule.members.filter(\.isNeeded).map(\.name) == ["disputed"])
        let facts = source.mapping(asOf: ShippedPlatform.start, isFirst: true)
        for (text, isFact) in [
            (#"{"id":1,"d":"1","s":"x","a":"10","lines":[{},{"sku":"b","no":7}]}"#, true),
            (#"{"id":1,"d":0,"s":"-1","a":null,"lines":null}"#, true), (#"{"id":1,"s":"x"}"#, false),
        ] {
            let node = try #require(PlatformSource.document(Array(text.utf8))).root
            var (short, long) = (Self.decoder(nil), Self.decoder(nil))
            let place = FactMapping.Place(chain: [node], item: nil)
            let told = try #require(facts.told(at: place, rule))
            let plainly = facts.plainFact(at: place, rule, by: &short)
            guard isFact else {
                #expect(throws: FactMapping.Fault.self) { try told.get() }
                #expect(plainly == nil)
                continue
            }
            guard case .fact(let fact) = long.decode(try told.get()) else {
                Issue.record("\(told)")
                continue
            }
            if case .told(let plain)? = plainly { #expect(plain == fact) } else { #expect(text.contains(#""d":0"#)) }
        }
    }

    private static func decoder(_ currency: String?) -> FactDecoder {
        FactDecoder(buyerKey: BuyerKey(bytes: Array(0..<32))) { _ in
            StoreTerms(currency: currency, labels: ["category"])
        }
    }
}
