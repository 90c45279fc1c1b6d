import Curl
import HTTPTypes
import TestSupport
import Testing

/// In every request of these tests: no error may repeat it.
let secretToken = "s3cr3t-query-token"
let secretHeader = "Bearer s3cr3t-header"
let secretBody = "s3cr3t-body"

let direct = CurlConfiguration(proxy: .none)

/// A transport that is shut down after the test.
func withTransport<Result>(
    _ configuration: CurlConfiguration = direct, isolation: isolated (any Actor)? = #isolation,
    _ body: (CurlTransport) async throws -> Result
) async throws -> Result {
    let transport = CurlTransport(configuration: configuration)
    do {
        let result = try await body(transport)
        await transport.shutDown()
        return result
    } catch {
        await transport.shutDown()
        throw error
    }
}

/// A request to loopback that carries the secrets.
func request(
    _ port: Int, _ path: String = "/page", method: HTTPRequest.Method = .get, scheme: String = "http",
    host: String = "127.0.0.1", headers: HTTPFields = [:], body: String? = nil, limits: Limits = .patient
) throws -> Request {
    var headers = headers
    headers[.authorization] = secretHeader
    return try #require(
        Request(
            method: method, url: "\(scheme)://\(host):\(port)\(path)?token=\(secretToken)", headers: headers,
            body: body.map { Array($0.utf8) }, limits: limits))
}

extension Limits {
    /// Enough for a busy machine; a test that hangs fails by it.
    static let patient = Limits(connect: .seconds(20), total: .seconds(40), stall: .seconds(30))

    static func patient(body: Int) -> Limits { patient.with(body: body) }

    static func following(_ redirects: Redirects) -> Limits {
        var limits = patient
        limits.redirects = redirects
        return limits
    }

    func with(body: Int) -> Limits {
        var limits = self
        limits.body = body
        return limits
    }
}

/// The error of sending, checked to keep the secrets.
func failure(
    of request: Request, over transport: CurlTransport, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> TransportError {
    do throws(TransportError) {
        let reply = try await transport.send(request)
        Issue.record("a reply came: \(reply.status) with \(reply.body.count) bytes", sourceLocation: sourceLocation)
        throw TransportError.cancelled
    } catch {
        for text in ["\(error)", String(reflecting: error), error.description] {
            #expect(!text.contains("s3cr3t"), sourceLocation: sourceLocation)
        }
        return error
    }
}

/// The error when a raw server runs this script.
func failure(
    _ limits: Limits = .patient, method: HTTPRequest.Method = .get, body: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, script: @escaping RawServer.Script
) async throws -> TransportError {
    try await RawServer.running(script) { server in
        try await withTransport { transport in
            try await failure(
                of: request(server.port, method: method, body: body, limits: limits), over: transport,
                sourceLocation: sourceLocation)
        }
    }
}

/// The reply when a raw server answers every request with this text.
func reply(to method: HTTPRequest.Method = .get, answer: String, limits: Limits = .patient) async throws -> Reply {
    try await RawServer.running({ connection in
        while connection.readHead() != nil { connection.write(answer) }
    }) { server in
        try await withTransport { try await $0.send(request(server.port, method: method, limits: limits)) }
    }
}

/// A moment one side of a test waits for and another brings about.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation

    init() { (stream, source) = AsyncStream.makeStream() }

    func give() { source.yield() }

    /// Returns when it was given, also when that was before.
    func wait() async {
        for await _ in stream { return }
    }
}
