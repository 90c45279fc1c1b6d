import Curl
import HTTPTypes
import Synchronization
import TestSupport
import Testing

private let host = "127.0.0.1"

/// Redirects `/page` to the target; answers anything else with the head it got.
private func redirecting(_ status: Int, to target: String) -> RawServer.Script {
    { connection in
        while let head = connection.readHead() {
            if head.contains("Content-Length: 3\r\n") { _ = connection.readBody(3) }
            if head.contains(" /page") {
                connection.write("HTTP/1.1 \(status) X\r\nLocation: \(target)\r\nContent-Length: 4\r\n\r\ngone")
            } else {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(head.utf8.count)\r\n\r\n\(head)")
            }
        }
    }
}

private func outcome(
    _ redirects: Limits.Redirects, status: Int = 302, to target: String, method: HTTPRequest.Method = .get,
    body: String? = nil
) async throws -> Result<Reply, TransportError> {
    try await RawServer.running(redirecting(status, to: target)) { server in
        try await withTransport { transport in
            let request = try request(server.port, method: method, body: body, limits: .following(redirects))
            do throws(TransportError) {
                return .success(try await transport.send(request))
            } catch {
                #expect(!"\(error)".contains("s3cr3t"))
                return .failure(error)
            }
        }
    }
}

private func refusal(_ fault: TransportError.RedirectFault) -> TransportError {
    .redirectRefused(host: host, fault: fault)
}

@Suite("Redirects")
struct RedirectTests {
    @Test("unless the request says so, a redirect is a reply")
    func notFollowed() async throws {
        let reply = try await outcome(.none, to: "/next").get()
        #expect(reply.status.code == 302)
        #expect(reply.headers[.location] == "/next")
        #expect(reply.body == Array("gone".utf8))
    }

    @Test("within the origin the request follows with its fields", arguments: [301, 302, 303, 307, 308])
    func sameOrigin(status: Int) async throws {
        let reply = try await outcome(.sameOrigin, status: status, to: "/next?x=1#part").get()
        let text = String(decoding: reply.body, as: UTF8.self)
        #expect(reply.status == .ok)
        #expect(text.hasPrefix("GET /next?x=1 HTTP/1.1\r\n"))
        #expect(text.contains("Authorization: \(secretHeader)\r\n"))
    }

    @Test("a POST is repeated after 307 and 308, and becomes a GET without body after the others")
    func methods() async throws {
        for (status, method) in [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")] {
            let reply = try await outcome(.sameOrigin, status: status, to: "/next", method: .post, body: "abc").get()
            let text = String(decoding: reply.body, as: UTF8.self)
            #expect(text.hasPrefix("\(method) /next"), "\(status)")
            #expect(text.contains("Content-Length: 3") == (method == "POST"), "\(status)")
        }
    }

    @Test(
        "another scheme, host or port is refused, and what is no http address",
        arguments: [
            ("http://localhost:1/next", TransportError.RedirectFault.otherOrigin),
            ("http://127.0.0.1:1/next", .otherOrigin), ("https://127.0.0.1/next", .otherOrigin),
            ("//127.0.0.2/next", .otherOrigin), ("file:///etc/passwd", .notHTTP), ("ftp://127.0.0.1/x", .notHTTP),
            ("gopher://127.0.0.1/x", .notHTTP), ("http://user:word@127.0.0.1/x", .notHTTP),
        ])
    func refused(target: String, fault: TransportError.RedirectFault) async throws {
        let outcome = try await outcome(.sameOrigin, to: target)
        #expect(throws: refusal(fault)) { try outcome.get() }
    }

    @Test("files stay closed even when every host is allowed", arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x"])
    func onlyHTTP(target: String) async throws {
        let outcome = try await outcome(.any(max: 3), to: target)
        #expect(throws: refusal(.notHTTP)) { try outcome.get() }
    }

    @Test(
        "a redirect to itself ends",
        arguments: [(Limits.Redirects.sameOrigin, 5), (.any(max: 3), 3), (.any(max: 0), 0)])
    func loop(redirects: Limits.Redirects, most: Int) async throws {
        let outcome = try await outcome(redirects, to: "/page")
        #expect(throws: refusal(.tooMany(most))) { try outcome.get() }
    }

    @Test("another server gets neither secrets nor body")
    func otherServer() async throws {
        let echo: RawServer.Script = { connection in
            while let head = connection.readHead() {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(head.utf8.count)\r\n\r\n\(head)")
            }
        }
        try await RawServer.running(echo) { other in
            let target = "http://127.0.0.1:\(other.port)/next"
            let reply = try await outcome(.any(max: 3), to: target).get()
            let text = String(decoding: reply.body, as: UTF8.self)
            #expect(text.hasPrefix("GET /next HTTP/1.1\r\n"))
            #expect(!text.contains("s3cr3t"))
            let refused = try await outcome(.any(max: 3), status: 307, to: target, method: .post, body: "abc")
            #expect(throws: refusal(.bodyToOtherOrigin)) { try refused.get() }
        }
    }

    @Test("redirects do not extend the total limit")
    func totalHolds() async throws {
        try await RawServer.running({ connection in
            guard connection.readHead() != nil else { return }
            connection.write("HTTP/1.1 302 X\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")
            _ = connection.readHead()
            connection.waitForClose()
        }) { server in
            try await withTransport { transport in
                var limits = Limits.following(.sameOrigin)
                limits.total = .milliseconds(300)
                let error = try await failure(of: request(server.port, limits: limits), over: transport)
                guard case .timedOut(host, .total, _) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }
}
