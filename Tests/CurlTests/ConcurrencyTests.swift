import Curl
import Hummingbird
import TestSupport
import Testing

/// Lets nobody pass until so many are there, and counts who is inside.
private actor Barrier {
    private let size: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var inside = 0
    private(set) var most = 0

    init(_ size: Int) { self.size = size }

    func pass() async {
        inside += 1
        most = max(most, inside)
        if waiting.count + 1 == size {
            for one in waiting { one.resume() }
            waiting = []
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
        inside -= 1
    }
}

@Suite("Many at once")
struct ConcurrencyTests {
    @Test("200 requests at once are all answered, each with its own, no more than 20 under way")
    func twoHundred() async throws {
        let barrier = Barrier(20)
        try await withHummingbird { router in
            router.get("/number/:n") { _, context in
                await barrier.pass()
                return try context.parameters.require("n") + " " + String(repeating: "x", count: 100_000)
            }
        } _: { port in
            let configuration = CurlConfiguration(proxy: .none, maxConcurrent: 20, maxConnectionsPerHost: 20)
            let numbers = try await withTransport(configuration) { transport in
                try await withThrowingTaskGroup(of: Int?.self) { group in
                    for number in 0..<200 {
                        let request = try request(port, "/number/\(number)")
                        group.addTask {
                            let reply = try await transport.send(request)
                            guard reply.body.count > 100_000 else { return nil }
                            return Int(String(decoding: reply.body.prefix { $0 != 0x20 }, as: UTF8.self))
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(numbers.compactMap(\.self).sorted() == Array(0..<200))
        }
        #expect(await barrier.most == 20)
    }

    @Test("one host may not take all turns: its own limit holds it back")
    func perHost() async throws {
        let barrier = Barrier(3)
        try await withHummingbird { router in
            router.get("/page") { _, _ in
                await barrier.pass()
                return "ok"
            }
        } _: { port in
            let configuration = CurlConfiguration(proxy: .none, maxConcurrent: 20, maxConnectionsPerHost: 3)
            try await withTransport(configuration) { transport in
                try await withThrowingTaskGroup { group in
                    for _ in 0..<30 {
                        let request = try request(port)
                        group.addTask { _ = try await transport.send(request) }
                    }
                    try await group.waitForAll()
                }
            }
        }
        #expect(await barrier.most == 3)
    }
}
