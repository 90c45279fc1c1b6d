import Alerts
import Facts
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("How an alert ends, or is another, is told as it came about")
struct AlertEndTests {
    private static let pack = """
        pack: shop
        timezone: UTC
        titles: {rate: {en: refund rate, zh: 退款率}}
        metrics:
          paid: count(order by paid_at over 30d)
          refunds: count(refund by refunded_at over 30d)
          rate: refunds / paid
        rules: {rate: {require: rate < 10%}, refunds: {require: refunds < 3, each: product}}
        """
    private static let entry = "{id: a, name: North, pack: shop, timezone: Asia/Shanghai}"

    private func bench(_ entries: [String] = [Self.entry]) async throws -> HealthBench {
        let bench = try await HealthBench(entries)
        try await bench.reconfigure(entries, pack: Self.pack)
        return bench
    }

    private func facts(_ bench: HealthBench, orders: ClosedRange<Int>, hours: Int64) throws -> [Fact] {
        orders.map { order("o\($0)", store: "a", ["paid_at": .text("\(bench.start - .hours(hours))")]) }
    }

    private func refunds(_ bench: HealthBench, _ ids: ClosedRange<Int>, hours: Int64, of product: String) -> [Fact] {
        ids.map {
            refund(
                "\(product)\($0)", store: "a",
                ["refunded_at": .text("\(bench.start - .hours(hours))"), "product": .text(product)])
        }
    }

    @Test("a rate that many new orders lowered ended by them, live and in a backtest, and not by age")
    func newOrders() async throws {
        let bench = try await bench()
        try await bench.imported(
            try facts(bench, orders: 1...10, hours: 120) + refunds(bench, 1...2, hours: 120, of: "lamp"), of: "a")
        try await bench.look(at: 0)
        try await bench.imported(
            try facts(bench, orders: 11...90, hours: 1), of: "a", until: bench.start + .days(1))
        try await bench.look(at: 1440)
        let key = AlertKey(store: "a", rule: "rate")
        let end = try #require(try await bench.assembly.ledger.events(.alert(key), limit: 1).first)
        #expect(end.kind == .resolved && end.reason == .cleared && end.turning == .news)
        #expect(try await bench.message().contains("by what has come since, not by age"))
        #expect(try await bench.message().contains("has to be: refund rate < 10%"))
        let calendar = try #require(StoreCalendar(timezone: "Asia/Shanghai"))
        let day = calendar.day(of: bench.start)
        let (report, _) = try await BacktestTask(
            config: bench.config, glob: nil, days: day...day.advanced(by: 1), pack: nil, log: "critical"
        ).run { _, _ in }
        #expect(report.courses.first { $0.rule.id == "rate" }?.events.last?.turning == .news)
    }

    @Test("facts that were known and came into the window with the day are no age either, though nothing arrived")
    func withTheDay() async throws {
        let bench = try await bench()
        try await bench.imported(
            try facts(bench, orders: 1...10, hours: 120) + refunds(bench, 1...2, hours: 120, of: "lamp")
                + (try facts(bench, orders: 11...90, hours: 1)), of: "a")
        try await bench.look(at: 0)
        // A file without a fact says that all is there up to the next day.
        try await bench.imported([], of: "a", until: bench.start + .days(1))
        try await bench.look(at: 1440)
        let key = AlertKey(store: "a", rule: "rate")
        let end = try #require(try await bench.assembly.ledger.events(.alert(key), limit: 1).first)
        #expect(end.kind == .resolved && end.reason == .cleared && end.turning == .news)
    }

    @Test("where some of what harmed was corrected and some grew old, neither is said to have done it alone")
    func correctedInPart() async throws {
        let bench = try await bench()
        let old = refunds(bench, 1...2, hours: 24 * 29 + 13, of: "lamp")
        try await bench.imported(old + refunds(bench, 3...5, hours: 120, of: "lamp"), of: "a")
        try await bench.look(at: 0)
        // One of five never happened: four are still too many then. Two leave with the days.
        var gone = Fact(.refund, store: "a", id: "lamp3", isDeleted: true)
        gone.updatedAt = bench.start
        try await bench.imported([gone], of: "a", until: bench.start + .days(2))
        try await bench.look(at: 2880)
        let key = AlertKey(store: "a", rule: "refunds")
        let end = try #require(try await bench.assembly.ledger.events(.alert(key), limit: 1).first)
        #expect(end.kind == .resolved && end.reason == .cleared && end.turning == nil, "\(end)")
    }

    @Test("of a rule with each: the parts outside are named, to people and to programs")
    func parts() async throws {
        let bench = try await bench()
        try await bench.imported(
            try facts(bench, orders: 1...99, hours: 120) + refunds(bench, 1...3, hours: 120, of: "lamp")
                + refunds(bench, 1...1, hours: 120, of: "chair"), of: "a")
        try await bench.look(at: 0)
        let message = try await bench.message()
        #expect(message.hasPrefix("[breach] North: refunds (lamp)\n"), "\(message)")
        let body = try #require(
            try await bench.assembly.ledger.outbox(nil, limit: 9).first { $0.notice.receiver == "ops" })
        #expect(
            String(decoding: body.notice.body, as: UTF8.self).contains(
                #""parts":[{"value":"lamp","standing":"breach"}]"#))
    }

    @Test("stores that are removed together end in one message to a receiver")
    func removed() async throws {
        let entries = ["a", "b", "c"].map { HealthBench.platform($0) }
        let bench = try await HealthBench(entries)
        for store in ["a", "b", "c"] { try await bench.pulled(store, at: 0, bench.refunds(1...3, at: store)) }
        try await bench.look(at: 0)
        try await bench.reconfigure([entries[2]])
        try await bench.look(at: 5)
        #expect(
            try await bench.notices().dropFirst() == [
                ["a/refunds resolved store_removed", "b/refunds resolved store_removed"]
            ])
        #expect(try await bench.message().contains("2 no longer judged at 2 stores"))
    }

    @Test("a breach that somebody answers for is lowered as accepted, says by whom, and is shown as a warning")
    func accepted() async throws {
        let entry = HealthBench.platform("a")
        let bench = try await HealthBench([entry])
        try await bench.pulled("a", at: 0, bench.refunds(1...3, at: "a"))
        try await bench.look(at: 0)
        let task = AlertsTask(.running(bench.assembly))
        _ = try await task.accept("a", "refunds", by: "mei", why: "known", until: "2026-06-21")
        try await bench.pulled("a", at: 5)
        try await bench.look(at: 5)
        #expect(
            try await bench.notices() == [["a/refunds firing limit"], ["a/refunds lowered accepted"]])
        #expect(
            try await bench.message().contains(
                "a breach counts as a warning until 2026-06-21, for which mei answers: known"))
        let answer = try await WhyNotTask(.running(bench.assembly)).run("a", "refunds", at: nil)
        #expect(answer.standing?.standing == .warning && answer.standing?.before == .breach)
        #expect(answer.standing?.because.en.contains("mei answers for it until 2026-06-21: known") == true)
        _ = try await task.accept("a", "refunds", by: "mei", why: "it works", until: nil)
        try await bench.pulled("a", at: 10)
        try await bench.look(at: 10)
        #expect(try await bench.notices().last == ["a/refunds raised acceptance_over"])
    }
}
