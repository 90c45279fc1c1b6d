import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// A feed that serves given facts page by page: the plainest reading of the contract, shared with no code of ours.
package final class FeedServer: Sendable {
    private let lines: [String]
    private let pageSize: Int

    package init(lines: [String], pageSize: Int) { (self.lines, self.pageSize) = (lines, pageSize) }

    /// Serves while `body` runs; it is given the address.
    package func serving(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.get("facts") { [lines, pageSize] request, _ -> Response in
            let start = request.uri.queryParameters["cursor"].flatMap { Int($0) } ?? 0
            let end = min(lines.count, start + pageSize)
            let next = end < lines.count ? "\"\(end)\"" : "null"
            let page = "{\"facts\": [" + lines[start..<end].joined(separator: ",") + "], \"next\": \(next)}"
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: page)))
        }
        // What takes messages and nothing else.
        router.on("hook", method: .head) { _, _ in HTTPResponse.Status.methodNotAllowed }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        var application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                continuation.yield(channel.localAddress?.port ?? 0)
                continuation.finish()
            })
        application.logger.logLevel = .error
        try await withThrowingTaskGroup(of: Void.self) { [application] group in
            group.addTask { try await application.run() }
            for await port in ports { try await body("http://127.0.0.1:\(port)") }
            group.cancelAll()
        }
    }
}
