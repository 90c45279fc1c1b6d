import Curl
import Facts
import Foundation
import Language
import Pull
import Rules
import TestSupport
import Testing

@Suite("What a store's pulls come to is reckoned from its pack")
struct CallNeedTests {
    private func source(_ streams: String, market: String? = nil, reach: TimeSpan = .days(30), more: String = "") throws
        -> PlatformSource
    {
        let pack = """
            pack: shop
            timezone: UTC
            source:
              credentials: [key]
              authorization: {header: Authorization, value: "{key}"}
              overlap: 4m
              \(more)
              streams:
            \(streams.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
            """
        let (read, found) = PackReader.read(SourceText(name: "p.yaml", text: pack), isBuiltIn: false)
        try #require(!found.contains { $0.severity == .error }, "\(found.map { $0.render() })")
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                Store(id: "s", pack: "shop", timezone: "UTC", market: market), calendar: .utc,
                plan: plan, endpoint: "https://shop.example",
                credentials: ["key": Secret("made-up")], reach: reach, decoding: decoding))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var what: String
        var streams: String
        var every: TimeSpan = .minutes(15)
        var orders: Int64 = 0
        /// By method; thousandths a day.
        var daily: [String: Int64]
        var first: [String: Int64]
        /// What else the source says.
        var more = "lag: 4m"
        var testDescription: String { what }
    }

    private static let order = "facts: [{kind: order, id: id}]"
    static let rows: [Row] = [
        Row(
            what: "items that are passed over where a list in them is empty are as many as there are of what it holds",
            streams:
                "orders:\n  get: /o\n  query: {since: \"{from}\"}\n  items: list\n  facts: [{kind: order, id: id}, {kind: refund, each: refunds, id: id}]\n  details:\n    item: id\n    skip:\n      refunds[].id: [\"\"]\n    streams:\n      order: {get: \"/o/{item}\", facts: []}",
            orders: 10, daily: ["orders": 96_000, "order": 0], first: ["orders": 1, "order": 0]),
        Row(
            what: "one page each quarter of an hour is 96 calls",
            streams: "orders:\n  get: /o\n  query: {since: \"{from}\"}\n  items: list\n  \(order)",
            daily: ["orders": 96_000], first: ["orders": 1]),
        Row(
            what: "half-hour windows of four states over 30 days are 5760 calls, and each pull has one window",
            streams: "cases:\n  list: {state: [1, 2, 3, 4]}\n  get: /c\n  window: 30m\n  items: list\n  \(order)",
            daily: ["cases": 384_000], first: ["cases": 5760]),
        Row(
            what: "thirty days read again every day are 5760 calls on top of what is asked anyway",
            streams: "cases:\n  list: {state: [1, 2, 3, 4]}\n  get: /c\n  window: 30m\n  items: list\n  \(order)",
            daily: ["cases": 384_000 + 5_756_000], first: ["cases": 5760],
            more: "lag: 4m\n  reread: [{back: 30d, every: 1d}]"),
        Row(
            what: "windows that are shorter than the time between pulls are several",
            streams: "orders:\n  get: /o\n  query: {since: \"{from}\"}\n  window: 10m\n  items: list\n  \(order)",
            every: .hours(1),
            daily: ["orders": 144_000], first: ["orders": 4320]),
        Row(
            what: "readings every six hours of a store that is pulled every four come every eight",
            streams:
                "score:\n  every: 6h\n  get: /s\n  facts: [{kind: measure, name: {value: a.b}, at: {now: true}, value: v}]",
            every: .hours(4), daily: ["score": 3000], first: ["score": 1]),
        Row(
            what: "thirty days that are read again each day, in pages of 100, of 100 orders a day",
            streams:
                "orders:\n  again: 30d\n  get: /o\n  query: {since: \"{from}\"}\n  pages: {number: 1, total: n, size: 100}\n  items: list\n  \(order)",
            every: .days(1), orders: 100, daily: ["orders": 30_000], first: ["orders": 30]),
        Row(
            what: "read backwards, the first page that tells how many there are comes on top",
            streams:
                "orders:\n  again: 30d\n  get: /o\n  query: {since: \"{from}\"}\n  pages: {number: 1, total: n, size: 100, backwards: true}\n  items: list\n  \(order)",
            every: .days(1), orders: 100, daily: ["orders": 31_000], first: ["orders": 31]),
        Row(
            what: "each order that changes is asked for",
            streams:
                "orders:\n  get: /o\n  query: {since: \"{from}\"}\n  pages: {cursor: next}\n  items: list\n  facts: []\n  details:\n    item: id\n    streams:\n      order:\n        get: \"/o/{item}\"\n        \(order)",
            orders: 100, daily: ["orders": 96_000, "order": 400_000], first: ["orders": 60, "order": 3000]),
        Row(
            what: "what cannot be asked by time is read whole each time: of a year, in pages of fifty",
            streams: "orders:\n  get: /all\n  pages: {cursor: next}\n  items: list\n  \(order)", every: .days(1),
            orders: 100,
            daily: ["orders": 730_000], first: ["orders": 730]),
        Row(
            what: "a stream of the first pull is asked no more",
            streams: "past:\n  only: first\n  get: /p\n  window: 1d\n  items: list\n  \(order)",
            daily: ["past": 0], first: ["past": 30]),
        Row(
            what: "of other markets nothing is asked",
            streams: "orders:\n  markets: [US]\n  get: /o\n  query: {since: \"{from}\"}\n  items: list\n  \(order)",
            daily: [:], first: [:]),
    ]

    @Test("every shape of stream has its arithmetic", arguments: rows)
    func arithmetic(_ row: Row) throws {
        let pace = Pace(begun: row.orders * 1000, changed: row.orders * 4000)
        let needs = try source(row.streams, more: row.more).needs(every: row.every, paces: [.order: pace])
        // A remainder of windows and days is rounded up by a thousandth.
        for need in needs { #expect(abs(need.daily - (row.daily[need.stream] ?? -9)) <= 100, "\(need)") }
        #expect(Dictionary(uniqueKeysWithValues: needs.map { ($0.stream, $0.first) }) == row.first)
    }
}
