import Curl
import Foundation
import HTTPTypes
import TestSupport
import Testing

/// Answers each request with what it was: its head, and its body if the head tells a length.
private let echo: RawServer.Script = { connection in
    while let head = connection.readHead() {
        let lines = head.lowercased().split(separator: "\r\n")
        let length = lines.first { $0.hasPrefix("content-length:") }.flatMap { Int($0.dropFirst(15).trimmed) } ?? 0
        let answer = head + String(decoding: connection.readBody(length), as: UTF8.self)
        let sent = head.hasPrefix("HEAD") ? "" : answer
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(answer.utf8.count)\r\n\r\n\(sent)")
    }
}

extension Substring {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}

private func echoed(
    _ method: HTTPRequest.Method, body: String? = nil, headers: HTTPFields = [:]
) async throws -> (head: [String], body: String) {
    try await RawServer.running(echo) { server in
        try await withTransport { transport in
            let reply = try await transport.send(
                request(server.port, "/a/../b%20c", method: method, headers: headers, body: body))
            let parts = String(decoding: reply.body, as: UTF8.self).components(separatedBy: "\r\n\r\n")
            return (parts[0].components(separatedBy: "\r\n"), parts.dropFirst().joined(separator: "\r\n\r\n"))
        }
    }
}

@Suite("Replies")
struct ReplyTests {
    @Test("status, fields in order with repeated ones, body and version arrive")
    func whole() async throws {
        let reply = try await reply(
            answer: "HTTP/1.1 404 Not Here\r\nSet-Cookie: a=1\r\nX-Empty:\r\nset-cookie:b=2 \r\n"
                + "Content-Length: 5\r\n\r\nnope\n")
        #expect(reply.status.code == 404)
        #expect(reply.headers[values: .setCookie] == ["a=1", "b=2"])
        #expect(reply.headers[.init("X-Empty")!] == "")  // proof: a token
        #expect(reply.headers.map(\.name.canonicalName) == ["set-cookie", "x-empty", "set-cookie", "content-length"])
        #expect(String(decoding: reply.body, as: UTF8.self) == "nope\n")
        #expect(reply.version == .http11)
        #expect(reply.elapsed > .zero)
    }

    /// The clock shows Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110's own example.
    @Test(
        "Retry-After is seconds or a date in any of HTTP's three forms",
        arguments: [
            ("120", 120), ("0", 0), ("9999999999", 3_155_760_000), ("99999999999999999999", nil),
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
            ("Sun Nov  6 08:50:37 1994", 60), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 3_155_760_000),
            ("soon", nil), ("", nil), ("1.5", nil), ("-3", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
        ] as [(String, Int64?)])
    func retryAfter(_ text: String, _ seconds: Int64?) {
        let reply = Reply(status: .ok, headers: [.retryAfter: text])
        #expect(reply.retryAfter(now: 784_111_777) == seconds)
        #expect(Reply(status: .ok).retryAfter(now: 784_111_777) == nil)
    }

    @Test("the other side's clock is read from its Date")
    func date() {
        #expect(Reply(status: .ok, headers: [.date: "Sun, 06 Nov 1994 08:49:37 GMT"]).date == 784_111_777)
        #expect(Reply(status: .ok, headers: [.date: "now"]).date == nil)
        #expect(Reply(status: .ok).date == nil)
    }

    @Test("an interim head is passed over, and trailers are not fields of the reply")
    func interimAndTrailers() async throws {
        let reply = try await reply(
            answer: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Own: 1\r\n\r\n"
                + "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 2\r\n\r\n")
        #expect(reply.status == .ok)
        #expect(String(decoding: reply.body, as: UTF8.self) == "abcde")
        #expect(reply.headers.map(\.name.canonicalName) == ["transfer-encoding", "x-own"])
    }

    @Test("a reply without body is complete", arguments: [(204, ""), (304, ""), (200, "Content-Length: 0\r\n")])
    func empty(status: Int, field: String) async throws {
        let reply = try await reply(answer: "HTTP/1.1 \(status) X\r\n\(field)\r\n")
        #expect(reply.status.code == status)
        #expect(reply.body.isEmpty)
    }

    @Test("the reply to HEAD has fields and no body, however long the body would be")
    func head() async throws {
        let reply = try await reply(
            to: .head, answer: "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", limits: .patient(body: 10))
        #expect(reply.headers[.contentLength] == "99999")
        #expect(reply.body.isEmpty)
    }

    @Test(
        "a body is sent as it is, with its length and nothing invented",
        arguments: [HTTPRequest.Method.post, .put, .patch, .delete])
    func sendsBody(method: HTTPRequest.Method) async throws {
        let (head, body) = try await echoed(method, body: "{\"\u{e9}\":1}\r\n\u{0}x")
        #expect(body == "{\"\u{e9}\":1}\r\n\u{0}x")
        #expect(head[0] == "\(method) /a/../b%20c?token=\(secretToken) HTTP/1.1")
        let names = Set(head.dropFirst().map { $0.prefix { $0 != ":" }.lowercased() })
        #expect(
            names == ["host", "user-agent", "accept", "accept-encoding", "authorization", "content-length"])
        #expect(head.contains("Content-Length: 12"))
    }

    @Test("without body GET and DELETE tell no length, POST and PUT tell zero")
    func sendsNoBody() async throws {
        for (method, told) in [(HTTPRequest.Method.get, false), (.delete, false), (.post, true), (.put, true)] {
            let (head, body) = try await echoed(method)
            #expect(body.isEmpty)
            #expect(head.contains("Content-Length: 0") == told, "\(method)")
            #expect(!head.contains { $0.lowercased().hasPrefix("content-type") }, "\(method)")
        }
    }

    @Test("fields are sent as given, repeated and empty ones too; those of the connection are left out")
    func sendsFields() async throws {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .accept, value: "application/json"))
        fields.append(HTTPField(name: .contentType, value: "text/plain"))
        fields.append(HTTPField(name: try #require(HTTPField.Name("X-Many")), value: "1"))
        fields.append(HTTPField(name: try #require(HTTPField.Name("X-Many")), value: "2"))
        fields.append(HTTPField(name: try #require(HTTPField.Name("X-None")), value: ""))
        fields.append(HTTPField(name: .userAgent, value: "mine"))
        fields.append(HTTPField(name: .contentLength, value: "777"))
        fields.append(HTTPField(name: try #require(HTTPField.Name("Host")), value: "elsewhere"))
        let (head, body) = try await echoed(.post, body: "abc", headers: fields)
        #expect(body == "abc")
        #expect(head.filter { $0.hasPrefix("X-Many") } == ["X-Many: 1", "X-Many: 2"])
        #expect(head.contains("X-None:"))
        #expect(head.contains("Accept: application/json"))
        #expect(head.contains("Content-Type: text/plain"))
        #expect(head.contains("User-Agent: mine"))
        #expect(head.filter { $0.lowercased().hasPrefix("host") }.allSatisfy { $0.contains("127.0.0.1") })
        #expect(head.contains("Content-Length: 3"))
        #expect(head.contains("Authorization: \(secretHeader)"))
    }

    @Test("a large body goes out whole")
    func sendsLargeBody() async throws {
        let text = String(repeating: "0123456789abcdef", count: 200_000)
        let (_, body) = try await echoed(.post, body: text)
        #expect(body == text)
    }

    @Test("compressed bodies arrive decoded", arguments: ["gzip", "zstd", "deflate"])
    func decodes(encoding: String) async throws {
        let text = (0..<5000).map { "line \($0) \u{8ba2}\u{5355}\n" }.joined()
        let tool = encoding == "deflate" ? "gzip" : encoding
        guard let tool = Tool(tool) else {
            Issue.record("not run for lack of the program \(tool)", severity: .warning)
            return
        }
        var bytes = try await tool.run(["-c"], input: Array(text.utf8))
        // What gzip wraps is a deflate stream: ten bytes of head, eight of tail.
        if encoding == "deflate" { bytes = Array(bytes.dropFirst(10).dropLast(8)) }
        let encoded = bytes
        try await RawServer.running({ connection in
            guard let head = connection.readHead() else { return }
            guard head.lowercased().contains(encoding) else { return }
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(encoded.count)\r\n\r\n")
            connection.write(encoded)
        }) { server in
            let reply = try await withTransport { try await $0.send(request(server.port)) }
            #expect(encoded.count < text.utf8.count / 2)
            #expect(String(decoding: reply.body, as: UTF8.self) == text)
        }
    }

    @Test("fifty requests one after the other use one connection")
    func reuse() async throws {
        try await RawServer.running(echo) { server in
            try await withTransport { transport in
                for _ in 0..<50 { _ = try await transport.send(request(server.port)) }
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("a server that closes after each reply is asked again over a new connection")
    func closedBetween() async throws {
        try await RawServer.running({ connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }) { server in
            try await withTransport { transport in
                for _ in 0..<20 {
                    let reply = try await transport.send(request(server.port))
                    #expect(reply.body == Array("ok".utf8))
                }
            }
            #expect(server.connectionCount == 20)
        }
    }
}
