import Alerts
import Facts
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("Alerts about data: one for each source of a store, and one for a platform that is down")
struct HealthTests {
    private static let a = HealthBench.platform("a")
    private static func platforms(_ ids: String...) -> [String] { ids.map { HealthBench.platform($0) } }

    @Test("a token that is refused is told at once and once, in words for people, and ends when data comes again")
    func auth() async throws {
        let bench = try await HealthBench([Self.a])
        try await bench.pulled("a", at: 0)
        try await bench.look(at: 0)
        #expect(try await bench.told().isEmpty)
        try await bench.failed("a", at: 15, .auth, "the server answered 401")
        try await bench.look(at: 15)
        try await bench.failed("a", at: 30, .auth, "the server answered 401")
        try await bench.look(at: 30)
        #expect(try await bench.told() == ["15 a/health:platform firing auth"])
        #expect(
            try await bench.message() == """
                [access refused] a: the platform refuses access
                since 2026-06-01 12:15 UTC
                complete up to 2026-06-01 12:00 UTC, 15 min ago
                1 pull failed since; the last: the server answered 401
                all is judged yet by what is known; from 2026-06-01 12:45 UTC on it is not
                what helps: the store's owner consents anew: goodstanding auth 'a'; where the application's key was \
                changed, correct credentials: and reload. goodstanding doctor looks again
                """ + Self.foot(try await bench.message()))
        let open = try await bench.assembly.ledger.openAlerts()
        #expect(open.map(\.subject.severity) == [.major] && open.map(\.told) == [.breach])
        try await bench.pulled("a", at: 45)
        try await bench.look(at: 45)
        #expect(
            try await bench.told() == ["15 a/health:platform firing auth", "45 a/health:platform resolved cleared"])
        #expect(try await bench.message().hasPrefix("[data again] a: the platform refuses access\nit was so since"))
    }

    /// The line with the notice's id, which is another each time.
    private static func foot(_ message: String) -> String {
        "\n" + (message.split(separator: "\n").last.map(String.init) ?? "")
    }

    @Test("what is stale is told after twice its every, and time in which nobody looked does not count")
    func stale() async throws {
        let bench = try await HealthBench([Self.a])
        try await bench.pulled("a", at: 0)
        try await bench.look(from: 0, to: 45)
        #expect(try await bench.open().isEmpty, "45 minutes are allowed")
        try await bench.look(from: 50, to: 60)
        #expect(try await bench.open() == ["a/health:platform pending"])
        // Nobody looks for hours.
        bench.restart()
        try await bench.look(from: 600, to: 615)
        #expect(try await bench.told().isEmpty, "ten minutes and fifteen are no thirty")
        try await bench.look(at: 620)
        #expect(try await bench.told() == ["620 a/health:platform firing stale"])
        let message = try await bench.message()
        #expect(message.hasPrefix("[data stale] a: nothing new from the platform\nsince 2026-06-01 12:50 UTC\n"))
        #expect(message.contains("not judged meanwhile: 1 of 1 rules (refunds)"), "\(message)")
        try await bench.pulled("a", at: 630)
        try await bench.look(at: 630)
        #expect(try await bench.open().isEmpty)
        #expect(try await bench.told().count == 2)
    }

    @Test("a right that is lacking is told once rules are unknown for want of it, and ends when it is given")
    func right() async throws {
        let bench = try await HealthBench([Self.a])
        let pack = HealthBench.pack().replacing(
            "refunds: {get: /o", with: "refunds: {optional: {spares: [], why: {en: w, zh: w}}, get: /o")
        try await bench.reconfigure([Self.a], pack: pack)
        func withheld(_ value: Int, at minute: Int64) async throws {
            var decoder = FactDecoder(buyerKey: BuyerKey(bytes: Array(0..<32))) { _ in .unwatched }
            let line =
                #"{"kind":"measure","store":"a","id":"withheld.refunds","name":"withheld.refunds","at":"2026-05-01T00:00:00Z","#
                + #""value":\#(value)}"#
            guard case .fact(let fact) = decoder.decode(line: line) else {
                Issue.record("no fact")
                return
            }
            try await bench.pulled("a", at: minute, [fact])
        }
        try await withheld(0, at: 0)
        try await bench.look(from: 0, to: 35)
        #expect(try await bench.told().isEmpty)
        try await withheld(1, at: 36)
        try await bench.look(from: 36, to: 66)
        #expect(try await bench.told() == ["66 a/health:platform firing right"])
        let message = try await bench.message()
        #expect(message.hasPrefix("[right lacking] a: the platform withholds some of what rules rest on"), "\(message)")
        #expect(
            message.contains("not judged meanwhile: 1 of 1 rules") && message.contains("goodstanding doctor says which")
        )
        try await withheld(0, at: 70)
        try await bench.look(at: 70)
        #expect(try await bench.told().last == "70 a/health:platform resolved cleared")
    }

    @Test("why it is so is one word, and what needs somebody is worse than what may pass by itself")
    func causes() async throws {
        let bench = try await HealthBench([Self.a])
        try await bench.pulled("a", at: 0)
        try await bench.look(at: 0)
        try await bench.failed("a", at: 50, .throttled)
        try await bench.look(from: 50, to: 80)
        #expect(try await bench.told() == ["80 a/health:platform firing throttled"])
        try await bench.failed("a", at: 85, .auth)
        try await bench.look(at: 85)
        try await bench.failed("a", at: 90, .schema)
        try await bench.look(at: 90)
        #expect(
            try await bench.told().dropFirst() == ["85 a/health:platform raised auth"],
            "both are for somebody to mend; what stands is told already")
        try await bench.pulled("a", at: 100)
        try await bench.look(at: 100)
        // More than ten facts that cannot be read make a store unknown at once.
        let bad = (1...11).map {
            PlacedRejection(
                position: "fact \($0)",
                rejection: Rejection(reason: "bad", store: "a", kind: .refund, id: "x\($0)", text: "\($0)"))
        }
        _ = try await bench.assembly.ledger.commit(
            FactBatch(source: .platform, rejections: bad, readAt: bench.start + .minutes(105)),
            under: bench.assembly.fleet.planBook(at: bench.start))
        try await bench.look(at: 105)
        #expect(try await bench.told().last == "105 a/health:platform firing schema")
    }

    @Test("half of a pull that broke off is told as such, and a pull under way is nothing")
    func partial() async throws {
        let bench = try await HealthBench([HealthBench.platform("a", more: ", stale_after: 3h")])
        try await bench.pulled("a", at: 0, try bench.refunds(1...1, at: "a"))
        try await bench.look(at: 0)
        try await bench.began("a", at: 10, try bench.refunds(2...2, at: "a"))
        try await bench.look(from: 10, to: 15)
        #expect(try await bench.open().isEmpty)
        try await bench.failed("a", at: 16, .away)
        try await bench.look(from: 20, to: 30)
        #expect(try await bench.open() == ["a/health:platform pending"])
        try await bench.look(from: 35, to: 50)
        #expect(try await bench.told() == ["50 a/health:platform firing partial"])
    }

    @Test("pulls that bring nothing where something always came are told")
    func empty() async throws {
        let bench = try await HealthBench([Self.a])
        for hour in 0..<Int64(20) {
            try await bench.pulled("a", at: hour * 60, try bench.refunds(1...Int(hour + 1), at: "a"))
        }
        for hour in Int64(20)...43 {
            // Where pulls overlap, what is known comes again and again.
            try await bench.pulled("a", at: hour * 60, try bench.refunds(18...20, at: "a"))
            try await bench.look(at: hour * 60)
        }
        // Three refunds are one too many; that has nothing to do with it.
        #expect(
            try await bench.told().filter { $0.contains("health") }.isEmpty, "24 hours after 19:00 are over at 19:00")
        try await bench.pulled("a", at: 44 * 60)
        try await bench.look(at: 44 * 60)
        #expect(try await bench.told().filter { $0.contains("health") } == ["2640 a/health:platform firing empty"])
    }

    @Test("a first pull has a day, but for a token that is refused")
    func first() async throws {
        let bench = try await HealthBench(Self.platforms("a", "b"))
        try await bench.look(at: 0)
        #expect(try await bench.told().isEmpty)
        try await bench.failed("a", at: 5, .auth)
        try await bench.failed("b", at: 5, .away)
        try await bench.look(at: 5)
        #expect(try await bench.told() == ["5 a/health:platform firing auth"])
        try await bench.look(at: 1439)
        #expect(try await bench.told().count == 1)
        try await bench.look(at: 1440)
        #expect(try await bench.told().last == "1440 b/health:platform firing stale")
    }

    @Test("a platform that is down is one alert, which says for how many stores; those left over are told when it ends")
    func outage() async throws {
        let bench = try await HealthBench(Self.platforms("a", "b", "c", "d"))
        for store in ["a", "b", "c", "d"] { try await bench.pulled(store, at: 0) }
        try await bench.look(at: 0)
        try await bench.pulled("d", at: 60)
        for store in ["a", "b", "c"] { try await bench.failed(store, at: 50, .away) }
        try await bench.look(from: 50, to: 80)
        #expect(try await bench.told() == ["80 /health:shop firing stale"])
        let message = try await bench.message()
        #expect(
            message.hasPrefix("[data stale] shop: nothing new from the platform of 'shop': 3 of 4 stores"), "\(message)"
        )
        #expect(try await bench.open().count == 4, "those of the stores are stepped and kept")
        // A restart in the middle tells nothing more.
        bench.restart()
        for store in ["d"] { try await bench.pulled(store, at: 85) }
        try await bench.look(from: 85, to: 95)
        #expect(try await bench.told().count == 1)
        for store in ["a", "b"] { try await bench.pulled(store, at: 100) }
        try await bench.look(at: 100)
        try await bench.pulled("d", at: 110)
        try await bench.look(from: 105, to: 120)
        #expect(try await bench.told().count == 1, "the others follow one after the other: they have half an hour")
        try await bench.look(at: 125)
        #expect(
            try await bench.told().dropFirst() == [
                "125 /health:shop resolved cleared", "125 c/health:platform firing stale",
            ])
        #expect(
            try await bench.journal().filter { $0.hasSuffix("outage") || $0.hasSuffix("untold") } == [
                "a/health:platform firing outage", "b/health:platform firing outage", "c/health:platform firing outage",
                "a/health:platform resolved outage", "b/health:platform resolved outage",
            ])
        try await bench.pulled("c", at: 130)
        try await bench.look(at: 130)
        #expect(try await bench.told().last == "130 c/health:platform resolved cleared")
        #expect(try await bench.open().isEmpty)
    }

    @Test("of a platform that is down whoever heard by his stores is reminded")
    func remindedOfOutage() async throws {
        let bench = try await HealthBench(
            ["a", "b", "c"].map { HealthBench.platform($0, more: ", labels: {team: east}") },
            receivers: [
                #"{id: ops, webhook: "http://127.0.0.1:1/hook", when: {labels: {team: east}}, remind: 1h}"#
            ])
        for store in ["a", "b", "c"] { try await bench.pulled(store, at: 0) }
        for minute in stride(from: Int64(50), through: 220, by: 5) {
            try await bench.look(at: minute)
            for entry in try await bench.assembly.ledger.outbox(.owed, limit: 99) {
                try await bench.assembly.ledger.settle(entry.notice.id, .taken(at: bench.assembly.clock.now))
            }
        }
        let heard = try await bench.told().filter { $0.contains(" /health:shop ") }
        #expect(heard.first?.contains("firing") == true && heard.dropFirst().count >= 2, "\(heard)")
        #expect(heard.dropFirst().allSatisfy { $0.contains("reminder") }, "\(heard)")
    }

    @Test("a platform of which all stores are only observed is observed too")
    func observedOutage() async throws {
        let bench = try await HealthBench(["a", "b", "c"].map { HealthBench.platform($0, more: ", observe: true") })
        for store in ["a", "b", "c"] { try await bench.pulled(store, at: 0) }
        try await bench.look(from: 50, to: 80)
        #expect(try await bench.open().contains("/health:shop firing"))
        #expect(try await bench.told().isEmpty)
    }

    @Test("at a start in an outage the first look tells of the outage, and of no store by itself")
    func startInOutage() async throws {
        let bench = try await HealthBench(Self.platforms("a", "b", "c"))
        for store in ["a", "b", "c"] { try await bench.pulled(store, at: 0) }
        for minute in stride(from: Int64(200), through: 230, by: 5) {
            // Each look is a process of its own: of the clocks only what was written counts.
            try await bench.look(at: minute)
        }
        #expect(try await bench.told() == ["230 /health:shop firing stale"])
    }

    @Test("of two stores each is told by itself")
    func single() async throws {
        let bench = try await HealthBench(Self.platforms("a", "b"))
        for store in ["a", "b"] { try await bench.pulled(store, at: 0) }
        try await bench.look(from: 50, to: 80)
        #expect(
            try await bench.told() == ["80 a/health:platform firing stale", "80 b/health:platform firing stale"])
    }

    @Test("a refused token is its store's own alert as soon as the platform is seen to take another's")
    func ownToken() async throws {
        let bench = try await HealthBench(Self.platforms("a", "b", "c"))
        for store in ["a", "b", "c"] { try await bench.pulled(store, at: 0) }
        try await bench.failed("a", at: 15, .auth)
        try await bench.look(at: 15)
        #expect(try await bench.told().isEmpty, "it may be the platform that takes nobody's")
        try await bench.pulled("b", at: 16)
        try await bench.look(at: 16)
        #expect(try await bench.told() == ["16 a/health:platform firing auth"])
        try await bench.failed("c", at: 17, .auth)
        try await bench.pulled("b", at: 18)
        try await bench.look(at: 18)
        #expect(
            try await bench.told().last == "18 c/health:platform firing auth", "two of three are two, each by itself")
        // Where nobody else is asked meanwhile, it is told all the same.
        let alone = try await HealthBench(Self.platforms("a", "b", "c"))
        for store in ["a", "b", "c"] { try await alone.pulled(store, at: 0) }
        try await alone.failed("a", at: 15, .auth)
        try await alone.look(from: 15, to: 45)
        #expect(try await alone.told() == ["45 a/health:platform firing auth"])
    }

    private static let account = "accounts: [{id: app, pack: shop, credentials: {app: a, key: k}}]"
    private static func ofAccount(_ ids: [String]) -> [String] { ids.map { "{id: \($0), pack: shop, account: app}" } }

    @Test(
        "a key that is refused is one alert of its account, which names the stores; those that come back end it alone")
    func refusedAccount() async throws {
        let stores = (1...12).map { "s\($0 < 10 ? "0" : "")\($0)" }
        let bench = try await HealthBench(Self.ofAccount(stores) + [Self.a], more: Self.account)
        for store in stores + ["a"] { try await bench.pulled(store, at: 0) }
        try await bench.look(at: 0)
        // They are asked one after the other, and another key of the same platform goes on.
        for (place, store) in stores.enumerated() {
            try await bench.failed(store, at: 10 + Int64(place), .auth, "the server answered 401")
            try await bench.pulled("a", at: 10 + Int64(place))
            try await bench.look(at: 10 + Int64(place))
        }
        #expect(try await bench.told() == ["16 /health:account.app firing auth"])
        let message = try await bench.message()
        #expect(
            message.hasPrefix(
                "[access refused] app: the platform of 'shop' (account 'app') refuses access: 7 of 12 stores"),
            "\(message)")
        #expect(message.contains("\nstores: s01, s02, s03, s04, s05, s06, s07\n"), "\(message)")
        #expect(message.contains("correct credentials: of account 'app'"), "\(message)")
        // The key is mended, and they are asked again one after the other.
        for (place, store) in stores.enumerated() {
            try await bench.pulled(store, at: 40 + Int64(place))
            try await bench.look(at: 40 + Int64(place))
        }
        #expect(try await bench.told().dropFirst() == ["51 /health:account.app resolved cleared"])
        #expect(try await bench.open().isEmpty)
    }

    @Test("a platform that refuses all who have a key of their own is one alert")
    func refusedPlatform() async throws {
        let bench = try await HealthBench(Self.platforms("a", "b", "c"))
        for store in ["a", "b", "c"] {
            try await bench.pulled(store, at: 0)
            try await bench.failed(store, at: 10, .auth)
        }
        try await bench.look(at: 10)
        #expect(try await bench.told() == ["10 /health:access.shop firing auth"])
        #expect(try await bench.message().contains("\nstores: a, b, c\n"))
    }

    @Test("a feed that refuses is one alert for all of its stores")
    func feed() async throws {
        let bench = try await HealthBench(
            [#"{match: "*", pack: shop}"#], more: "feeds: [{id: erp, url: \"http://127.0.0.1:1/f\", every: 5m}]")
        let facts = try ["a", "b", "c"].flatMap { try bench.refunds(1...1, at: $0) }
        try await bench.pulled(nil, at: 0, feed: "erp", facts)
        try await bench.look(at: 0)
        #expect(try await bench.open().isEmpty)
        try await bench.failed(nil, at: 5, .auth, feed: "erp")
        try await bench.look(at: 5)
        #expect(try await bench.told() == ["5 /health:feed.erp firing auth"])
    }

    @Test("what fires goes on firing while its data is stale, and ends by nothing that nobody knows")
    func hidesNothing() async throws {
        let bench = try await HealthBench([Self.a])
        try await bench.pulled("a", at: 0, try bench.refunds(1...3, at: "a"))
        try await bench.look(at: 0)
        try await bench.look(from: 50, to: 80)
        #expect(
            try await bench.told() == ["0 a/refunds firing limit", "80 a/health:platform firing stale"])
        #expect(try await bench.open() == ["a/health:platform firing", "a/refunds firing"])
    }

    @Test("a source that the configuration no longer names ends its alert without a word of health")
    func removed() async throws {
        let bench = try await HealthBench([Self.a])
        try await bench.pulled("a", at: 0)
        try await bench.failed("a", at: 10, .auth)
        try await bench.look(at: 10)
        try await bench.reconfigure(["{id: b, pack: shop}"])
        try await bench.look(at: 20)
        #expect(try await bench.told().last == "20 a/health:platform resolved store_removed")
    }

    @Test("a store for which nobody brings anything is told after a day")
    func nobody() async throws {
        let bench = try await HealthBench(["{id: a, pack: shop}"])
        try await bench.look(at: 0)
        try await bench.look(at: 1440)
        #expect(try await bench.told() == ["1440 a/health:hand firing stale"])
    }

    @Test("a store that cannot be read here is told as such at once, and ends when it can")
    func unreadable() async throws {
        let bench = try await HealthBench(Self.platforms("a", "b"))
        for store in ["a", "b"] { try await bench.pulled(store, at: 0, try bench.refunds(1...1, at: store)) }
        try await bench.look(at: 0)
        let sqlite = try #require(Tool("sqlite3"), "the package sqlite3 is not installed")
        func damage(_ cells: String) throws {
            _ = try sqlite.run([
                bench.ledger,
                """
                UPDATE blocks SET cells = \(cells) WHERE number >> 32 = (SELECT number FROM stores WHERE id = 'a');
                UPDATE ledger SET value = value + 1 WHERE name = 'revision';
                UPDATE stores SET revision = (SELECT value FROM ledger WHERE name = 'revision') WHERE id = 'a'
                """,
            ])
        }
        try damage("x'FFFFFF'")
        try await bench.look(at: 5)
        #expect(try await bench.told() == ["5 a/health:platform firing internal"])
        try damage("x'01'")
        try await bench.look(at: 10)
        #expect(try await bench.told().last == "10 a/health:platform resolved cleared")
    }

    @Test("what goes on is told again where the receiver asks for it, until somebody looks after it")
    func reminded() async throws {
        let bench = try await HealthBench(
            [Self.a],
            receivers: [#"{id: duty, ntfy: "http://127.0.0.1:1/topic", remind: 1h}"#, HealthBench.receivers[0]])
        try await bench.pulled("a", at: 0)
        try await bench.failed("a", at: 15, .auth)
        func settle() async throws -> [String] {
            let owed = try await bench.assembly.ledger.outbox(.owed, limit: 99).filter { $0.notice.receiver == "duty" }
            for entry in owed {
                try await bench.assembly.ledger.settle(entry.notice.id, .taken(at: bench.assembly.clock.now))
            }
            return owed.isEmpty ? [] : [try await bench.message().split(separator: "\n").first.map(String.init) ?? ""]
        }
        var heard: [String] = []
        for minute in stride(from: Int64(15), through: 150, by: 5) {
            try await bench.look(at: minute)
            heard += try await settle()
        }
        let headline = "a: the platform refuses access"
        #expect(
            heard == [
                "[access refused] \(headline)", "[access refused, still] \(headline)",
                "[access refused, still] \(headline)",
            ])
        #expect(try await bench.told() == ["15 a/health:platform firing auth"], "the webhook asks for none")
        let alert = try #require(try await bench.assembly.ledger.openAlerts().first)
        try await bench.assembly.ledger.keep(
            Acknowledgement(
                key: alert.key, episode: alert.episode, by: "mei", why: "asked", at: bench.assembly.clock.now,
                until: nil, change: alert.changes))
        try await bench.look(from: 155, to: 240)
        #expect(try await settle().isEmpty)
    }

    @Test("who looks after something until a moment is reminded once before it, with all who heard of it")
    func acknowledgementEnds() async throws {
        let bench = try await HealthBench([Self.a])
        try await bench.pulled("a", at: 0)
        try await bench.failed("a", at: 15, .auth)
        func settle() async throws {
            for entry in try await bench.assembly.ledger.outbox(.owed, limit: 99) {
                try await bench.assembly.ledger.settle(entry.notice.id, .taken(at: bench.assembly.clock.now))
            }
        }
        try await bench.look(at: 15)
        try await settle()
        let alert = try #require(try await bench.assembly.ledger.openAlerts().first)
        try await bench.assembly.ledger.keep(
            Acknowledgement(
                key: alert.key, episode: alert.episode, by: "mei", why: "asked", at: bench.start + .minutes(15),
                until: bench.start + .minutes(255), change: alert.changes))
        for minute in stride(from: Int64(20), through: 400, by: 5) {
            try await bench.look(at: minute)
            try await settle()
        }
        #expect(
            try await bench.told() == ["15 a/health:platform firing auth", "195 a/health:platform reminder auth"],
            "nobody asked for reminders beside it")
        let message = try await bench.message()
        #expect(message.hasPrefix("[access refused, still] a: the platform refuses access\n"), "\(message)")
        #expect(
            message.contains("\nmei looks after it until 2026-06-01 16:15 UTC, and nobody from then on"), "\(message)")
    }

    @Test("figures that part from the platform's are told as such where a rule trusts neither, and end when they agree")
    func reconcile() async throws {
        let bench = try await HealthBench([Self.a])
        try await bench.reconfigure(
            [Self.a],
            pack: HealthBench.pack().replacing("refunds < 3}", with: "refunds < 3, trust: neither, fresh: 400d}")
                + "\nreconcile:\n  refunds: {theirs: shop.refunds, step: 1}\n")
        func shown(_ id: String, _ value: Int64, at minute: Int64) async throws {
            var fact = Fact(.measure, store: "a", id: id)
            let (at, name, number) = (
                try #require(Schema[.measure].member("at")), try #require(Schema[.measure].member("name")),
                try #require(Schema[.measure].member("value"))
            )
            fact.numbers[at.slot] = (bench.start + .minutes(minute)).microseconds
            fact.numbers[number.slot] = value * 1_000_000
            fact.texts[name.slot] = "shop.refunds"
            _ = try await bench.assembly.ledger.commit(
                FactBatch(source: .hand, facts: [fact], readAt: bench.start + .minutes(minute)),
                under: bench.assembly.fleet.planBook(at: bench.start + .minutes(minute)))
        }
        try await bench.pulled("a", at: 0, try bench.refunds(1...2, at: "a"))
        try await shown("m1", 9, at: -30)
        try await bench.look(at: 0)
        #expect(try await bench.told() == ["0 a/health:platform firing reconcile"])
        let message = try await bench.message()
        #expect(message.hasPrefix("[figures part] a: our figures and those of the platform part\n"), "\(message)")
        #expect(message.contains("what helps: goodstanding reconcile shows where they part"), "\(message)")
        try await bench.pulled("a", at: 15)
        try await shown("m2", 2, at: 10)
        try await bench.look(at: 15)
        #expect(try await bench.told().last == "15 a/health:platform resolved cleared")
    }
}
