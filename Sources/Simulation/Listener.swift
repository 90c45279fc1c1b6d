package import Facts
import HTTPTypes
import Hummingbird

/// A receiver of webhooks that keeps what it was sent, and fails when told to.
package actor Listener {
    /// What it was sent, in order of arrival, also what it then refused.
    package private(set) var deliveries: [Delivery] = []

    private let secret: String?
    private let clock: (@Sendable () -> Timestamp)?
    private var faults: [Fault?] = []
    private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    private let gate = StallGate()

    /// One request as it arrived.
    package struct Delivery: Sendable {
        package let method: String
        package let path: String
        /// Names in small letters.
        package let headers: [String: String]
        package let body: [UInt8]
        /// Nil when the listener has no secret.
        package let signature: SignatureReading?
        /// What the listener did with it; nil: it answered 204.
        package let fault: Fault?

        package var text: String { String(decoding: body, as: UTF8.self) }
        package var wasTaken: Bool { fault == nil || fault == .slow }
    }

    /// - Parameters:
    ///   - secret: `whsec_` and Base64; without it signatures are not looked at.
    ///   - clock: what the age of a signature is held against; without it the age is not looked at.
    package init(secret: String? = nil, clock: (@Sendable () -> Timestamp)? = nil) {
        (self.secret, self.clock) = (secret, clock)
    }

    /// What goes wrong with the next deliveries, one after the other; nil lets one pass.
    package func plan(_ faults: [Fault?]) { self.faults += faults }

    /// Returns once at least so many requests have arrived, refused ones among them; at once when they have.
    package func waitForDeliveries(_ count: Int) async {
        if deliveries.count >= count { return }
        await withCheckedContinuation { waiting.append((count, $0)) }
    }

    /// Serves on 127.0.0.1 until the task is canceled or the process is asked to end.
    /// - Parameter started: called once with the address to send to.
    package nonisolated func serve(port: Int = 0, started: @escaping @Sendable (String) async -> Void) async throws {
        try await LoopbackServer.serve(
            port: port, started: { await started(Listener.address($0)) },
            respond: { try await self.respond(to: $0, $1) })
    }

    /// Serves while `body` runs, which is given the address to send to.
    package nonisolated func serving<Result: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        try await LoopbackServer.serving(respond: { try await self.respond(to: $0, $1) }) { port in
            do {
                let result = try await body(Listener.address(port))
                await self.gate.releaseAll()
                return result
            } catch {
                await self.gate.releaseAll()
                throw error
            }
        }
    }

    private static func address(_ port: Int) -> String { "http://127.0.0.1:\(port)/hook" }

    private nonisolated func respond(to request: Request, _ context: LoopbackContext) async throws -> Response {
        let body = try await request.body.collect(upTo: 4 << 20)
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let fault = await keep(
            method: request.method.rawValue, path: request.uri.path, headers: headers,
            body: Array(body.readableBytesView))
        if fault == .stall { await gate.wait() }
        return try Answer.refusal(for: fault, context) ?? Response(status: .noContent)
    }

    private func keep(method: String, path: String, headers: [String: String], body: [UInt8]) -> Fault? {
        let fault = faults.isEmpty ? nil : faults.removeFirst()
        let signature = secret.map {
            SignatureReading.read(headers: headers, body: body, secret: $0, now: clock?())
        }
        deliveries.append(
            Delivery(method: method, path: path, headers: headers, body: body, signature: signature, fault: fault))
        let ready = waiting.filter { $0.count <= deliveries.count }
        waiting.removeAll { $0.count <= deliveries.count }
        for waiter in ready { waiter.continuation.resume() }
        return fault
    }
}
