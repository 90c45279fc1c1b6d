import Hummingbird
import Logging
import NIOCore

/// An HTTP server on 127.0.0.1 that can also misbehave: hang up without an answer, or in the middle of one.
enum LoopbackServer {
    /// Serves until the task is canceled or the process is asked to end.
    ///
    /// - Parameters:
    ///   - port: 0 takes any free port.
    ///   - started: called once with the port that is listened on.
    static func serve(
        port: Int, started: @escaping @Sendable (Int) async -> Void,
        respond: @escaping @Sendable (Request, LoopbackContext) async throws -> Response
    ) async throws {
        var logger = Logger(label: "simulation")
        // What the simulation is asked is kept by itself; the server's own words would only repeat it.
        logger.logLevel = .critical
        let application = Application(
            responder: CallbackResponder(callback: respond),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in await started(channel.localAddress?.port ?? port) },
            logger: logger)
        try await application.run()
    }

    /// Serves while `body` runs, and hands back what it gives.
    static func serving<Result: Sendable>(
        respond: @escaping @Sendable (Request, LoopbackContext) async throws -> Response,
        during body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let (ports, port) = AsyncStream<Int>.makeStream()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                defer { port.finish() }
                do {
                    try await serve(port: 0, started: { port.yield($0) }, respond: respond)
                } catch is CancellationError {}
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(port) }
                throw LoopbackFailure.didNotStart
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw LoopbackFailure.didNotStart
        }
    }
}

/// What a request on the loopback came over.
struct LoopbackContext: InitializableFromSource, Sendable {
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }

    /// Closes the connection now, whatever was promised.
    func hangUp() { channel.close(mode: .all, promise: nil) }
}

/// Why a simulation could not do its part.
package enum LoopbackFailure: Error, CustomStringConvertible {
    case didNotStart
    case hungUp

    package var description: String {
        switch self {
        case .didNotStart: "The simulation could not listen on 127.0.0.1: no port was given to it."
        case .hungUp: "The simulation hung up, as it was told to."
        }
    }
}
