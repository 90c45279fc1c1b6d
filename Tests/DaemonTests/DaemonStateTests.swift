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
    private static let two = "{id: two, url: \"http://127.0.0.1:1/facts\"}"

    @Test("stores are in the middle of a pull until it has ended, or a reload has taken its feed away")
    func pulls() async throws {
        let folder = try Folder()
        let state = DaemonState(assembly: try assembly(folder, feeds: Self.one + ", " + Self.two))
        await state.noteCommitting(["a", "b"], of: "one")
        await state.noteCommitting(["b", "c"], of: "two")
        #expect(await state.takeArrivals().unfinished == ["a": ["one"], "b": ["one", "two"], "c": ["two"]])
        await state.noteEnd(ofPull: "one")
        #expect(await state.takeArrivals().unfinished == ["b": ["two"], "c": ["two"]])
        await state.take(try assembly(folder, feeds: Self.one))
        #expect(await state.takeArrivals().unfinished == [:])
        // Its last page was on the way to the ledger when it was taken away.
        await state.noteCommitting(["c"], of: "two")
        #expect(await state.takeArrivals().unfinished == [:], "nobody would tell of its end")
        // It comes back, and what it left is known again.
        await state.take(
            try assembly(folder, feeds: Self.one + ", " + Self.two), leftInTheMiddle: ["two": ["b", "c"]])
        #expect(await state.takeArrivals().unfinished == ["b": ["two"], "c": ["two"]])
        #expect(await state.generation == 2)
    }

    @Test("a feed waits with its next pull until its stores were judged, but not for ever", .timeLimit(.minutes(1)))
    func waiting() async throws {
        let state = DaemonState(assembly: try assembly(try Folder(), feeds: Self.one))
        let clock = await state.assembly.clock
        let number = await state.noteEnd(ofPull: "one")
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
        await state.noteEnd(ofPull: "one")
        let pass = await state.takeArrivals().pulls
        await state.noteEnd(ofPull: "one")
        await state.noteJudged(pass)
        #expect(await state.pullsJudged == 1)
    }
}
