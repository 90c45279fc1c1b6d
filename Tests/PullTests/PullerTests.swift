import Curl
import Facts
import HTTPTypes
import Pull
import Synchronization
import TestSupport
import Testing

@Suite("pulling until caught up")
struct PullerTests {
    /// 2026-03-02T10:00:00Z, when every test begins.
    private static let start = Timestamp(seconds: 1_772_445_600)
    private static func at(_ text: String) -> Timestamp { Timestamp(text) ?? Timestamp(seconds: 0) }

    private struct Pulled {
        var outcome: PullOutcome
        var requests: [Request]
        var sleeps: [Timestamp]
        var failure: PullFailure? { outcome.failure }
        var state: PullState { outcome.state }
    }

    private let clock = ManualClock(PullerTests.start)

    /// Pulls once, answered by the list, and keeps what was committed.
    private func pull(_ answers: [CannedTransport.Answer], from kept: Kept, kinds: FactKinds = .all) async throws
        -> Pulled
    {
        let transport = CannedTransport(answers)
        let before = clock.sleeps.count
        var generator = SeededGenerator(seed: 5)
        let source = try #require(
            FeedSource(id: "erp", url: "https://erp.example/facts", kinds: kinds, decoding: decoding))
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            source, from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        await kept.keep(outcome.state)
        return Pulled(outcome: outcome, requests: transport.requests, sleeps: Array(clock.sleeps[before...]))
    }

    // MARK: - T and cursor

    @Test("the first pull asks for everything, page after page, and covers up to its first request")
    func first() async throws {
        let kept = Kept()
        let pulled = try await pull(
            [page([line(1)], next: "a"), page([line(2)], next: "b"), page([line(3)])], from: kept,
            kinds: FactKinds([.rating, .refund]))
        #expect(pulled.failure == nil)
        #expect(pulled.requests.map(query) == [[:], ["cursor": "a"], ["cursor": "b"]])
        let pages = await kept.pages
        #expect(pages.map(\.number) == [1, 2, 3])
        #expect(pages.map { $0.facts.map(\.id) } == [["1"], ["2"], ["3"]])
        #expect(pages.map { $0.state.cursor } == ["a", "b", nil])
        #expect(pages.map { $0.finish } == [nil, nil, .init(kinds: FactKinds([.rating, .refund]), until: Self.start)])
        #expect(pulled.state.firstRequestAt == nil)
    }

    struct TRow: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The `updated_at` of the facts of the first pull.
        var updated: [String?]
        /// T of the second, which follows an hour later.
        var expected: String?
    }

    @Test(
        "the next T is the greatest updated_at, not later than the last pull's first request, less ten minutes",
        arguments: [
            TRow(
                testDescription: "the greatest of all pages",
                updated: ["2026-03-02T09:00:00Z", "2026-03-02T08:00:00Z"], expected: "2026-03-02T08:50:00Z"),
            TRow(
                testDescription: "found on a later page",
                updated: ["2026-03-02T07:00:00Z", "2026-03-02T09:30:00+00:00"], expected: "2026-03-02T09:20:00Z"),
            TRow(
                testDescription: "a clock that runs ahead", updated: ["2026-03-02T11:00:00Z"],
                expected: "2026-03-02T09:50:00Z"),
            TRow(
                testDescription: "a far future", updated: ["2099-01-01T00:00:00Z", "2026-03-02T08:00:00Z"],
                expected: "2026-03-02T09:50:00Z"),
            TRow(
                testDescription: "some without", updated: [nil, "2026-03-02T08:00:00Z", nil],
                expected: "2026-03-02T07:50:00Z"),
            TRow(testDescription: "none with", updated: [nil, nil], expected: nil),
            TRow(testDescription: "no facts", updated: [], expected: nil),
        ])
    func nextT(_ row: TRow) async throws {
        let kept = Kept()
        var pages = row.updated.enumerated().map { index, updated in
            page([line(index, updated: updated)], next: "c\(index)")
        }
        pages.append(page([]))
        #expect(try await pull(pages, from: kept).failure == nil)
        clock.advance(by: .hours(1))
        let second = try await pull([page([])], from: kept)
        #expect(second.requests.map { query($0)["updated_after"] } == [row.expected])
    }

    @Test("T stays through all pages, over a resume, and over a pull that found nothing")
    func sameT() async throws {
        let kept = Kept()
        _ = try await pull([page([line(1, updated: "2026-03-02T09:00:00Z")])], from: kept)
        clock.advance(by: .hours(1))
        // Its second page fails for good; newer facts are already committed.
        let broken = try await pull(
            [page([line(2, updated: "2026-03-02T10:30:00Z")], next: "a"), reply(403)], from: kept)
        #expect(broken.failure?.error == .refused(status: 403))
        #expect(broken.failure?.page == 2)
        clock.advance(by: .hours(1))
        let resumed = try await pull(
            [page([line(3, updated: "2026-03-02T10:40:00Z")], next: "b"), page([])], from: kept)
        let t = "2026-03-02T08:50:00Z"
        #expect(
            (broken.requests + resumed.requests).map(query) == [
                ["updated_after": t], ["updated_after": t, "cursor": "a"], ["updated_after": t, "cursor": "a"],
                ["updated_after": t, "cursor": "b"],
            ])
        // The pull was begun at 11:00, before the resume: it covers until then, and T is bounded by it.
        #expect(await kept.pages.last?.finish?.until == Self.at("2026-03-02T11:00:00Z"))
        #expect(resumed.state.updatedAfter == Self.at("2026-03-02T10:30:00Z"))
        clock.advance(by: .hours(1))
        let empty = try await pull([page([])], from: kept)
        #expect(query(empty.requests[0])["updated_after"] == "2026-03-02T10:30:00Z")
        #expect(empty.state.updatedAfter == Self.at("2026-03-02T10:30:00Z"))
    }

    @Test("a first pull that was never finished still has no T")
    func unfinishedFirst() async throws {
        let kept = Kept()
        _ = try await pull([page([line(1, updated: "2026-03-02T09:00:00Z")], next: "a"), reply(401)], from: kept)
        let second = try await pull([page([])], from: kept)
        #expect(second.requests.map(query) == [["cursor": "a"]])
    }

    @Test("304 finishes the pull, and only the tag of a pull of one page is sent")
    func notModified() async throws {
        let kept = Kept()
        _ = try await pull([page([line(1, updated: "2026-03-02T09:00:00Z")], etag: "\"v1\"")], from: kept)
        clock.advance(by: .hours(1))
        let second = try await pull([reply(304)], from: kept)
        #expect(second.failure == nil)
        #expect(second.requests[0].head.headerFields[.ifNoneMatch] == "\"v1\"")
        #expect(await kept.pages.last?.finish?.until == Self.start + .hours(1))
        #expect(await kept.pages.last?.facts.isEmpty == true)
        let third = try await pull([page([], next: "a", etag: "\"v2\""), page([], etag: "\"v2\"")], from: kept)
        #expect(third.requests[0].head.headerFields[.ifNoneMatch] == "\"v1\"", "a 304 keeps the tag")
        let fourth = try await pull([page([])], from: kept)
        #expect(fourth.requests[0].head.headerFields[.ifNoneMatch] == nil)
    }

    @Test("another address under the same name is pulled from the beginning")
    func otherAddress() async throws {
        let kept = Kept()
        _ = try await pull([page([line(1, updated: "2026-03-02T09:00:00Z")], etag: "\"v1\"")], from: kept)
        let transport = CannedTransport([page([])])
        var generator = SeededGenerator(seed: 5)
        let other = try #require(FeedSource(id: "erp", url: "https://erp.example/facts?all=1", decoding: decoding))
        _ = try await Puller(transport: transport, clock: clock, together: 1).pull(
            other, from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        #expect(transport.requests.map(query) == [["all": "1"]])
        #expect(transport.requests[0].head.headerFields[.ifNoneMatch] == nil)
    }

    @Test("a cursor met before is an error, keeps the page's facts, and the next pull begins anew with the same T")
    func loop() async throws {
        let kept = Kept()
        _ = try await pull([page([line(0, updated: "2026-03-02T09:00:00Z")])], from: kept)
        let looped = try await pull(
            [page([line(1)], next: "a"), page([line(2)], next: "b"), page([line(3)], next: "a")], from: kept)
        #expect(looped.failure?.error == .loop)
        #expect(looped.requests.count == 3)
        #expect(Set(await kept.all.map(\.id)) == ["0", "1", "2", "3"])
        #expect(await kept.pages.filter { $0.finish != nil }.count == 1, "the looping pull covers nothing")
        let again = try await pull([page([])], from: kept)
        #expect(again.requests.map(query) == [["updated_after": "2026-03-02T08:50:00Z"]])
        #expect(again.failure == nil)
    }

    @Test(
        "cursors that are ever new, over pages that bring nothing new, end the pull and cover nothing",
        arguments: [
            (round: 1, pages: 101), (round: 3, pages: 103), (round: 500, pages: 5000), (round: 0, pages: 100_000),
        ])
    func endless(_ row: (round: Int, pages: Int)) async throws {
        let transport = CannedTransport { _, index in
            page(row.round == 0 ? [] : [line("a\(index % row.round)"), line("b")], next: "cursor-\(index)")
        }
        var generator = SeededGenerator(seed: 5)
        let source = try #require(FeedSource(id: "erp", url: "https://erp.example/facts", decoding: decoding))
        var finished = 0
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            source, from: PullState(), using: &generator
        ) { if $0.finish != nil { finished += 1 } }
        #expect(outcome.failure?.error == .endless)
        #expect(finished == 0)
        #expect(outcome.state.cursor == nil)
        // One page is fetched ahead.
        #expect(transport.requests.count <= row.pages + 1)
    }

    @Test("a long pull of pages that overlap, with empty ones among them, is not taken for an endless one")
    func overlapping() async throws {
        let kept = Kept()
        let answers = (0..<2000).flatMap { index in
            let facts = index % 2 == 0 ? [] : [line(index), line(index + 1)]
            // Now and then a page comes twice, as it does when facts are added to a list that is paged by number.
            let twice = index % 50 == 1 ? [page(facts, next: "again-\(index)")] : []
            return twice + [page(facts, next: index == 1999 ? nil : "cursor-\(index)")]
        }
        let pulled = try await pull(answers, from: kept)
        #expect(pulled.failure == nil)
        #expect(pulled.requests.count == 2040)
        #expect(await kept.all.count == 2000)
    }

    @Test("a cursor that is no longer taken is given up after it failed twice in a row")
    func lostCursor() async throws {
        let kept = Kept()
        _ = try await pull([page([line(1)], next: "a"), reply(410)], from: kept)
        #expect(await kept.state.cursor == "a")
        let second = try await pull([reply(410)], from: kept)
        #expect(second.requests.map(query) == [["cursor": "a"]])
        #expect(second.failure?.error == .rejected(status: 410))
        let third = try await pull([page([])], from: kept)
        #expect(third.requests.map(query) == [[:]])
    }

    @Test("who asks to wait for years, by a slip in a date, is asked again after a day")
    func slippedDate() async throws {
        let kept = Kept()
        let first = try await pull([reply(429, "", [.retryAfter: "Fri, 31 Dec 2126 23:59:59 GMT"])], from: kept)
        #expect(first.failure?.notBefore == Self.start + .days(1))
        clock.advance(by: .days(1))
        #expect(try await pull([page([line(1)])], from: kept).failure == nil)
    }

    // MARK: - Trying again

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answers: [CannedTransport.Answer]
        var error: PullError?
        var requests: Int
        /// What was slept in all, in seconds.
        var slept: ClosedRange<Int64>
        var notBefore: Int64?
        init(
            _ description: String, _ answers: [CannedTransport.Answer], _ error: PullError?, requests: Int,
            slept: ClosedRange<Int64>, notBefore: Int64? = nil
        ) {
            (testDescription, self.answers, self.error, self.requests) = (description, answers, error, requests)
            (self.slept, self.notBefore) = (slept, notBefore)
        }
    }

    private static let refusedConnection = TransportError.couldNotConnect(host: "erp.example")

    @Test(
        "what may go better soon is tried again, what cannot is not",
        arguments: [
            Row("500, then well", [reply(500), page([])], nil, requests: 2, slept: 0...1),
            Row("500 to the end", [reply(500)], .failing(status: 500), requests: 5, slept: 7...15),
            Row("no connection, then well", [.failure(refusedConnection), page([])], nil, requests: 2, slept: 0...1),
            Row(
                "no connection", [.failure(refusedConnection)], .transport(refusedConnection), requests: 5,
                slept: 7...15),
            Row(
                "not to be trusted", [.failure(.couldNotVerify(host: "h", fault: .expired))],
                .transport(.couldNotVerify(host: "h", fault: .expired)), requests: 1, slept: 0...0),
            Row("cut off, then well", [.failure(.cutOff(host: "h")), page([])], nil, requests: 2, slept: 0...1),
            Row("garbage, then well", [reply(200, "<html>"), page([])], nil, requests: 2, slept: 0...1),
            Row("401", [reply(401)], .refused(status: 401), requests: 1, slept: 0...0),
            Row("403", [reply(403)], .refused(status: 403), requests: 1, slept: 0...0),
            Row("404", [reply(404)], .rejected(status: 404), requests: 1, slept: 0...0),
            Row("a redirect", [reply(302)], .redirected(status: 302), requests: 1, slept: 0...0),
            Row("204", [reply(204)], .unexpected(status: 204), requests: 1, slept: 0...0),
            Row("429 with a wait", [reply(429, "", [.retryAfter: "30"]), page([])], nil, requests: 2, slept: 30...31),
            Row("429 without", [reply(429), page([])], nil, requests: 2, slept: 0...1),
            Row(
                "503 with a date", [reply(503, "", [.retryAfter: "Mon, 02 Mar 2026 10:01:00 GMT"]), page([])], nil,
                requests: 2, slept: 60...61),
            Row(
                "503 with nonsense", [reply(503, "", [.retryAfter: "later"]), page([])], nil, requests: 2, slept: 0...1),
            Row(
                "429 with a long wait", [reply(429, "", [.retryAfter: "3600"])],
                .throttled(status: 429, wait: .seconds(3600)), requests: 1, slept: 0...0, notBefore: 3600),
            Row(
                "429 to the end", [reply(429, "", [.retryAfter: "10"])], .throttled(status: 429, wait: .seconds(10)),
                requests: 5, slept: 40...50, notBefore: 55),
        ])
    func tries(_ row: Row) async throws {
        let kept = Kept()
        let pulled = try await pull(row.answers, from: kept)
        #expect(pulled.failure?.error == row.error)
        #expect(pulled.requests.count == row.requests)
        #expect(pulled.sleeps.count == row.requests - 1)
        let slept = (clock.now - Self.start).microseconds
        #expect(slept >= row.slept.lowerBound * 1_000_000 && slept <= row.slept.upperBound * 1_000_000, "\(slept)")
        if let notBefore = row.notBefore {
            let asked = try #require(pulled.failure?.notBefore)
            #expect(asked > clock.now && asked <= Self.start + .seconds(notBefore + 5))
        } else {
            #expect(pulled.failure?.notBefore == nil)
        }
        if row.error == nil {
            #expect(
                await kept.pages.last?.finish?.until == Self.start,
                "covered to the first attempt, not to the one that went well")
        }
    }

    @Test("a failure says which source, which page, what came back, and no secret")
    func words() async throws {
        let kept = Kept()
        let failure = try await pull([page([], next: "hush"), reply(500)], from: kept).failure
        #expect(
            failure.map(String.init(describing:))
                == "Pulling feed:erp failed at page 2 after 5 attempts: the server answered 500.")
    }

    // MARK: - Commits

    @Test("a page whose commit fails is asked for again, and what was fetched ahead is dropped")
    func commitFails() async throws {
        let transport = CannedTransport { request, _ in
            switch query(request)["cursor"] {
            case nil: page([line(1)], next: "a")
            case "a": page([line(2)], next: "b")
            default: page([line(3)])
            }
        }
        let kept = Kept()
        let source = try #require(FeedSource(id: "erp", url: "https://erp.example/facts", decoding: decoding))
        let puller = Puller(transport: transport, clock: clock, together: 1)
        var generator = SeededGenerator(seed: 5)
        await #expect(throws: Interruption.self) {
            _ = try await puller.pull(source, from: PullState(), using: &generator) { page in
                if page.number == 2 { throw Interruption() }
                await kept.commit(page)
            }
        }
        let before = transport.requests.count
        let outcome = try await puller.pull(source, from: await kept.state, using: &generator) { await kept.commit($0) }
        #expect(outcome.failure == nil)
        #expect(transport.requests[before...].map { query($0)["cursor"] } == ["a", "b"])
        #expect(Set(await kept.all.map(\.id)) == ["1", "2", "3"])
        #expect(await kept.pages.map(\.number) == [1, 2, 3])
    }

    @Test("pages are committed in order, one at a time, each once")
    func inOrder() async throws {
        let transport = CannedTransport { request, _ in
            let number = query(request)["cursor"].flatMap { Int($0) } ?? 0
            return page([line(number)], next: number < 40 ? String(number + 1) : nil)
        }
        let source = try #require(FeedSource(id: "erp", url: "https://erp.example/facts", decoding: decoding))
        var generator = SeededGenerator(seed: 5)
        var numbers: [Int] = []
        var isBusy = false
        _ = try await Puller(transport: transport, clock: clock, together: 1).pull(
            source, from: PullState(), using: &generator
        ) {
            page in
            #expect(!isBusy)
            isBusy = true
            await Task.yield()
            numbers.append(page.number)
            isBusy = false
        }
        #expect(numbers == Array(1...41))
        #expect(transport.requests.count == 41)
    }

    // MARK: - Together

    @Test("what has come is committed before a page behind it is waited for")
    func waiting() async throws {
        let transport = CannedTransport([
            page([line(1)], next: "a"), page([line(2)], next: "b"), reply(503, "", [.retryAfter: "60"]),
            page([line(3)]),
        ])
        let source = try #require(FeedSource(id: "erp", url: "https://erp.example/facts", decoding: decoding))
        var generator = SeededGenerator(seed: 5)
        var commits: [(ids: [String], at: Timestamp)] = []
        let waits = Mutex<[PullWait]>([])
        let puller = Puller(transport: transport, clock: clock) { wait in waits.withLock { $0.append(wait) } }
        let outcome = try await puller.pull(
            source, from: PullState(), using: &generator
        ) { pages in
            // Until the page that fails was asked for.
            for _ in 0..<60_000 where transport.requests.count < 3 { try await Task.sleep(for: .milliseconds(1)) }
            commits.append((pages.facts.map(\.id), clock.now))
        }
        #expect(outcome.failure == nil)
        #expect(
            commits.map(\.ids) == [["1"], ["2"], ["3"]], "the second alone, and not with the one it would wait for")
        #expect(commits[2].at >= Self.start + .seconds(60), "the wait was kept")
        let told = waits.withLock { $0 }
        #expect(told.map(\.failure.words) == ["failed at page 3: the server answered 503 and asks to wait 60 s"])
        #expect(told[0].until >= Self.start + .seconds(60) && told[0].until <= commits[2].at)
        // Another process that goes on from there asks no earlier, and for the page that was refused.
        let kept = try #require(told[0].state)
        #expect(kept.cursor == "b" && kept.notBefore == told[0].until)
        let early = try await Puller(transport: transport, clock: ManualClock(Self.start)).pull(
            source, from: kept, using: &generator, commit: { _ in })
        #expect(early.failure?.error == .notYet(told[0].until) && transport.requests.count == 4)
        #expect(transport.requests.map { query($0)["cursor"] } == [nil, "a", "b", "b"])
    }

    /// A feed of pages of many sizes, a bad fact now and then, and a commit that takes its time.
    @Test("pages that come while others are committed go together, and nothing else is another", arguments: 1...8)
    func together(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var (bodies, lines): ([[String]], Int) = ([], 0)
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            bodies.append(
                (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    lines += 1
                    return lines % 7 == 0 ? #"{"kind":"rating","store":"s","id":"\#(lines)","score":-1}"# : line(lines)
                })
        }
        let answers = bodies.enumerated().map { index, facts in
            page(facts, next: index == bodies.count - 1 ? nil : "c\(index)")
        }
        let source = try #require(FeedSource(id: "erp", url: "https://erp.example/facts", decoding: decoding))
        func pulled(together: Int, from state: PullState, stopAfter: Int, kept: Kept) async throws -> [PulledPages] {
            // Answers by cursor, so that a pull may begin in the middle.
            let transport = CannedTransport { request, _ in
                answers[query(request)["cursor"].flatMap { Int($0.dropFirst()) }.map { $0 + 1 } ?? 0]
            }
            var generator = SeededGenerator(seed: seed)
            var groups: [PulledPages] = []
            do {
                _ = try await Puller(transport: transport, clock: clock, together: together).pull(
                    source, from: state, using: &generator
                ) { pages in
                    if groups.count == stopAfter { throw Interruption() }
                    // A commit takes as long as it takes to ask for two more pages, where there are any.
                    let wanted = min(transport.requests.count + 2, bodies.count - pages.number + 1)
                    for _ in 0..<100 where together > 1 && transport.requests.count < wanted {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                    await kept.commit(pages)
                    groups.append(pages)
                }
            } catch is Interruption {}
            return groups
        }
        let (alone, grouped) = (Kept(), Kept())
        let one = try await pulled(together: 1, from: PullState(), stopAfter: .max, kept: alone)
        var groups = try await pulled(
            together: 100, from: PullState(), stopAfter: Int.random(in: 0...4, using: &random), kept: grouped)
        if groups.last?.finish == nil {
            groups += try await pulled(together: 100, from: await grouped.state, stopAfter: .max, kept: grouped)
        }
        #expect(groups.flatMap(\.facts) == one.flatMap(\.facts))
        #expect(groups.map(\.count).reduce(0, +) == bodies.count && one.allSatisfy { $0.count == 1 })
        #expect(groups.allSatisfy { $0.facts.count < 100 + 40 })
        #expect(groups.last?.number == bodies.count && groups.last?.finish == one.last?.finish)
        #expect(groups.last?.state == one.last?.state)
        #expect(await grouped.rejections == alone.rejections)
        // Where each bad fact stood among the good ones, over the whole pull.
        func places(_ groups: [PulledPages]) -> [Int] {
            var before = 0
            return groups.flatMap { pages in
                defer { before += pages.facts.count }
                return pages.rejections.map { before + $0.factsBefore }
            }
        }
        #expect(places(groups) == places(one))
        if bodies.count > 8 { #expect(groups.count < bodies.count, "some came together") }
    }
}
