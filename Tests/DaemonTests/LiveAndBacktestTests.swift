import Alerts
import Facts
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("What a backtest says of days past is what the daemon said on them")
struct LiveAndBacktestTests {
    @Test("the same firings, raises, ends and flapping on the same days", arguments: 1...5 as ClosedRange<UInt64>)
    func same(_ seed: UInt64) async throws {
        let bench = try await HealthBench(["{id: a, pack: shop}"])
        try await bench.reconfigure(
            ["{id: a, pack: shop}"],
            pack: """
                pack: shop
                timezone: UTC
                metrics: {refunds: count(refund by refunded_at over 2d)}
                rules:
                  refunds: {require: refunds < 3, prefer: refunds < 2}
                  twice: {require: refunds < 2, confirm: 2}
                """)
        let member = try #require(Schema[.refund].member("refunded_at"))
        var generator = SeededGenerator(seed: seed)
        var facts: [Fact] = []
        for day in 0..<60 {
            for number in 0..<generator.pick([0, 0, 0, 0, 1, 2, 3]) {
                var fact = Fact(.refund, store: "a", id: "r\(day)-\(number)")
                fact.numbers[member.slot] = (bench.start + .days(Int64(day))).microseconds
                facts.append(fact)
            }
        }
        try await bench.imported(facts, of: "a", until: bench.start + .days(70))
        for day in 1...60 { try await bench.look(at: Int64(day) * 1440) }
        let calendar = try #require(StoreCalendar(timezone: "UTC"))
        func line(_ event: AlertEvent) -> String {
            "\(calendar.day(of: event.at)) \(event.number) \(event.kind.rawValue) \(event.standing) \(event.reason.rawValue)"
        }
        func live(_ rule: String) async throws -> [String] {
            try await bench.assembly.ledger.events(.alert(AlertKey(store: "a", rule: rule)), limit: 1000)
                .sorted {
                    ($0.at, $0.episode == $1.episode ? $0.number : 0) < (
                        $1.at, $0.episode == $1.episode ? $1.number : 0
                    )
                }
                .map(line)
        }
        let first = calendar.day(of: bench.start + .days(1))
        let (report, _) = try await BacktestTask(
            config: bench.config, glob: nil, days: first...first.advanced(by: 59), pack: nil, log: "critical"
        ).run { _, _ in }
        func past(_ rule: String) -> [String] {
            report.courses.filter { $0.rule.id == rule }.flatMap(\.events).map(line)
        }
        let (told, twice) = (try await live("refunds"), try await live("twice"))
        #expect(told == past("refunds"))
        #expect(told.count > 4 && told.contains { $0.contains("flapping") }, "\(told)")
        // Two days of it, where one does for the other.
        #expect(twice == past("twice"))
        #expect(!twice.isEmpty && twice.count < told.count, "\(twice)")
    }
}
