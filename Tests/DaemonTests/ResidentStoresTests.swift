import Facts
import Ledgers
import Testing

@testable import Daemon

@Suite("Stores held in memory")
struct ResidentStoresTests {
    private static func assembly(in folder: Folder) async throws -> Assembly {
        try folder.write(
            """
            pack: shop
            timezone: UTC
            metrics: {refunds: count(refund by refunded_at over 30d)}
            rules: {refunds: {require: refunds < 3}}
            """, to: "shop.yaml")
        try folder.write(
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: a, pack: shop}, {id: b, pack: shop}]\n",
            to: "goodstanding.yaml")
        let assembly = try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "error", access: .serve)
        _ = try await assembly.adopt { _ in }
        return assembly
    }

    @Test("a store that moved stays due until it was judged, whether a pass failed or its pull was under way")
    func owed() async throws {
        let folder = try Folder()
        let assembly = try await Self.assembly(in: folder)
        let clock = assembly.clock.now
        var stores = ResidentStores()
        for _ in 1...2 {
            try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: ["b"]) {}
            #expect(stores.due(at: clock, unfinished: ["b"]) == ["a"])
        }
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: []) {}
        #expect(stores.due(at: clock, unfinished: []) == ["a", "b"], "a was never judged, and the pull of b has ended")
        for judged in try await judge.judge(stores.screen(["a", "b"], clock: clock), clock: clock) {
            stores.note(judged)
        }
        try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: []) {}
        #expect(stores.due(at: clock, unfinished: []).isEmpty, "nothing moved since they were judged")

        _ = try await assembly.ledger.commit(
            FactBatch(source: .file, facts: [Fact(.refund, store: "b", id: "r1")], readAt: clock),
            under: assembly.fleet.planBook(at: clock))
        for _ in 1...2 {
            try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: []) {}
            #expect(stores.due(at: clock, unfinished: []) == ["b"], "taken in, and not judged")
        }
        try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: ["b"]) {}
        #expect(stores.due(at: clock, unfinished: ["b"]).isEmpty, "a pull of it has begun")
    }

    @Test("what a feed sends and names no store makes every store look again, at once and not at every tick")
    func unattributed() async throws {
        let folder = try Folder()
        let assembly = try await Self.assembly(in: folder)
        let clock = assembly.clock.now
        var stores = ResidentStores()
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        func pass() async throws -> [String] {
            try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: []) {}
            let due = stores.due(at: clock, unfinished: [])
            for judged in try await judge.judge(stores.screen(due, clock: clock), clock: clock) { stores.note(judged) }
            return due
        }
        #expect(try await pass() == ["a", "b"])
        #expect(try await pass().isEmpty)
        let rejection = Rejection(reason: "store is missing", text: "{}")
        _ = try await assembly.ledger.commit(
            FactBatch(
                source: .feed("erp"), rejections: [PlacedRejection(position: "page 1, fact 1", rejection: rejection)],
                readAt: clock), under: assembly.fleet.planBook(at: clock))
        #expect(try await pass() == ["a", "b"])
        #expect(try await pass().isEmpty)
    }
}
