import Facts
import HTTPTypes
import Pull
import Synchronization
import TestSupport
import Testing

@Suite("committing pulled pages")
struct PullerCommitTests {
    private let feed = PulledFeed()

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
        let puller = Puller(transport: transport, clock: feed.clock, together: 1)
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
        _ = try await Puller(transport: transport, clock: feed.clock, together: 1).pull(
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
        let puller = Puller(transport: transport, clock: feed.clock) { wait in waits.withLock { $0.append(wait) } }
        let outcome = try await puller.pull(
            source, from: PullState(), using: &generator
        ) { pages in
            // Until the page that fails was asked for.
            await transport.asked(times: 3)
            commits.append((pages.facts.map(\.id), feed.clock.now))
        }
        #expect(outcome.failure == nil)
        #expect(
            commits.map(\.ids) == [["1"], ["2"], ["3"]], "the second alone, and not with the one it would wait for")
        #expect(commits[2].at >= PulledFeed.start + .seconds(60), "the wait was kept")
        let told = waits.withLock { $0 }
        #expect(told.map(\.failure.words) == ["failed at page 3: the server answered 503 and asks to wait 60 s"])
        #expect(told[0].until >= PulledFeed.start + .seconds(60) && told[0].until <= commits[2].at)
        // Another process that goes on from there asks no earlier, and for the page that was refused.
        let kept = try #require(told[0].state)
        #expect(kept.cursor == "b" && kept.notBefore == told[0].until)
        let early = try await Puller(transport: transport, clock: ManualClock(PulledFeed.start)).pull(
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
                _ = try await Puller(transport: transport, clock: feed.clock, together: together).pull(
                    source, from: state, using: &generator
                ) { pages in
                    if groups.count == stopAfter { throw Interruption() }
                    // A commit takes as long as it takes to ask for two more pages, where there are any.
                    let last = min(pages.number + 2, bodies.count)
                    if together > 1 { await transport.asked(times: last - state.seen.count) }
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
