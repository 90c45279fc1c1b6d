import Curl
import Hummingbird
import TestSupport
import Testing

@Suite("Cancellation and end")
struct CancellationTests {
    @Test("a cancelled exchange ends at once, and the server sees its connection close")
    func midTransfer() async throws {
        let (begun, closed) = (Signal(), Signal())
        try await RawServer.running({ connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            begun.give()
            connection.waitForClose()
            closed.give()
        }) { server in
            try await withTransport { transport in
                let request = try request(server.port)
                let task = Task { try await failure(of: request, over: transport) }
                await begun.wait()
                task.cancel()
                #expect(try await task.value == .cancelled)
                await closed.wait()
            }
        }
    }

    @Test("an exchange cancelled while it waits its turn is never sent, and those behind it are")
    func waiting() async throws {
        let (begun, goOn) = (Signal(), Signal())
        try await withHummingbird { router in
            router.get("/first") { _, _ in
                begun.give()
                await goOn.wait()
                return "first"
            }
            router.get("/second") { _, _ -> String in
                Issue.record("the cancelled one was sent")
                return "second"
            }
            router.get("/third") { _, _ in "third" }
        } _: { port in
            let one = CurlConfiguration(proxy: .none, maxConcurrent: 1)
            try await withTransport(one) { transport in
                let requests = try ["/first", "/second", "/third"].map { try request(port, $0) }
                async let first = transport.send(requests[0])
                await begun.wait()
                let second = Task { try await failure(of: requests[1], over: transport) }
                second.cancel()
                #expect(try await second.value == .cancelled)
                async let third = transport.send(requests[2])
                goOn.give()
                #expect(try await first.body == Array("first".utf8))
                #expect(try await third.body == Array("third".utf8))
            }
        }
    }

    @Test("a task cancelled before it sends does not send")
    func before() async throws {
        try await RawServer.running({ $0.waitForClose() }) { server in
            try await withTransport { transport in
                let request = try request(server.port)
                let go = Signal()
                let task = Task {
                    await go.wait()
                    return try await failure(of: request, over: transport)
                }
                task.cancel()
                go.give()
                #expect(try await task.value == .cancelled)
            }
            #expect(server.connectionCount == 0)
        }
    }

    @Test("two hundred tasks cancelled at any moment all end, and the transport goes on")
    func anyMoment() async throws {
        try await withHummingbird { router in
            router.get("/page") { _, _ in String(repeating: "x", count: 50_000) }
        } _: { port in
            try await withTransport { transport in
                var random = SeededGenerator(seed: 7)
                let request = try request(port)
                let tasks = (0..<200).map { _ in
                    Task { () -> Bool in
                        do throws(TransportError) {
                            return try await transport.send(request).body.count == 50_000
                        } catch {
                            return error == .cancelled
                        }
                    }
                }
                for task in tasks.shuffled(using: &random).prefix(150) {
                    task.cancel()
                    await Task.yield()
                }
                for task in tasks { #expect(await task.value) }
                #expect(try await transport.send(request).status == .ok)
            }
        }
    }

    @Test("shutting down ends what is under way and what waits, closes connections, and refuses what comes later")
    func shutDown() async throws {
        let (begun, closed) = (Signal(), Signal())
        try await RawServer.running({ connection in
            _ = connection.readHead()
            begun.give()
            connection.waitForClose()
            closed.give()
        }) { server in
            let transport = CurlTransport(configuration: CurlConfiguration(proxy: .none, maxConcurrent: 1))
            let request = try request(server.port)
            let tasks = (0..<3).map { _ in Task { try await failure(of: request, over: transport) } }
            await begun.wait()
            await transport.shutDown()
            for task in tasks { #expect(try await task.value == .shutDown) }
            await closed.wait()
            #expect(try await failure(of: request, over: transport) == .shutDown)
            await transport.shutDown()
        }
    }

    @Test("a transport that nobody holds any more closes its connections")
    func dropped() async throws {
        let closed = Signal()
        try await RawServer.running({ connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            connection.waitForClose()
            closed.give()
        }) { server in
            _ = try await CurlTransport(configuration: direct).send(request(server.port))
            await closed.wait()
        }
    }
}
