import Facts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Daemon
@testable import Dashboard

extension Caller {
    static let local = Caller.local(.viewer)
    /// Somebody who may write everything.
    static let writer = Caller(.init(id: "erp", role: .pusher), by: .token)

    /// - Parameter kinds: none: somebody who looks; else who brings facts of them.
    static func of(_ store: String, writes kinds: Set<FactKind> = []) -> Caller {
        var grantee = AccessTerms.Grantee(id: store, role: kinds.isEmpty ? .viewer : .pusher)
        grantee.stores = [Glob(store)]
        grantee.kinds = kinds.isEmpty ? nil : Array(kinds)
        return Caller(grantee, by: .token)
    }
}

/// The dashboard as it is shown to one caller.
struct Shown: HTTPResponder {
    let responder: any HTTPResponder<DashboardContext>
    let caller: Caller
    /// Who writes, as nobody both looks and pushes.
    let writer: Caller
    /// Who acts.
    let actor: Caller

    init(_ state: DaemonState, to caller: Caller, writing writer: Caller? = nil, acting actor: Caller? = nil) {
        self.actor = actor ?? writer ?? caller
        responder = DashboardRouter(state: state).router.buildResponder()
        (self.caller, self.writer) = (caller, writer ?? caller)
    }

    func respond(to request: Request, context: DashboardContext) async throws -> Response {
        var context = context
        let isReading = [.get, .head].contains(request.method)
        context.caller = isReading ? caller : request.uri.path.hasSuffix("/facts") ? writer : actor
        return try await responder.respond(to: request, context: context)
    }
}

extension DashboardBench {
    /// An answer of the API; `path` goes on from `/api/v1`.
    func api(
        _ path: String, _ method: HTTPRequest.Method = .get, _ headers: HTTPFields = [:], body: [UInt8]? = nil,
        as caller: Caller = .local
    ) async throws -> Answer {
        try await Application(responder: Shown(state, to: caller)).test(.router) { client in
            let response = try await client.execute(
                uri: "/api/v1" + path, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) })
            return Answer(
                status: response.status.code, headers: response.headers, body: String(buffer: response.body))
        }
    }

    /// The object that a good answer is.
    func object(_ path: String, as caller: Caller = .local) async throws -> [String: Any] {
        let answer = try await api(path, as: caller)
        try #require(answer.status == 200, "\(path): \(answer.body)")
        return try answer.object
    }

    /// Pushes facts as JSON Lines.
    func push(
        _ lines: String..., query: String = "", type: String = "application/x-ndjson", as caller: Caller = .writer
    ) async throws -> Answer {
        try await api(
            "/facts" + query, .post, [.contentType: type], body: Array(lines.joined(separator: "\n").utf8), as: caller)
    }

    /// What is told of a page of a list by one of its members.
    func list(_ path: String, _ name: String, _ member: String, as caller: Caller = .local) async throws -> [String] {
        let items = try #require(try await object(path, as: caller)[name] as? [[String: Any]])
        return items.map { $0[member] as? String ?? "" }
    }
}

extension DashboardBench.Answer {
    var object: [String: Any] {
        get throws {
            try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any], "\(body)")
        }
    }
}

enum Line {
    static func order(
        _ id: String, _ store: String, paid: String = "2026-02-10", updated: String = "2026-03-01T10:00:00Z"
    )
        -> String
    {
        #"{"kind":"order","store":"\#(store)","id":"\#(id)","updated_at":"\#(updated)","placed_at":"\#(paid)T10:00:00+08:00","paid_at":"\#(paid)T10:00:00+08:00","amount":"12.50","currency":"CNY"}"#
    }

    static func refund(_ id: String, _ store: String, order: String, updated: String = "2026-02-20T10:00:00Z") -> String
    {
        #"{"kind":"refund","store":"\#(store)","id":"\#(id)","order":"\#(order)","updated_at":"\#(updated)","refunded_at":"2026-02-20T10:00:00+08:00","status":"refunded","amount":"10.00","currency":"CNY"}"#
    }
}
