import Facts
import Ledgers
import TestSupport
import Testing

@testable import Daemon

@Suite("What anybody can ask for fills no memory and makes nothing up")
struct TurnstileTests {
    private static let config = """
        database: sqlite:ledger.db
        stores: [{id: a, pack: marketplace}, {match: "erp-*", pack: marketplace}]
        """

    private func assembly() throws -> (Assembly, Folder) {
        let folder = try Folder(["goodstanding.yaml": Self.config])
        return (
            try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "critical", access: .serve), folder
        )
    }

    @Test("so many at once; a place that is given back is free again")
    func turnstile() throws {
        let turnstile = Turnstile(2)
        var (first, second) = (turnstile.enter("a"), turnstile.enter("b"))
        #expect(first != nil && second != nil && turnstile.enter("c") == nil)
        first = nil
        #expect(turnstile.enter("c") != nil, "and given back at once")
        first = turnstile.enter("a")
        #expect(first != nil && turnstile.enter("c") == nil)
        second = nil
        first = nil
        #expect(turnstile.enter("c") != nil)
    }

    @Test("nobody takes more than half of the places, however many he asks for")
    func share() throws {
        let turnstile = Turnstile(8)
        var held: [Turnstile.Pass] = []
        while let pass = turnstile.enter("slow") { held.append(pass) }
        #expect(held.count == 4)
        let other = turnstile.enter("quick")
        #expect(other != nil)
        held.removeLast()
        #expect(turnstile.enter("slow") != nil)
        withExtendedLifetime(other) {}
    }

    @Test("ids that are asked for are kept up to a bound, watched or not, and the stores that are listed are not lost")
    func fleet() throws {
        let (assembly, folder) = try assembly()
        withExtendedLifetime(folder) {
            let fleet = assembly.fleet
            for number in 0...(Fleet.mostAsked + 10) {
                #expect(fleet.watched("none-\(number)") == nil && fleet.watched("erp-\(number)") != nil)
            }
            #expect(fleet.keptIDs <= 2 * Fleet.mostAsked + 2)
            #expect(fleet.watched("a")?.store.id == "a" && fleet.watched("none-1") == nil)
        }
    }

    @Test("a store that only a pattern fits and nobody has heard of is not checked anew, and not put on the wall")
    func recheck() async throws {
        let (assembly, folder) = try assembly()
        let state = DaemonState(assembly: assembly)
        await #expect(throws: TaskError.self) { try await RecheckTask(state).run("erp-none") }
        #expect(await state.takeRechecked().isEmpty)
        #expect(try await assembly.ledger.audit(since: nil, after: 0, limit: 1).isEmpty)
        try await RecheckTask(state).run("a")
        #expect(await state.takeRechecked() == ["a"])
        let line = #"{"kind":"order","store":"erp-1","id":"1","updated_at":"2026-03-01T10:00:00Z"}"#
        _ = try await PushTask(assembly).run(.init(body: Array(line.utf8), isLines: true)) { _, _ in true }
        try await RecheckTask(state).run("erp-1")
        #expect(await state.takeRechecked() == ["erp-1"])
        #expect(
            try await assembly.ledger.audit(since: nil, after: 0, limit: 9).map(\.entry.act).suffix(1) == ["recheck"])
        withExtendedLifetime(folder) {}
    }

    @Test("programs are answered as of the last change, and within a minute without one all alike")
    func judging() async throws {
        let (assembly, folder) = try assembly()
        let judging = JudgingMoment()
        let minute = Timestamp(seconds: 1_780_000_020)
        _ = try await judging.moment(assembly.ledger, at: minute - .hours(1))
        #expect(try await judging.moment(assembly.ledger, at: minute + .seconds(10)) == minute)
        #expect(try await judging.moment(assembly.ledger, at: minute + .seconds(20)) == minute)
        let line = #"{"kind":"order","store":"a","id":"1","updated_at":"2026-03-01T10:00:00Z"}"#
        _ = try await PushTask(assembly).run(.init(body: Array(line.utf8), isLines: true)) { _, _ in true }
        #expect(try await judging.moment(assembly.ledger, at: minute + .seconds(30)) == minute + .seconds(30))
        #expect(try await judging.moment(assembly.ledger, at: minute + .seconds(50)) == minute + .seconds(30))
        #expect(try await judging.moment(assembly.ledger, at: minute + .seconds(70)) == minute + .seconds(60))
        withExtendedLifetime(folder) {}
    }
}
