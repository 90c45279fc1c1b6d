import Facts
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("An alert that has to be confirmed waits for other data")
struct ConfirmTests {
    private static func pack(confirm: Int) -> String {
        HealthBench.pack().replacing("{require: refunds < 3}", with: "{require: refunds < 3, confirm: \(confirm)}")
    }
    private static let stores = [HealthBench.platform("a")]

    @Test("the same pull looked at again and again confirms nothing, the next one does")
    func nextPull() async throws {
        let bench = try await HealthBench(Self.stores)
        try await bench.reconfigure(Self.stores, pack: Self.pack(confirm: 2))
        try await bench.pulled("a", at: 0, bench.refunds(1...3, at: "a"))
        try await bench.look(from: 0, to: 10)
        #expect(try await bench.open() == ["a/refunds pending"])
        let shown = try await AlertsTask(.file(bench.config, log: "critical")).show("a", "refunds")
        #expect(shown.progress?.en == "outside ok by 1 of 2 looks at other data")
        bench.restart()
        try await bench.look(at: 14)
        #expect(try await bench.open() == ["a/refunds pending"], "nor does a restart")
        try await bench.pulled("a", at: 15)
        try await bench.look(at: 15)
        #expect(try await bench.open() == ["a/refunds firing"])
        #expect(try await bench.told() == ["15 a/refunds firing limit"])
    }

    @Test("an edit while it waits counts what was seen by then")
    func edited() async throws {
        let bench = try await HealthBench(Self.stores)
        try await bench.reconfigure(Self.stores, pack: Self.pack(confirm: 5))
        for minute in [0, 15, 30] as [Int64] {
            try await bench.pulled("a", at: minute, minute == 0 ? bench.refunds(1...3, at: "a") : [])
            try await bench.look(at: minute)
        }
        #expect(try await bench.open() == ["a/refunds pending"])
        try await bench.reconfigure(Self.stores, pack: Self.pack(confirm: 4))
        try await bench.look(at: 31)
        #expect(try await bench.open() == ["a/refunds pending"])
        try await bench.reconfigure(Self.stores, pack: Self.pack(confirm: 3))
        try await bench.look(at: 32)
        #expect(try await bench.open() == ["a/refunds firing"])
    }

    @Test("of figures that people enter the next day is other data, and the next minute is not")
    func entered() async throws {
        let bench = try await HealthBench(["{id: a, pack: shop}"])
        try await bench.reconfigure(
            ["{id: a, pack: shop}"],
            pack: """
                pack: shop
                timezone: UTC
                metrics: {shown: latest(value of measure where name == "s" by at over 30d including today)}
                rules: {shown: {require: shown < 3, confirm: 2}}
                """)
        let (at, name, value) = (
            try #require(Schema[.measure].member("at")), try #require(Schema[.measure].member("name")),
            try #require(Schema[.measure].member("value"))
        )
        var reading = Fact(.measure, store: "a", id: "m")
        reading.numbers[at.slot] = bench.start.microseconds
        (reading.texts[name.slot], reading.numbers[value.slot]) = ("s", 9_000_000)
        try await bench.imported([reading], of: "a")
        try await bench.look(from: 5, to: 60)
        #expect(try await bench.open() == ["a/shown pending"])
        try await bench.look(at: 1440)
        #expect(try await bench.open() == ["a/shown firing"])
    }
}
