import Facts
import HTTPTypes
import Hummingbird

/// The marketplace's HTTP face.
extension MadeUpMarketplace {
    /// Serves on 127.0.0.1 until the task is canceled or the process is asked to end.
    /// - Parameter started: called once with the address of the feed.
    package nonisolated func serve(port: Int = 0, started: @escaping @Sendable (String) async -> Void) async throws {
        try await LoopbackServer.serve(
            port: port, started: { await started(MadeUpMarketplace.address($0)) },
            respond: { try await self.respond(to: $0, $1) })
    }

    /// Serves while `body` runs, which is given the address of the feed.
    package nonisolated func serving<Result: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        try await LoopbackServer.serving(respond: { try await self.respond(to: $0, $1) }) { port in
            do {
                let result = try await body(MadeUpMarketplace.address(port))
                await self.gate.releaseAll()
                return result
            } catch {
                await self.gate.releaseAll()
                throw error
            }
        }
    }

    private static func address(_ port: Int) -> String { "http://127.0.0.1:\(port)/facts" }

    private nonisolated func respond(to request: Request, _ context: LoopbackContext) async throws -> Response {
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let fault = await note(path: request.uri.path, query: query, headers: headers)
        if let refusal = try await refusal(for: fault, context) { return refusal }

        guard let after = MadeUpMarketplace.moment(query["updated_after"]) else {
            return Answer.problem(.badRequest, "updated_after is not a time with an offset")
        }
        guard var page = await page(updatedAfter: after, cursor: query["cursor"]) else {
            return Answer.problem(.badRequest, "cursor is none of ours")
        }
        let tag = await tag
        if query["cursor"] == nil, headers["if-none-match"] == tag {
            return Response(status: .notModified, headers: [.eTag: tag])
        }
        switch fault {
        case .repeatPage: page = await repeating(page)
        case .reorder: page.facts.reverse()
        case .loopCursor: page.next = query["cursor"] ?? page.next
        case .badFact:
            page.facts.insert(#"{"kind":"refund","store":"s","id":"bad","amount":"-1"}"#, at: page.facts.count / 2)
        default: break
        }
        await remember(page)
        return Answer.page(page, tag: tag, fault)
    }

    /// nil inside: no such parameter. nil outside: not a time.
    private static func moment(_ text: String?) -> Timestamp?? {
        guard let text else { return .some(nil) }
        guard let moment = RFC3339Reading.moment(text) else { return nil }
        return .some(moment)
    }

    private nonisolated func refusal(for fault: Fault?, _ context: LoopbackContext) async throws -> Response? {
        if fault == .stall { await gate.wait() }
        return try Answer.refusal(for: fault, context)
    }
}

/// Answers that any simulation may be told to give.
enum Answer {
    static func problem(_ status: HTTPResponse.Status, _ words: String) -> Response {
        Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: words)))
    }

    /// The answer of a fault that leaves nothing of the request's own; nil for all others.
    static func refusal(for fault: Fault?, _ context: LoopbackContext) throws -> Response? {
        switch fault {
        case .hangUp, .stall:
            context.hangUp()
            throw LoopbackFailure.hungUp
        case .status(let code):
            return Response(status: .init(code: code))
        case .throttle(let seconds):
            return Response(status: .tooManyRequests, headers: [.retryAfter: String(seconds)])
        case .unavailable(let retryAfter):
            return Response(status: .serviceUnavailable, headers: [.retryAfter: retryAfter])
        case .redirect(let address):
            return Response(status: .found, headers: [.location: address])
        case .garbage:
            return Response(
                status: .ok, headers: [.contentType: "text/html"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "<html><body>Please sign in</body></html>")))
        case .otherJSON:
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"error":"busy"}"#)))
        default:
            return nil
        }
    }

    static func page(_ page: MadeUpMarketplace.FeedPage, tag: String, _ fault: Fault?) -> Response {
        let next = page.next.map { "\"\($0)\"" } ?? "null"
        let text = "{\"facts\":[" + page.facts.joined(separator: ",\n") + "],\"next\":\(next)}"
        let headers: HTTPFields = [.contentType: "application/json", .eTag: tag]
        let bytes = Array(text.utf8)
        switch fault {
        case .half:
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes.prefix(bytes.count / 2))))
        case .cut:
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody(contentLength: bytes.count) { writer in
                    try await writer.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
                    throw LoopbackFailure.hungUp
                })
        case .slow:
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody(contentLength: bytes.count) { writer in
                    let piece = max(1, bytes.count / 64)
                    for start in stride(from: 0, to: bytes.count, by: piece) {
                        try await writer.write(ByteBuffer(bytes: bytes[start..<min(bytes.count, start + piece)]))
                        await Task.yield()
                    }
                    try await writer.finish(nil)
                })
        default:
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}
