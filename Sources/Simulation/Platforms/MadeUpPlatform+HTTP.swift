import HTTPTypes
import Hummingbird
import NIOCore

/// The platform's HTTP face.
extension MadeUpPlatform {
    /// Serves on 127.0.0.1 while `body` runs, which is given the platform's address.
    package nonisolated func serving<Result: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        try await LoopbackServer.serving(respond: { try await self.respond(to: $0, $1) }) { port in
            try await body("http://127.0.0.1:\(port)")
        }
    }

    private nonisolated func respond(to request: Request, _ context: LoopbackContext) async throws -> Response {
        var bytes = try await request.body.collect(upTo: 1 << 20)
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let call = PlatformCall(
            method: request.method.rawValue, path: request.uri.path,
            query: request.uri.queryParameters.map { (String($0.key), String($0.value)) }, headers: headers,
            body: bytes.readBytes(length: bytes.readableBytes) ?? [],
            origin: "http://\(request.head.authority ?? "")")
        switch await answer(call) {
        case .reply(let reply): return Self.response(reply)
        case .hangUp:
            context.hangUp()
            throw LoopbackFailure.hungUp
        case .cut(let reply):
            let (buffer, length) = (ByteBuffer(string: reply.body), reply.body.utf8.count)
            let half = buffer.getSlice(at: 0, length: length / 2) ?? buffer
            return Response(
                status: .init(code: reply.status), headers: [.contentType: "application/json"],
                body: ResponseBody(contentLength: length) { writer in
                    try await writer.write(half)
                    context.hangUp()
                    throw LoopbackFailure.hungUp
                })
        }
    }

    private static func response(_ reply: PlatformReply) -> Response {
        var fields: HTTPFields = [.contentType: "application/json"]
        for header in reply.headers {
            if let name = HTTPField.Name(header.name) { fields[name] = header.value }
        }
        return Response(
            status: .init(code: reply.status), headers: fields,
            body: ResponseBody(byteBuffer: reply.packed.map { ByteBuffer(bytes: $0) } ?? ByteBuffer(string: reply.body))
        )
    }
}
