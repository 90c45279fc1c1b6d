import Curl
import Facts
import HTTPTypes
import Pull
import Simulation
import TestSupport
import Testing

/// The whole way: a marketplace on loopback, libcurl, pages, commits.
@Suite("pulling a marketplace over HTTP")
struct MarketplaceTests {
    private static let turn = LocalDay(year: 2026, month: 3, day: 1)
    /// 2026-03-04T04:00:00Z
    private static let moment = Timestamp(seconds: 1_772_596_800)

    private func marketplace(seed: UInt64 = 1, days: Int = 6, pageSize: Int = 40) -> MadeUpMarketplace {
        MadeUpMarketplace(
            seed: seed,
            stores: [
                MadeUpStore(id: "erp-\(seed)-a", story: .sliding, ordersPerDay: 8, turn: Self.turn),
                MadeUpStore(id: "erp-\(seed)-b", story: .healed, ordersPerDay: 8, turn: Self.turn),
                MadeUpStore(id: "erp-\(seed)-小店", story: .tiny, turn: Self.turn),
            ],
            days: Self.turn.advanced(by: 4 - days)..<Self.turn.advanced(by: 4), now: Self.moment, pageSize: pageSize)
    }

    /// What the marketplace tells now, read line by line.
    private func history(_ marketplace: MadeUpMarketplace) async -> Set<Fact> {
        var decoder = decoding.decoder()
        var facts: Set<Fact> = []
        for line in await marketplace.history {
            guard case .fact(let fact) = decoder.decode(line: line) else {
                Issue.record("the marketplace tells what is no fact: \(line)")
                continue
            }
            facts.insert(fact)
        }
        return facts
    }

    private func pull(
        _ url: String, _ transport: CurlTransport, _ clock: ManualClock, into kept: Kept, id: String = "erp",
        headers: Bool = false, limits: Limits = .standard,
        commit: ((PulledPages) async throws -> Void)? = nil
    ) async throws -> PullOutcome {
        let source = try #require(
            FeedSource(
                id: id, url: url, headers: headers ? [(.authorization, Secret("Bearer hush"))] : [], decoding: decoding,
                limits: limits))
        var generator = SeededGenerator(seed: 17)
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            source, from: await kept.state, using: &generator
        ) { page in
            if let commit { try await commit(page) } else { await kept.commit(page) }
        }
        await kept.keep(outcome.state)
        return outcome
    }

    private func serving<Result: Sendable>(
        _ marketplace: MadeUpMarketplace,
        _ body: @escaping @Sendable (String, CurlTransport, ManualClock) async throws -> Result
    ) async throws -> Result {
        try await marketplace.serving { url in
            let transport = CurlTransport()
            do {
                let result = try await body(url, transport, ManualClock(Self.moment))
                await transport.shutDown()
                return result
            } catch {
                await transport.shutDown()
                throw error
            }
        }
    }

    @Test("everything arrives, also what happens later, and nothing is asked for twice without need")
    func everything() async throws {
        let marketplace = marketplace()
        try await serving(marketplace) { (url, transport, clock) async throws in
            let kept = Kept()
            #expect(try await pull(url, transport, clock, into: kept).failure == nil)
            let first = await history(marketplace)
            #expect(first.count > 60)
            #expect(await kept.all == first)
            let asked = await marketplace.requests.count
            #expect(asked == (first.count + 39) / 40)

            for hours in [1, 9, 50, 400] as [Int64] {
                clock.advance(by: .hours(hours))
                await marketplace.advance(to: clock.now)
                #expect(try await pull(url, transport, clock, into: kept).failure == nil)
                #expect(await kept.all == history(marketplace))
            }
            let later = await marketplace.requests[asked...]
            #expect(later.allSatisfy { $0.query["updated_after"] != nil })
            #expect(await kept.rejections.isEmpty)
        }
    }

    @Test("nothing new is a 304 once the answer fits one page")
    func unchanged() async throws {
        let marketplace = marketplace(pageSize: 10_000)
        try await serving(marketplace) { (url, transport, clock) async throws in
            let kept = Kept()
            for _ in 0..<3 {
                #expect(try await pull(url, transport, clock, into: kept).failure == nil)
                clock.advance(by: .minutes(5))
            }
            #expect(await kept.pages.map(\.facts.isEmpty) == [false, true, true])
            #expect(await kept.pages.compactMap(\.finish).count == 3)
            #expect(await kept.all == history(marketplace))
        }
    }

    static let transient: [Fault] = [
        .hangUp, .status(500), .status(503), .throttle(seconds: 20), .unavailable(retryAfter: "10"), .cut, .half,
        .garbage,
        .otherJSON, .repeatPage, .reorder, .badFact, .slow,
    ]

    @Test("one fault on the way costs time, and no fact", arguments: transient)
    func oneFault(_ fault: Fault) async throws {
        let marketplace = marketplace()
        await marketplace.plan([nil, nil, fault])
        try await serving(marketplace) { (url, transport, clock) async throws in
            let kept = Kept()
            #expect(try await pull(url, transport, clock, into: kept).failure == nil)
            #expect(await kept.all == history(marketplace))
            let requests = await marketplace.requests
            #expect(requests[2].fault == fault)
            #expect(await kept.rejections.count == (fault == .badFact ? 1 : 0))
            switch fault {
            case .throttle, .unavailable: #expect(clock.now - Self.moment >= .seconds(10))
            // On a connection that served before, libcurl takes it for one that had grown too old and asks once more
            // itself.
            case .hangUp: #expect(requests[3].query == requests[2].query)
            case .repeatPage, .reorder, .badFact, .slow: #expect(clock.now == Self.moment)
            default: #expect(requests[3].query == requests[2].query && clock.now > Self.moment)
            }
        }
    }

    static let lasting: [Fault] = [
        .hangUp, .status(500), .status(401), .status(404), .throttle(seconds: 900), .half, .garbage, .otherJSON,
        .loopCursor,
    ]

    @Test("a fault that lasts ends the pull; the next one goes on, and no fact is missing", arguments: lasting)
    func lastingFault(_ fault: Fault) async throws {
        let marketplace = marketplace()
        await marketplace.plan([nil, nil] + Array(repeating: fault, count: fault == .hangUp ? 6 : 5))
        try await serving(marketplace) { (url, transport, clock) async throws in
            let kept = Kept()
            let failure = try #require(try await pull(url, transport, clock, into: kept).failure)
            #expect(failure.page == 3)
            #expect(await kept.all.count >= 80)
            #expect(await kept.pages.allSatisfy { $0.finish == nil }, "what failed covers nothing")
            if case .throttle = fault {
                #expect(failure.notBefore == Self.moment + .seconds(900))
                // Asked again too early, it is not asked at all: the wish is kept with the state.
                let asked = await marketplace.requests.count
                #expect(
                    try await pull(url, transport, clock, into: kept).failure?.error
                        == .notYet(Self.moment + .seconds(900)))
                #expect(await marketplace.requests.count == asked)
                clock.advance(by: .seconds(900))
            }
            var pulls = 1
            await marketplace.plan([])
            while let failure = try await pull(url, transport, clock, into: kept).failure, pulls < 10 {
                pulls += 1
                if let notBefore = failure.notBefore { clock.advance(by: notBefore - clock.now) }
            }
            #expect(await kept.all == history(marketplace))
            #expect(await kept.pages.last?.finish != nil)
        }
    }

    @Test("an answer that never comes is given up at its limit")
    func stall() async throws {
        let marketplace = marketplace()
        await marketplace.plan([nil, .stall])
        try await serving(marketplace) { (url, transport, clock) async throws in
            let kept = Kept()
            let limits = Limits(total: .milliseconds(400), stall: .milliseconds(400))
            #expect(try await pull(url, transport, clock, into: kept, limits: limits).failure == nil)
            #expect(await kept.all == history(marketplace))
            #expect(clock.sleeps.count == 1)
        }
    }

    @Test("a redirect to another server is not followed with headers, and headers do not travel without")
    func redirects() async throws {
        let target = marketplace(seed: 2)
        let marketplace = marketplace()
        try await serving(target) { (targetURL, _, _) async throws in
            await marketplace.plan([.redirect(targetURL), .redirect(targetURL)])
            try await serving(marketplace) { (url, transport, clock) async throws in
                let kept = Kept()
                let failure = try #require(try await pull(url, transport, clock, into: kept, headers: true).failure)
                #expect(failure.error == .transport(.redirectRefused(host: "127.0.0.1", fault: .otherOrigin)))
                #expect(await target.requests.isEmpty)
                #expect(try await pull(url, transport, clock, into: Kept()).failure == nil)
                #expect(await target.requests.count == 1)
            }
        }
    }

    @Test(
        "interrupted before or after any page, a later pull goes on and the facts are the same",
        arguments: [false, true])
    func interruptions(isCommitted: Bool) async throws {
        let marketplace = marketplace()
        let whole = await history(marketplace)
        let pages = (whole.count + 39) / 40
        #expect(pages >= 3)
        try await serving(marketplace) { (url, transport, clock) async throws in
            for stop in 1...pages {
                let kept = Kept()
                await #expect(throws: Interruption.self) {
                    _ = try await pull(url, transport, clock, into: kept) { page in
                        if isCommitted || page.number < stop { await kept.commit(page) }
                        if page.number == stop { throw Interruption() }
                    }
                }
                // The state goes through its text, as a ledger keeps it.
                await kept.keep(try #require(PullState(text: await kept.state.text)))
                let asked = await marketplace.requests.count
                #expect(try await pull(url, transport, clock, into: kept).failure == nil)
                #expect(await kept.all == whole, "stopped at page \(stop)")
                let again = await marketplace.requests[asked...]
                // After the last page was committed nothing is in progress, and the next pull asks from T.
                if isCommitted, stop == pages {
                    #expect(again.first?.query["updated_after"] != nil)
                } else {
                    // By what was asked: the page fetched ahead when the first pull broke off may be counted on either
                    // side.
                    #expect(
                        Set(again.map(\.query)).count == pages - stop + (isCommitted ? 0 : 1), "stopped at page \(stop)"
                    )
                }
            }
        }
    }

    @Test("feeds side by side do not wait for one another, and each gets its own")
    func sideBySide() async throws {
        let marketplaces = (1...4).map { marketplace(seed: UInt64($0)) }
        await marketplaces[0].plan([.stall, .stall, .stall, .stall, .stall])
        await marketplaces[1].plan(Array(repeating: .status(500), count: 3))
        let transport = CurlTransport()
        let limits = Limits(total: .milliseconds(300), stall: .milliseconds(300))
        try await withThrowingTaskGroup(of: (Int, Bool, Bool).self) { group in
            for (index, marketplace) in marketplaces.enumerated() {
                group.addTask {
                    try await marketplace.serving { url in
                        let kept = Kept()
                        let outcome = try await pull(
                            url, transport, ManualClock(Self.moment), into: kept, id: "feed-\(index)", limits: limits)
                        return (index, outcome.failure == nil, await kept.all == history(marketplace))
                    }
                }
            }
            for try await (index, isFinished, isWhole) in group {
                #expect(isFinished == (index != 0), "feed \(index)")
                #expect(isWhole == (index != 0), "feed \(index)")
            }
        }
        await transport.shutDown()
    }
}

@Suite("the listener")
struct ListenerTests {
    @Test("keeps what it was sent, with headers, and fails when told to")
    func keeps() async throws {
        let listener = Listener(secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        await listener.plan([.status(500), .throttle(seconds: 7), .hangUp, .hangUp, nil])
        try await listener.serving { (url) async throws in
            let transport = CurlTransport()
            func send() async -> Result<Reply, TransportError> {
                guard
                    let request = Request(
                        method: .post, url: url, headers: [.contentType: "application/json"],
                        body: Array(#"{"a":1}"#.utf8))
                else { return .failure(.unusableRequest(host: "")) }
                do throws(TransportError) { return .success(try await transport.send(request)) } catch {
                    return .failure(error)
                }
            }
            #expect(try await send().get().status.code == 500)
            let second = try await send().get()
            #expect(second.status.code == 429 && second.headers[.retryAfter] == "7")
            await #expect(throws: TransportError.self) { try await send().get() }
            #expect(try await send().get().status.code == 204)
            await listener.waitForDeliveries(5)
            await transport.shutDown()
        }
        let deliveries = await listener.deliveries
        // libcurl repeats by itself what was hung up on over a connection that had served before.
        #expect(deliveries.map(\.wasTaken) == [false, false, false, false, true])
        #expect(deliveries.allSatisfy { $0.text == #"{"a":1}"# && $0.method == "POST" && $0.path == "/hook" })
        #expect(deliveries[4].headers["content-type"] == "application/json")
        #expect(deliveries[4].signature == .headerMissing("webhook-id"))
    }
}
