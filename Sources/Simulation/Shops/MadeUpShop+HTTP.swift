import HTTPTypes
import Hummingbird

/// The shop's HTTP face.
extension MadeUpShop {
    /// Serves on 127.0.0.1 while `body` runs, which is given the shop's address.
    package nonisolated func serving<Result: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        try await LoopbackServer.serving(respond: { try await self.respond(to: $0, $1) }) { port in
            try await body("http://127.0.0.1:\(port)")
        }
    }

    private nonisolated func respond(to request: Request, _ context: LoopbackContext) async throws -> Response {
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        let url = "http://\(request.head.authority ?? "")\(request.uri.path)"
        switch await answer(request.method.rawValue, url, path: request.uri.path, query) {
        case .json(let text): return Self.reply(.ok, text)
        case .refused(let status, let code):
            return Self.reply(.init(code: status), #"{"code":"\#(code)","message":"…","data":{"status":\#(status)}}"#)
        case .trouble(.throttled):
            var reply = Self.reply(.tooManyRequests, "{}")
            reply.headers[.retryAfter] = "1"
            return reply
        case .trouble(.failing): return Self.reply(.internalServerError, "<html>")
        case .trouble(.cutOff):
            context.hangUp()
            throw LoopbackFailure.hungUp
        }
    }

    private static func reply(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
