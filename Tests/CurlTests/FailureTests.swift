import Curl
import Foundation
import HTTPTypes
import TestSupport
import Testing

private let host = "127.0.0.1"

/// A frame of zstd that unpacks to so many bytes, written by hand: blocks of 128 KiB that repeat one byte.
private func zstdBomb(_ size: Int) -> [UInt8] {
    // Magic number; no flags; a window of 128 KiB.
    var bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]
    let blocks = size >> 17
    for block in 1...blocks {
        // Size, type 1 (repeat), and whether it is the last, in three bytes; then the byte itself.
        let head = (1 << 17) << 3 | 1 << 1 | (block == blocks ? 1 : 0)
        bytes += [UInt8(head & 0xFF), UInt8(head >> 8 & 0xFF), UInt8(head >> 16), 0x30]
    }
    return bytes
}

private func limits(total: Duration = .seconds(40), connect: Duration = .seconds(20), stall: Duration = .seconds(30))
    -> Limits
{
    Limits(connect: connect, total: total, stall: stall)
}

@Suite("Failures")
struct FailureTests {
    // MARK: Time

    @Test("a server that never answers meets the total limit")
    func slowHead() async throws {
        let error = try await failure(limits(total: .milliseconds(300))) { connection in
            _ = connection.readHead()
            connection.waitForClose()
        }
        guard case .timedOut(host, .total, let after) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(after >= .milliseconds(290) && after < .seconds(10))
    }

    @Test("a server that stops in the middle meets the stall limit, long before the total one")
    func stallInBody() async throws {
        let error = try await failure(limits(stall: .milliseconds(200))) { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            connection.waitForClose()
        }
        guard case .timedOut(host, .stall, let after) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(after >= .milliseconds(200) && after < .seconds(20))
    }

    @Test("a server that accepts and then says nothing of TLS meets the connect limit")
    func slowHandshake() async throws {
        try await RawServer.running({ $0.waitForClose() }) { server in
            try await withTransport { transport in
                let error = try await failure(
                    of: request(server.port, scheme: "https", limits: limits(connect: .milliseconds(200))),
                    over: transport)
                guard case .timedOut("\(host):\(server.port)", .connect, let after) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(after >= .milliseconds(200) && after < .seconds(20))
            }
        }
    }

    // MARK: No connection

    @Test("a port where nobody listens")
    func refused() async throws {
        let port = try RawServer.freePort()
        try await withTransport { transport in
            let error = try await failure(of: request(port), over: transport)
            #expect(error == .couldNotConnect(host: "\(host):\(port)"))
            // Of several servers on one host, which.
            #expect("\(error)".contains("could not connect to \(host):\(port): "))
        }
    }

    @Test("a name that cannot exist")
    func unresolvable() async throws {
        try await withTransport { transport in
            let error = try await failure(of: request(80, host: "name.invalid"), over: transport)
            #expect(error == .couldNotResolve(host: "name.invalid"))
        }
    }

    // MARK: Broken answers

    @Test(
        "a connection that ends too early",
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
            // A chunk whose length is no number: its end cannot be found.
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabcde\r\n0\r\n\r\n",
        ])
    func cutOff(answer: String) async throws {
        let error = try await failure { connection in
            _ = connection.readHead()
            connection.write(answer)
        }
        #expect(error == .cutOff(host: host))
    }

    @Test("a connection that is reset")
    func reset() async throws {
        let error = try await failure { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            connection.reset()
        }
        #expect(error == .cutOff(host: host))
    }

    @Test(
        "an answer that is not HTTP, or broken inside",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\nthis is not gzipped!",
            "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 20\r\n\r\nthis is not zstd now",
            "HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 2\r\n\r\nok",
        ])
    func malformed(answer: String) async throws {
        let error = try await failure { connection in
            _ = connection.readHead()
            connection.write(answer)
        }
        #expect(error == .malformed(host: host), "\(answer.debugDescription)")
    }

    // MARK: Too large

    @Test("a body of exactly the limit is accepted", arguments: ["Content-Length: 1000\r\n", ""])
    func exactlyTheLimit(field: String) async throws {
        try await RawServer.running({ connection in
            _ = connection.readHead()
            connection.write(
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\(field)\r\n" + String(repeating: "x", count: 1000))
        }) { server in
            try await withTransport { transport in
                let reply = try await transport.send(request(server.port, limits: .patient(body: 1000)))
                #expect(reply.body.count == 1000)
                let error = try await failure(of: request(server.port, limits: .patient(body: 999)), over: transport)
                #expect(error == .tooLarge(host: host, part: .body, limit: 999))
            }
        }
    }

    @Test("an announced size is refused before the body comes")
    func announced() async throws {
        let error = try await failure(.patient(body: 1 << 20)) { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n")
            connection.waitForClose()
        }
        #expect(error == .tooLarge(host: host, part: .body, limit: 1 << 20))
    }

    @Test("a body without end is refused at the limit")
    func endless() async throws {
        let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
        let error = try await failure(.patient(body: 1 << 20)) { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while connection.write(chunk) {}
        }
        #expect(error == .tooLarge(host: host, part: .body, limit: 1 << 20))
    }

    @Test("a head without end is refused", arguments: ["X: y\r\n", "X: \(String(repeating: "y", count: 9000))\r\n"])
    func endlessHead(line: String) async throws {
        let error = try await failure { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write(line) {}
        }
        #expect(error == .tooLarge(host: host, part: .head, limit: 64 << 10))
    }

    @Test("a small body that unpacks to a huge one is refused at the limit", arguments: ["zstd", "gzip"])
    func bomb(encoding: String) async throws {
        let size = 64 << 20
        var packed = zstdBomb(size)
        if encoding == "gzip" {
            guard let gzip = Tool("gzip") else {
                Issue.record("not run for lack of the program gzip", severity: .warning)
                return
            }
            packed = try await gzip.run(["-c"], input: [UInt8](repeating: 0x30, count: size))
        }
        let bytes = packed
        let answer: RawServer.Script = { connection in
            while connection.readHead() != nil {
                let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(bytes.count)\r\n\r\n"
                connection.write(Array(head.utf8) + bytes)
            }
        }
        #expect(bytes.count < 100_000)
        let error = try await failure(.patient(body: 1 << 20), script: answer)
        #expect(error == .tooLarge(host: host, part: .body, limit: 1 << 20))
        // The same bytes are a fine reply to whoever has room for them.
        try await RawServer.running(answer) { server in
            let reply = try await withTransport {
                try await $0.send(request(server.port, limits: .patient(body: size)))
            }
            #expect(reply.body.count == size)
        }
    }

    // MARK: What cannot be sent

    @Test("a head changed into nonsense is refused, and its error keeps the secrets")
    func unusable() async throws {
        try await withTransport { transport in
            var userInside = try request(1)
            userInside.head.authority = "user:s3cr3t@127.0.0.1:1"
            var noScheme = try request(1)
            noScheme.head.scheme = "file"
            for request in [userInside, noScheme] {
                guard case .unusableRequest = try await failure(of: request, over: transport) else {
                    Issue.record("sent")
                    return
                }
            }
        }
    }

    @Test("errors with a body in the request keep it to themselves")
    func bodyIsKept() async throws {
        let error = try await failure(method: .post, body: secretBody) { connection in _ = connection.readHead() }
        #expect(error == .cutOff(host: host))
    }
}
