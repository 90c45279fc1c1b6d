import Alerts
import Curl
import Facts
import HTTPTypes
import TestSupport
import Testing

@testable import Daemon

@Suite("This machine's clock is held against what servers answer")
struct ClockSkewTests {
    private static let start = Timestamp(seconds: 1_780_315_200)  // 2026-06-01T12:00:00Z

    private func reply(_ date: String, age: String? = nil) -> Reply {
        var headers: HTTPFields = [.date: date]
        if let age { headers[HTTPField.Name("age")!] = age }
        return Reply(status: .ok, headers: headers)
    }

    @Test("of several servers the middle one counts, what a cache gives and what is old do not")
    func middle() async throws {
        let (skew, clock) = (ClockSkew(), ManualClock(Self.start))
        #expect(skew.reading(at: clock.now) == nil)
        let answers = [
            "a.example": reply("Mon, 01 Jun 2026 11:50:00 GMT"), "b.example": reply("Mon, 01 Jun 2026 11:49:00 GMT"),
            "c.example": reply("Mon, 01 Jun 2026 18:00:00 GMT"),
            "d.example": reply("Mon, 01 Jun 2026 03:00:00 GMT", age: "60"), "e.example": reply("soon"),
        ]
        let transport = ClockWatch(
            inner: CannedTransport { request, _ in .success(answers[request.head.authority ?? ""] ?? Reply(status: .ok))
            },
            skew: skew, clock: clock)
        for host in answers.keys.sorted() {
            _ = try await transport.send(try #require(Request(method: .get, url: "https://\(host)/")))
        }
        let reading = try #require(skew.reading(at: clock.now))
        #expect(reading == ClockSkew.Reading(ahead: .minutes(10), hosts: 3, host: "a.example") && reading.isWrong)
        clock.advance(by: .hours(3))
        #expect(skew.reading(at: clock.now) == nil)
    }

    @Test("more than five minutes either way is an alert, told once; while no server answers it stands; then it ends")
    func alert() async throws {
        let bench = try await HealthBench([HealthBench.platform("a")])
        try await bench.pulled("a", at: 0)
        func reading(_ ahead: TimeSpan) -> ClockSkew.Reading {
            ClockSkew.Reading(ahead: ahead, hosts: 2, host: "api.example")
        }
        try await bench.look(at: 0, skew: reading(.minutes(5)))
        #expect(try await bench.told().isEmpty)
        try await bench.look(at: 5, skew: reading(.zero - .minutes(7)))
        try await bench.look(at: 10, skew: reading(.zero - .minutes(8)))
        #expect(try await bench.told() == ["5 /health:machine.clock firing clock"])
        let message = try await bench.message()
        #expect(
            message.hasPrefix("[clock wrong] goodstanding: this machine's clock and those of others part\n"),
            "\(message)")
        #expect(message.contains("ours is 7 min behind, by what 2 servers answer, such as api.example"), "\(message)")
        try await bench.look(at: 15)
        #expect(try await bench.open() == ["/health:machine.clock firing"])
        try await bench.look(at: 20, skew: reading(.seconds(1)))
        #expect(try await bench.told().last == "20 /health:machine.clock resolved clock")
        #expect(try await bench.message().hasPrefix("[clock right again] goodstanding: "))
    }
}
