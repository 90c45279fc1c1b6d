import Facts
import TestSupport
import Testing

@testable import Daemon

@Suite("What an edited limit changes is one message to a receiver, with each alert in it")
struct LimitEditTests {
    private static func pack(_ more: String = "") -> String {
        HealthBench.pack()
            .replacing("{require: refunds < 3}", with: "{require: refunds < limit, prefer: refunds < near\(more)}")
            + "\nparameters: {limit: {type: number, values: [{value: 4}]}, near: {type: number, values: [{value: 2}]}}\n"
    }

    private static func entry(_ id: String, _ limits: (Int, Int)? = nil) -> String {
        HealthBench.platform(id, more: limits.map { ", parameters: {limit: \($0), near: \($1)}" } ?? "")
    }

    /// Stores of which each has so many refunds, looked at once.
    private func bench(_ refunds: [(String, Int)], _ more: String = "") async throws -> HealthBench {
        let entries = refunds.map { Self.entry($0.0) }
        let bench = try await HealthBench(entries)
        try await bench.reconfigure(entries, pack: Self.pack(more))
        for (store, count) in refunds { try await bench.pulled(store, at: 0, bench.refunds(1...count, at: store)) }
        try await bench.look(at: 0)
        return bench
    }

    @Test("of stores in one configuration: what ends, is raised, is lowered and fires")
    func parameters() async throws {
        let bench = try await bench([("a", 4), ("b", 2), ("c", 5), ("d", 1)])
        #expect(
            try await bench.notices() == [
                ["a/refunds firing limit", "b/refunds firing limit", "c/refunds firing limit"]
            ])
        let edited = [
            Self.entry("a", (5, 5)), Self.entry("b", (2, 1)), Self.entry("c", (6, 2)), Self.entry("d", (1, 1)),
        ]
        try await bench.reconfigure(edited, pack: Self.pack())
        try await bench.look(at: 5)
        #expect(
            try await bench.notices().dropFirst() == [
                [
                    "a/refunds resolved limit_changed", "b/refunds raised limit_changed",
                    "c/refunds lowered limit_changed", "d/refunds firing limit",
                ]
            ])
        #expect(try await bench.message().contains("4 stores"), "and one for people")
    }

    @Test("in a pack: also what keep: puts off, and what is no longer judged")
    func packs() async throws {
        let bench = try await bench([("a", 4), ("b", 4)], ", keep: 10min")
        let entries = ["a", "b"].map { Self.entry($0) }
        try await bench.reconfigure(
            entries,
            pack: Self.pack(", keep: 10min").replacing("[{value: 4}]", with: "[{value: 9}]").replacing(
                "[{value: 2}]", with: "[{value: 9}]"))
        for minute in [5, 15] as [Int64] {
            for store in ["a", "b"] { try await bench.pulled(store, at: minute) }
            try await bench.look(at: minute)
        }
        #expect(
            try await bench.notices().dropFirst()
                == [["a/refunds resolved limit_changed", "b/refunds resolved limit_changed"]])

        let other = try await self.bench([("a", 4), ("b", 4)])
        try await other.reconfigure(entries, pack: Self.pack(", given: refunds > 9"))
        try await other.look(at: 5)
        #expect(
            try await other.notices().dropFirst()
                == [["a/refunds resolved not_applicable", "b/refunds resolved not_applicable"]])
    }

    @Test("what ends by itself is told by itself")
    func byItself() async throws {
        let bench = try await bench([("a", 2), ("b", 2)])
        for store in ["a", "b"] {
            try await bench.pulled(store, at: 5, [Fact(.refund, store: store, id: "r1", isDeleted: true)])
        }
        try await bench.look(at: 5)
        #expect(
            try await bench.notices().dropFirst() == [
                ["a/refunds resolved corrected"], ["b/refunds resolved corrected"],
            ])
    }
}
