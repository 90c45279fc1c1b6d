import Facts
import Ledgers
import Testing

@testable import Daemon

@Suite("What the services of a daemon share")
struct DaemonStateTests {
    private func assembly(_ folder: Folder, feeds: String) throws -> Assembly {
        try folder.write("database: sqlite:ledger.db\nstores: []\nfeeds: [\(feeds)]\n", to: "goodstanding.yaml")
        return try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "error", access: .serve)
    }

    private static let one = "{id: one, url: \"http://127.0.0.1:1/facts\"}"

    @Test("a feed waits with its next pull until its stores were judged, but not for ever", .timeLimit(.minutes(1)))
    func waiting() async throws {
        let state = DaemonState(assembly: try assembly(try Folder(), feeds: Self.one))
        let clock = await state.assembly.clock
        let number = await state.noteEndOfPull()
        try await state.waitUntilJudged(number, until: clock.now + .seconds(-1))
        async let waiting: Void = state.waitUntilJudged(number, until: clock.now + .hours(1))
        await state.noteJudged(number)
        try await waiting
    }

    @Test("it is alive while every loop keeps its promise to come round")
    func beats() async throws {
        let state = DaemonState(assembly: try assembly(try Folder(), feeds: ""))
        #expect(await state.isAlive)
        await state.beat("evaluation", again: .seconds(3600))
        await state.beat("delivery", again: .seconds(-1))
        #expect(await !state.isAlive, "one is late")
        await state.beat("delivery", again: .seconds(3600))
        #expect(await state.isAlive)
        await state.beat("delivery", again: .seconds(-1))
        await state.forget("delivery")
        #expect(await state.isAlive, "one that ended promises nothing")
    }

    @Test("a pull counts as judged when a pass that began after it has ended")
    func judged() async throws {
        let state = DaemonState(assembly: try assembly(try Folder(), feeds: Self.one))
        _ = await state.noteEndOfPull()
        let pass = await state.takeArrivals().pulls
        _ = await state.noteEndOfPull()
        await state.noteJudged(pass)
        #expect(await state.pullsJudged == 1)
    }
}
