import Alerts
import Facts
import Ledgers
import TestSupport
import Testing

@testable import Daemon

@Suite("What became of attempts is written down together")
struct SettlingTests {
    private static let now = Timestamp(seconds: 1_772_000_000)

    private static func notice(_ number: Int) -> Notice {
        Notice(
            id: "ntc_\(number)", receiver: "ops", key: AlertKey(store: "s", rule: "r\(number)"),
            episode: "ep_\(number)",
            change: 1, madeAt: now, body: [])
    }

    @Test("side by side each is kept as it was, and who asked goes on once that is so")
    func sideBySide() async throws {
        let ledger = try SQLiteLedger.inMemory()
        _ = try await ledger.owe((0..<60).map(Self.notice))
        let settling = Settling(ledger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let id = "ntc_\(number)"
                    let isTaken = number.isMultiple(of: 3)
                    try await settling.settle(
                        id,
                        isTaken ? .taken(at: Self.now) : .retry(at: Self.now + .seconds(9), because: "503 \(number)"))
                    let kept = try await ledger.outbox(nil, limit: 100).first { $0.notice.id == id }
                    #expect(kept?.state == (isTaken ? .taken : .owed) && kept?.attempts == 1)
                    #expect(kept?.because == (isTaken ? nil : "503 \(number)"))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("where nothing can be written each hears of it, and none waits for good")
    func closed() async throws {
        let folder = try Workplace()
        let ledger = try SQLiteLedger.open(path: folder.file("ledger.db"))
        _ = try await ledger.owe((0..<20).map(Self.notice))
        try ledger.close()
        let settling = Settling(ledger)
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask { (try? await settling.settle("ntc_\(number)", .taken(at: Self.now))) == nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 20)
    }
}
