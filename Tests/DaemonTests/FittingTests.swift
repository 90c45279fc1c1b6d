import Alerts
import Facts
import Foundation
import Rules
import Testing

@testable import Daemon

@Suite("A plan that needs more than half of a limit is pulled as far as it fits")
struct FittingTests {
    private let now = Timestamp(seconds: 1_780_000_000)

    /// A platform whose one list takes one call, and of which an application has so many calls a day.
    private func pack(_ calls: Int) -> String {
        """
        pack: small
        timezone: UTC
        source:
          credentials: [app, key]
          address: https://shop.example
          authorization: {header: Authorization, value: "{key}"}
          limits: [{calls: \(calls), per: 1d, of: application}]
          streams:
            orders: {get: /o, query: {since: "{from}"}, items: list, facts: [{kind: order, id: id}]}
        """
    }

    private func fleet(_ stores: Int, _ entry: String, pack: String? = nil) throws -> Fleet {
        let entries = (1...stores).map { "  - {id: s\($0), \(entry)}" }.joined(separator: "\n")
        let folder = try Folder(["goodstanding.yaml": "database: sqlite:l.db\npacks: [packs]\nstores:\n\(entries)\n"])
        try folder.write(pack ?? "pack: none", to: "packs/p.yaml")
        return try Assembly.fleet(config: folder.path + "/goodstanding.yaml", environment: [:]).fleet
    }

    private func accesses(_ fleet: Fleet) -> [PlatformAccess] {
        fleet.config.stores.compactMap(\.access)
    }

    private func isTooMuch(_ fleet: Fleet) -> Bool { CallPlanner(fleet, at: now).plan(assuming: nil).isTooMuch }

    @Test("what fits is left as it is")
    func fits() throws {
        let fleet = try fleet(3, "pack: small, credentials: {app: a, key: k}, every: 1h", pack: pack(1000))
        let (fitted, changes) = fleet.fitted(at: now)
        #expect(changes.isEmpty && fitted === fleet)
    }

    @Test("a reading that is allowed a hundred times a day is asked for more seldom, and the rest as before")
    func readings() throws {
        let fleet = try fleet(20, "pack: ebay, credentials: {client_id: a, client_secret: b, refresh_token: c}")
        #expect(isTooMuch(fleet))
        let (fitted, changes) = fleet.fitted(at: now)
        #expect(changes.count == 1 && changes[0].meanwhile.en == "until then standards is asked for every 12h")
        #expect(accesses(fitted).allSatisfy { $0.streams == ["standards": .hours(12)] && $0.every == .minutes(15) })
        #expect(!isTooMuch(fitted) && fitted.pullSubjects.count == 20)
    }

    @Test("stores are pulled more seldom; a staleness that nobody set goes with it, and one that was set stands")
    func stores() throws {
        // 96 calls a day each are 288; half of 150 are 75: every hour 72.
        let pack = pack(150)
        let plain = try fleet(3, "pack: small, credentials: {app: a, key: k}", pack: pack).fitted(at: now)
        #expect(accesses(plain.fleet).allSatisfy { $0.every == .hours(1) && $0.staleAfter == .hours(3) })
        #expect(plain.changes.first?.meanwhile.en == "until then each is pulled every 1h")
        let set = try fleet(3, "pack: small, credentials: {app: a, key: k}, stale_after: 40m", pack: pack)
        #expect(accesses(set.fitted(at: now).fleet).allSatisfy { $0.staleAfter == .minutes(40) })
        #expect(!isTooMuch(plain.fleet))
    }

    @Test("of two limits that are passed the narrower decides, and both are kept")
    func two() throws {
        // 96 calls a day each: half of 150 for all three is every hour, half of 30 for each of them every two.
        let pack = pack(150).replacing("of: application}]", with: "of: application}, {calls: 30, per: 1d, of: store}]")
        let fleet = try fleet(3, "pack: small, credentials: {app: a, key: k}", pack: pack)
        let over = CallPlanner(fleet, at: now).plan(assuming: nil).uses.filter(\.isTooMuch)
        #expect(Set(over.map(\.limit.scope)) == [.application, .store])
        let (fitted, _) = fleet.fitted(at: now)
        #expect(accesses(fitted).count == 3 && accesses(fitted).allSatisfy { $0.every == .hours(2) })
        #expect(!isTooMuch(fitted) && fitted.heldBack.isEmpty)
    }

    @Test("where there is no room for all, the first in the file are pulled once a day, and the others are named")
    func fewer() throws {
        // One call a day each, and half of ten.
        let fleet = try fleet(
            8, "pack: small, credentials: {app: a, key: k}, expires: {key: 2026-06-01}", pack: pack(10))
        let (fitted, changes) = fleet.fitted(at: now)
        #expect(fitted.pullSubjects.map(\.id) == ["s1", "s2", "s3", "s4", "s5"])
        #expect(fitted.pullSubjects.allSatisfy { $0.every == .days(1) })
        #expect(fitted.heldBack == ["s6", "s7", "s8"])
        #expect(changes.count == 1 && changes[0].meanwhile.en.contains("the first 5 in the file are pulled, every 1d"))
        #expect(changes[0].meanwhile.en.contains("'s6' and 2 more are not"))
        #expect(!isTooMuch(fitted))
        // They are watched all the same, by what is known of them; and what ends is told.
        #expect(fitted.watched("s8")?.access?.isHeldBack == true)
        #expect(fitted.expiries(TokenContents()).flatMap(\.stores) == (1...8).map { "s\($0)" })
        let status = changes.map(DaemonStatus.Slowed.init)
        #expect(status == [.init(pack: "small", application: "s1", slower: 5, heldBack: 3)])
    }

    @Test("where nothing fits nothing is pulled of it, and all else is")
    func nothing() throws {
        let fleet = try fleet(1, "pack: small, credentials: {app: a, key: k}", pack: pack(1))
        let (fitted, changes) = fleet.fitted(at: now)
        #expect(fitted.pullSubjects.isEmpty && fitted.heldBack == ["s1"])
        #expect(changes.first?.meanwhile.en == "until then it is not pulled: what rests on it is unknown")
    }

    @Test("a limit that the platform does not state is said to be ours, and an account says what is really allowed")
    func ours() throws {
        func fleet(_ more: String, ours: Bool = true) throws -> Fleet {
            let entries = (1...3).map { "  - {id: s\($0), pack: small, account: app, credentials: {key: k}}" }
            let folder = try Folder([
                "goodstanding.yaml": """
                database: sqlite:l.db
                packs: [packs]
                accounts: [{id: app, pack: small, credentials: {app: a}\(more)}]
                stores:
                \(entries.joined(separator: "\n"))
                """
            ])
            try folder.write(
                ours ? pack(150).replacing("of: application}", with: "of: application, ours: true}") : pack(150),
                to: "packs/p.yaml")
            return try Assembly.fleet(config: folder.path + "/goodstanding.yaml", environment: [:]).fleet
        }
        let careful = CallPlanner(try fleet(""), at: now).plan(assuming: nil).uses.filter(\.isTooMuch)
        let words = try #require(careful.first?.words.en)
        #expect(words.contains("'small' states no limit, so that we keep to 150 a day"), "\(words)")
        #expect(words.contains("write `calls_per_second:` at its entry in accounts:"), "\(words)")
        #expect(!isTooMuch(try fleet(", calls_per_second: 2")))
        #expect(isTooMuch(try fleet(", calls_per_second: 2", ours: false)), "what the platform states stands")
    }

    @Test("each of many stores is made to fit by itself")
    func many() throws {
        let fleet = try fleet(40, "pack: shopify, credentials: {shop: a.example, access_token: b}, every: 15s")
        let (fitted, changes) = fleet.fitted(at: now)
        #expect(changes.count == 40 && accesses(fitted).allSatisfy { $0.every == .minutes(15) })
        #expect(!isTooMuch(fitted))
    }
}
