import Foundation
import Simulation
import Synchronization
import TestSupport
import Testing

/// A receiver that answers as the test says at that moment, and notes what arrived when.
final class Hook: Sendable {
    struct Arrival: Sendable {
        var id: String
        var body: [UInt8]
        var at: ContinuousClock.Instant
    }

    enum Answer: Sendable {
        /// With further lines of the head, each ended by a line break.
        case status(Int, more: String = "")
        case hangUp
        /// 200, and a body of so many bytes.
        case flood(Int)
        /// 200, and a body that ends before its announced length.
        case cut
        /// 204 once the gate opens.
        case held(Gate)
    }

    private let arrived = Mutex<[Arrival]>([])

    /// In the order they came, refused ones among them.
    var arrivals: [Arrival] { arrived.withLock { $0 } }

    /// The alerts in them, each once however often it came.
    var alerts: Set<HeardAlert> { Set(arrivals.flatMap { (try? HeardAlert.all($0.body)) ?? [] }) }

    /// Serves while `body` runs.
    ///
    /// - Parameter answer: is given how many came before.
    static func serving<Result>(
        _ answer: @escaping @Sendable (Int) -> Answer, _ body: (Hook, String) async throws -> Result
    ) async throws -> Result {
        let hook = Hook()
        return try await RawServer.running({ hook.hear($0, answer) }) { server in
            try await body(hook, "http://127.0.0.1:\(server.port)/hook")
        }
    }

    private func hear(_ connection: RawServer.Connection, _ answer: (Int) -> Answer) {
        guard let head = connection.readHead(), let id = Self.field("webhook-id", in: head),
            let length = Self.field("content-length", in: head).flatMap(Int.init)
        else { return }
        let body = connection.readBody(length)
        let before = arrived.withLock { arrived in
            arrived.append(Arrival(id: id, body: body, at: .now))
            return arrived.count - 1
        }
        func say(_ status: Int, _ more: String = "", length: Int = 0) {
            connection.write("HTTP/1.1 \(status) So\r\nConnection: close\r\nContent-Length: \(length)\r\n\(more)\r\n")
        }
        switch answer(before) {
        case .status(204, _): connection.write("HTTP/1.1 204 So\r\nConnection: close\r\n\r\n")
        case .status(let status, let more): say(status, more)
        case .hangUp: connection.reset()
        case .flood(let bytes):
            say(200, length: bytes)
            let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
            for _ in 0..<(bytes / piece.count) where !connection.write(piece) { break }
        case .cut:
            say(200, length: 1000)
            connection.write("thank")
        case .held(let gate):
            gate.wait()
            connection.write("HTTP/1.1 204 So\r\nConnection: close\r\n\r\n")
        }
    }

    private static func field(_ name: String, in head: String) -> String? {
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }
        return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
}

/// Where answers wait until a test lets them go; then, and from then on, nobody waits.
final class Gate: Sendable {
    private let turnstile = DispatchSemaphore(value: 0)

    func open() { turnstile.signal() }

    /// For a server's own thread. At most a minute, so that no thread outlives its test by much.
    func wait() {
        guard turnstile.wait(timeout: .now() + .seconds(60)) == .success else { return }
        turnstile.signal()
    }
}

/// One alert as a receiver reads it.
struct HeardAlert: Hashable, CustomStringConvertible {
    var store: String
    var rule: String
    var event: String
    var standing: String
    var reason: String
    var episode: String

    var description: String { "\(store)/\(rule) \(event) \(standing) (\(reason))" }

    /// What a body says of one alert.
    static func read(_ body: [UInt8]) throws -> HeardAlert {
        let alerts = try all(body)
        try #require(alerts.count == 1, "one alert a notice")
        return alerts[0]
    }

    /// What a body says: what a first look finds comes in one notice, everything else by default by itself.
    static func all(_ body: [UInt8]) throws -> [HeardAlert] {
        let message = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        let alerts = try #require((message["data"] as? [String: Any])?["alerts"] as? [[String: Any]])
        return try alerts.map { alert in
            func text(_ name: String) throws -> String { try #require(alert[name] as? String, "\(name) is a text") }
            return HeardAlert(
                store: try text("store"), rule: try text("rule"), event: try text("event"),
                standing: try text("standing"), reason: try text("reason"), episode: try text("episode"))
        }
    }
}

extension Listener.Delivery {
    var id: String { headers["webhook-id"] ?? "" }
}

/// Holds for every receiver, however often it refused: one event comes under one id, and with one body.
func expectOneIDForEachEvent(
    _ heard: [(id: String, body: [UInt8])], _ place: SourceLocation = #_sourceLocation
) throws {
    var bodies: [String: [UInt8]] = [:]
    var ids: [HeardAlert: String] = [:]
    for (id, body) in heard {
        #expect(bodies[id, default: body] == body, "the same notice says the same", sourceLocation: place)
        bodies[id] = body
        for alert in try HeardAlert.all(body) {
            #expect(ids[alert, default: id] == id, "\(alert) came under two ids", sourceLocation: place)
            ids[alert] = id
        }
    }
}

/// Set once, by a test, for servers on other threads to see.
final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
