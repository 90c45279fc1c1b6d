import Facts
import Ledgers
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("What can be contested is kept, and is never older than the ledger")
struct AppealsPageTests {
    private func mark(_ bench: DashboardBench, _ store: String, _ member: String) async throws {
        _ = try await MarkTask(.running(await bench.state.assembly)).set(
            "refund/r0", of: store, [member], by: "mei", why: "w", until: nil)
    }

    @Test("a case is there at once, counts once it is decided no more, and goes with its deadline")
    func cases() async throws {
        let bench = try await DashboardBench()
        #expect(try await bench.get("/appeals").body.contains("r0") == false)
        try await mark(bench, "elm", "appeal_by=2026-03-05")
        try await mark(bench, "fir", "appeal_by=2026-03-04")
        let page = try await bench.get("/appeals").body
        let (fir, elm) = (page.firstRange(of: "/stores/fir"), page.firstRange(of: "/stores/elm"))
        // By deadline; nobody has judged anything since.
        #expect(try #require(fir).lowerBound < #require(elm).lowerBound)
        #expect(page.contains("<code>r0</code>") && !page.contains("still being looked through"))
        try await mark(bench, "fir", "appeal=won")
        #expect(page.ranges(of: "<code>r0</code>").count == 3, "two rules at elm, one at fir")
        #expect(try await bench.get("/appeals").body.ranges(of: "<code>r0</code>").count == 2)
        bench.clock.advance(by: .days(4))
        #expect(try await !bench.get("/appeals").body.contains("<code>r0</code>"))
    }

    @Test("who may see some stores sees what can be contested at these")
    func limited() async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        try await mark(bench, "elm", "appeal_by=2026-03-05")
        try await mark(bench, "fir", "appeal_by=2026-03-04")
        let page = try await bench.get("/appeals", DashboardBench.bearer("east")).body
        #expect(page.contains("/stores/elm") && !page.contains("/stores/fir"))
        #expect(try await bench.get("/appeals", DashboardBench.bearer("mei")).body.contains("/stores/fir"))
    }

    @Test("it is worked out ahead only while somebody looks at it")
    func ahead() async throws {
        let bench = try await DashboardBench()
        let (assembly, contests, view) = (
            await bench.state.assembly, bench.state.contests, await bench.state.wall.view
        )
        #expect(try await !contests.work(on: view, in: assembly), "nobody has asked")
        #expect(try await contests.cases(of: view, in: assembly).behind == 0)
        #expect(try await !contests.work(on: view, in: assembly), "all is known")
        try await mark(bench, "elm", "appeal_by=2026-03-05")
        #expect(try await contests.work(on: view, in: assembly), "one has moved")
        #expect(try await !contests.work(on: view, in: assembly))
        try await mark(bench, "elm", "appeal_by=2026-03-06")
        bench.clock.advance(by: .hours(1))
        #expect(try await !contests.work(on: view, in: assembly), "he has gone")
    }

    @Test("a figure that was entered is wanted again once it is old, though nobody looked at its store since")
    func due() async throws {
        let bench = try await DashboardBench(pack: DueTests.pack)
        let assembly = await bench.state.assembly
        func owed() async throws -> [String: Int] {
            let found = try await OwedReadings.find(in: await bench.state.wall.view, assembly)
            #expect(found.behind == 0)
            return Dictionary(uniqueKeysWithValues: found.stores.map { ($0.store.id, $0.names.count) })
        }
        #expect(try await owed() == ["ash": 2, "elm": 2, "fir": 2, "oak": 2])
        _ = try await MeasureTask(.running(assembly)).set(
            "shop.score", of: "oak", value: "80", expected: nil, at: nil)
        #expect(try await owed()["oak"] == 1, "it moved")
        try await bench.look()
        #expect(try await owed()["oak"] == 1)
        bench.clock.advance(by: .days(2))
        #expect(try await owed()["oak"] == 1, "it is two days old, and no older")
        bench.clock.advance(by: .seconds(1))
        #expect(try await owed()["oak"] == 2)
    }
}
