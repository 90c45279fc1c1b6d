import Hummingbird
import Logging
import NIOCore
import Testing

/// A proper server on a free port of loopback, for the duration of a test.
func withHummingbird<Result: Sendable>(
    _ build: (Router<BasicRequestContext>) -> Void, isolation: isolated (any Actor)? = #isolation,
    _ body: (Int) async throws -> Result
) async throws -> Result {
    let router = Router()
    build(router)
    let (ports, source) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "test server")
    logger.logLevel = .critical
    let app = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in source.yield(channel.localAddress?.port ?? 0) }, logger: logger)
    let server = Task { try await app.run() }
    defer { server.cancel() }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next(isolation: isolation))
    return try await body(port)
}
