import Alerts
import Facts
import Testing

@testable import Daemon

@Suite("A silence until a day ends where the stores begin that day")
struct SilenceDayTests {
    private func silence(_ store: String, until: String, _ bench: HealthBench) async throws -> Timestamp? {
        var filter = AlertFilter()
        filter.stores = [store]
        return try await AlertsTask(.file(bench.config, log: "critical")).silence(
            .init(filter: filter, until: until, ends: .time, by: "mei", why: "stocktaking")
        ).silence.until
    }

    @Test("in their zone where they have one; where they have several it says why it cannot, and takes a moment")
    func zones() async throws {
        let bench = try await HealthBench([
            HealthBench.platform("cn", more: ", timezone: Asia/Shanghai"),
            HealthBench.platform("us", more: ", timezone: America/New_York"),
        ])
        let day = StoreCalendar.utc.day(of: SystemClock().now).advanced(by: 3)
        let (cn, us) = (
            try #require(StoreCalendar(timezone: "Asia/Shanghai")),
            try #require(StoreCalendar(timezone: "America/New_York"))
        )
        #expect(try await silence("cn", until: "\(day)", bench) == cn.startOfDay(day))
        #expect(try await silence("us", until: "\(day)", bench) == us.startOfDay(day))
        let error = await #expect(throws: TaskError.self) { try await silence("*", until: "\(day)", bench) }
        #expect(
            error?.message.contains("2 time zones (America/New_York, Asia/Shanghai)") == true,
            "\(String(describing: error))")
        #expect(try await silence("*", until: "\(day)T00:00:00+08:00", bench) == cn.startOfDay(day))
    }
}
