import Alerts
import Facts
import Rules
import TestSupport
import Testing

@testable import Ledgers

@Suite("The ledger's tables")
struct MigrationTests {
    /// Takes away what receivers' routes brought: a program that is older has none of it.
    private static let routing =
        "DROP TABLE notice_items; DROP TABLE silences; DROP TABLE acknowledgements; DROP TABLE acceptances; DROP TABLE standings; DROP TABLE standing_changes; DROP INDEX notices_in_line;"

    /// Reading all rows of a store for each of its orders would cost the square of their number.
    @Test("what belongs to an order is found by the order", arguments: FactKind.allCases.filter(\.belongsToOrder))
    func byOrder(_ kind: FactKind) throws {
        let folder = try Workplace()
        let ledger = try SQLiteLedger.open(path: folder.file("ledger.db"))
        let (file, table) = (try SQLiteFile(folder.file("ledger.db")), FactTable[kind])
        func plan(_ sql: String) throws -> [String] {
            try file.plan(sql.replacing("?1", with: "1").replacing("?2", with: "'o1'").replacing("?3", with: "'o9'"))
        }
        let index = "USING INDEX \(table.name)_by_order"
        #expect(try plan(table.selectByOrder) == ["SEARCH \(table.name) \(index) (store=? AND order_id=?)"])
        #expect(
            try plan(table.selectByOrderRange)
                == ["SEARCH \(table.name) \(index) (store=? AND order_id>? AND order_id<?)"])
        try ledger.close()
    }

    @Test("every kind has its table with a column a member, and a view for people")
    func tables() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        _ = try await ledger.commit(
            .of([
                order(
                    "o1", store: "north", updatedAt: "2026-03-02T10:00:00Z", labels: ["category": "箱包"],
                    ["placed_at": "2026-03-02T09:00:00.250Z", "amount": 12.5, "status": "paid", "tracked": true]),
                deleted(.order, "o2", store: "north"), line("l1", of: "o1", store: "north", ["units": 2]),
            ]), under: .empty)
        let file = try SQLiteFile(path)
        #expect(
            try file.texts(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN (SELECT value FROM json_each('[\"orders\",\"lines\",\"parcels\",\"refunds\",\"ratings\",\"cases\",\"penalties\",\"measures\"]'))"
            ).count == 8)
        #expect(
            try file.texts(
                "SELECT store || ' ' || id || ' ' || placed_at || ' ' || amount || ' ' || status || ' ' || tracked FROM orders_readable"
            )
                == ["north o1 2026-03-02T09:00:00.250Z 12.5 paid 1"])
        #expect(try file.texts("SELECT json_extract(labels, '$.category') FROM orders WHERE id = 'o1'") == ["箱包"])
        #expect(
            try file.texts(
                "SELECT order_id FROM lines JOIN stores ON stores.number = lines.store WHERE stores.id = 'north'")
                == ["o1"])
        for kind in FactKind.allCases {
            _ = try file.texts("SELECT id FROM \(FactTable[kind].name)_readable ORDER BY updated_at")
        }
        try ledger.close()
    }

    /// A member that the schema gains is a column that an older ledger lacks.
    @Test("a column that is missing is added when the ledger is opened, and what was there stays")
    func newMember() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let facts = [order("o1", updatedAt: "2026-03-02", ["placed_at": "2026-03-02", "amount": 3])]
        let ledger = try SQLiteLedger.open(path: path)
        _ = try await ledger.commit(.of(facts), under: .empty)
        try ledger.close()
        let file = try SQLiteFile(path)
        try file.run("DROP VIEW orders_readable; ALTER TABLE orders DROP COLUMN fulfillment")
        let again = try SQLiteLedger.open(path: path)
        #expect(try await again.allFacts() == facts)
        let more = [order("o2", updatedAt: "2026-03-02", ["fulfillment": "platform"])]
        _ = try await again.commit(.of(more), under: .empty)
        #expect(try await again.allFacts() == facts + more)
        #expect(try file.texts("SELECT fulfillment FROM orders_readable WHERE id = 'o2'") == ["platform"])
        try again.close()
    }

    @Test("a ledger of before finishes were counted keeps its coverage, and its stores their ids in one form")
    func fromThree() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        let watched = CoveragePromises.watched
        _ = try await ledger.commit(
            CoveragePromises.finish(
                .feed("erp"), .all, until: "2026-03-09", facts: [order("1", store: "s"), order("1", store: "s\u{E9}")]),
            under: CoveragePromises.book)
        try ledger.close()
        let file = try SQLiteFile(path)
        try file.run(
            """
            DROP TABLE half_told; \(Self.routing) DROP TABLE marks; DROP TABLE corrections; ALTER TABLE coverage DROP COLUMN finishes; ALTER TABLE kind_sources DROP COLUMN since;
            UPDATE stores SET id = 'se\u{301}' WHERE id = 's\u{E9}'; PRAGMA user_version = 3
            """)
        let again = try SQLiteLedger.open(path: path)
        for store in ["s", "se\u{301}", "s\u{E9}"] {
            #expect(try await again.reading(store, watched).coverage[.order]?.until == time("2026-03-09"), "\(store)")
        }
        #expect(try await again.allFacts().count == 2)
        try again.close()
    }

    @Test("a ledger in which finishes were counted by kind covers what it covered, and nothing that it did not")
    func fromFive() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        let (watched, book) = (CoveragePromises.watched, CoveragePromises.book)
        _ = try await ledger.commit(
            CoveragePromises.finish(.feed("erp"), .all, until: "2026-03-09", facts: [order("1", store: "a")]),
            under: book)
        _ = try await ledger.commit(.of([order("1", store: "b"), rating("1", store: "a")]), under: book)
        try ledger.close()
        let file = try SQLiteFile(path)
        try file.run(
            """
            DROP TABLE half_told; \(Self.routing) DROP TABLE marks; DROP TABLE corrections; UPDATE coverage SET finishes = 7; UPDATE kind_sources SET since = since * 7; PRAGMA user_version = 5
            """)
        let again = try SQLiteLedger.open(path: path)
        let covered = try await again.reading("a", watched).coverage
        #expect(covered[.order]?.until == time("2026-03-09") && covered[.rating] == nil)
        #expect(try await again.reading("b", watched).coverage == Coverage())
        _ = try await again.commit(CoveragePromises.finish(.feed("erp"), .all, until: "2026-03-10"), under: book)
        for (store, kind) in [("a", FactKind.order), ("a", .rating), ("b", .order)] {
            #expect(try await again.reading(store, watched).coverage[kind]?.until == time("2026-03-10"), "\(store)")
        }
        try again.close()
    }

    @Test("a pull that an older program left in its middle is known to have told half")
    func fromSix() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        for (source, state) in [("erp", "pull=1\ncursor=page 2"), ("crm", "pull=1\nupdated_after=7")] {
            var page = FactBatch.of([order("1", store: source)], from: .feed(source))
            page.cursor = PullCursor(state: state)
            _ = try await ledger.commit(page, under: CoveragePromises.book)
        }
        try ledger.close()
        try SQLiteFile(path).run(
            "DROP TABLE half_told; \(Self.routing) DROP TABLE marks; DROP TABLE corrections; PRAGMA user_version = 6")
        let again = try SQLiteLedger.open(path: path)
        #expect(try await again.reading("erp", CoveragePromises.watched).halfTold == [.feed("erp"): .all])
        #expect(try await again.reading("crm", CoveragePromises.watched).halfTold.isEmpty)
        try again.close()
    }

    @Test("of facts that an older program kept nobody asks when they were learnt; from then on it is told")
    func fromEight() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        let old = refund("r1", updatedAt: "2026-03-02T00:00:00Z", ["reason": "late"])
        _ = try await ledger.commit(.of([old]), under: .empty)
        try ledger.close()
        let columns = FactKind.allCases.map { "ALTER TABLE \(FactTable[$0].name) DROP COLUMN known_at;" }.joined()
        try SQLiteFile(path).run(
            """
            \(Self.routing) DROP TABLE marks; DROP TABLE corrections; DELETE FROM ledger WHERE name = 'known_since'; \(columns)
            PRAGMA user_version = 8
            """)
        let again = try SQLiteLedger.open(path: path)
        #expect(try await again.allFacts() == [old])
        #expect(try await again.known(of: "s", at: noon) == nil)
        let new = refund("r1", updatedAt: "2026-03-03T00:00:00Z", ["reason": "quality"])
        _ = try await again.commit(FactBatch(source: .feed("erp"), facts: [], readAt: noon), under: .empty)
        _ = try await again.commit(
            FactBatch(source: .feed("erp"), facts: [new], readAt: noon + .hours(2)), under: .empty)
        let change = try #require(try await again.known(of: "s", at: noon + .hours(1))?.changed.first)
        #expect(!change.isNew && change.then?.numbers == old.numbers && change.now == new)
        try again.close()
    }

    @Test("what an older program announced was told to everybody")
    func toldBefore() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        try await ledger.commit([AlertPromises.change(1)])
        try ledger.close()
        try SQLiteFile(path).run(
            "\(Self.routing) ALTER TABLE alerts DROP COLUMN told; DROP INDEX alert_events_withheld; ALTER TABLE alert_events DROP COLUMN withheld; PRAGMA user_version = 10"
        )
        let again = try SQLiteLedger.open(path: path)
        #expect(try await again.openAlerts().map(\.told) == [.warning])
        #expect(try await again.events(.all, limit: 1).map(\.withheld) == [nil])
        try again.close()
    }

    @Test("an alert that waited in an older program's ledger was found outside ok once")
    func confirmedBefore() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        var change = AlertPromises.change(1)
        let (confirmed, reach) = (7, change.alert.outside.at + .hours(1))
        var alert = change.alert
        (alert.confirmed, alert.confirmedTo) = (confirmed, reach)
        change = AlertChange(alert: alert, event: change.event, items: change.items)
        try await ledger.commit([change])
        #expect(try await ledger.openAlerts().map(\.confirmed) == [confirmed])
        #expect(try await ledger.openAlerts().map(\.confirmedTo) == [reach])
        try ledger.close()
        try SQLiteFile(path).run(
            "ALTER TABLE alerts DROP COLUMN confirmed; ALTER TABLE alerts DROP COLUMN confirmed_to; PRAGMA user_version = 13"
        )
        let again = try SQLiteLedger.open(path: path)
        #expect(try await again.openAlerts().map(\.confirmed) == [1])
        #expect(try await again.openAlerts().map(\.confirmedTo) == [alert.outside.at])
        try again.close()
    }

    @Test("of standings that changed long ago the old ones are found by their time, and said why in one language")
    func oldStandings() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        let change = StandingChange(
            key: AlertPromises.key, judgedAt: noon, at: noon, before: nil, standing: .breach, judgedTo: nil, limit: "",
            values: [:], because: Words(en: "over", zh: "超标"), pack: "p", configuration: "c")
        try await ledger.commit([], StandingMoves(changes: [change]))
        let file = try SQLiteFile(path)
        let plan = try file.plan(
            StandingRows.forgetting.replacing("?1", with: "1").replacing("?2", with: "500")
        ).joined(separator: "\n")
        #expect(plan.contains("this USING COVERING INDEX standing_changes_by_time (judged_at<?)"), "\(plan)")
        try ledger.close()
        try file.run(
            "DROP INDEX standing_changes_by_time; ALTER TABLE standing_changes DROP COLUMN because_zh; PRAGMA user_version = 15"
        )
        let again = try SQLiteLedger.open(path: path)
        let kept = try await again.standingChanges(of: AlertPromises.key, until: noon, limit: 9)
        #expect(kept.map(\.because) == [Words("over")])
        try again.close()
    }

    @Test("opening again migrates nothing")
    func idempotent() throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        try SQLiteLedger.open(path: path).close()
        let file = try SQLiteFile(path)
        let before = try file.texts("SELECT sql FROM sqlite_schema ORDER BY name")
        try SQLiteLedger.open(path: path).close()
        #expect(try file.texts("SELECT sql FROM sqlite_schema ORDER BY name") == before)
        #expect(
            try file.texts("SELECT CAST(user_version AS TEXT) FROM pragma_user_version") == ["\(SQLiteSchema.version)"])
    }

    @Test(
        "labels are JSON objects of strings, and nothing else is read as one",
        arguments: [
            ["a": "b"], [:], ["q\"": "back\\slash", "\u{1}": "tab\t\n", "箱包": "🙂"],
        ])
    func labels(_ object: [String: String]) { #expect(FlatJSON.object(FlatJSON.text(object).utf8) == object) }

    @Test(
        "broken labels are told",
        arguments: ["", "{", "{}x", "[]", "{\"a\":1}", "{\"a\":\"b\",}", "{\"a\":\"\\u12\"}", "{\"a\" \"b\"}"])
    func brokenLabels(_ text: String) { #expect(FlatJSON.object(text.utf8) == nil) }
}
