import Crypto
import Daemon
import Facts
import HTTPTypes
import Hummingbird
import NIOCore

/// One thing that the API can be asked: how, what comes back, and who may. The router and the document are both made of
/// these.
struct APIRoute: Sendable {
    static let root = "/api/v1"
    static let (standardLimit, greatestLimit) = (100, 1000)

    /// What has to be allowed to who asks.
    enum Permission: Sendable {
        /// Of each store what he may see.
        case read
        /// Of each fact whether he may write it.
        case pushFacts
        /// Of each store what he may do.
        case act
    }

    var method = HTTPRequest.Method.get
    /// `/stores/{store}`
    let path: String
    /// Its name in the document.
    let id: String
    let summary: String
    var permission = Permission.read
    var parameters: [APIParameter] = []
    /// What is sent with it, as the document has it; nil: nothing.
    var body: JSONValue?
    let answer: Shape
    /// Beside those that every route has.
    var refusals: [HTTPResponse.Status] = []
    let act: @Sendable (APIRequest) async throws -> JSONValue

    static let nextShape = Shape.described(
        "where the list goes on: give it as `cursor`; null: that was all", .orNull(.text))

    static let limit = APIParameter(
        "limit", .whole(1...greatestLimit, standard: standardLimit), "so many at most in one answer")
    static let cursor = APIParameter("cursor", .cursor, "`next` of the answer before: what comes after it")
    static let paged = [limit, cursor]
    static let glob = APIParameter("store", .text, "only of stores whose id fits; `*` and `?` stand for anything")

    // MARK: Paths

    private var parts: [Substring] { path.split(separator: "/") }

    /// As the router has it: `/stores/:store`.
    var routerPath: String {
        "/" + parts.map { $0.hasPrefix("{") ? ":\($0.dropFirst().dropLast())" : String($0) }.joined(separator: "/")
    }

    func fits(_ asked: String) -> Bool {
        let (own, asked) = (Self.root.split(separator: "/") + parts, asked.split(separator: "/"))
        return own.count == asked.count && zip(own, asked).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }

    // MARK: Answers

    func response(_ http: Request, _ context: DashboardContext, _ state: DaemonState) async throws -> Response {
        guard permission != .read || context.caller.mayLook else {
            throw APIProblem(.forbidden, "this token brings facts and sees nothing")
        }
        let request = try await APIRequest(http, context, state, self)
        let text = try await act(request).text + "\n"
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-cache"]
        guard method == .get else {
            headers[.cacheControl] = "no-store"
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
        }
        let tag = "\"\(APIParameter.hex(SHA256.hash(data: Array(text.utf8)).prefix(16)))\""
        headers[.eTag] = tag
        if Self.names(tag, http.headers[.ifNoneMatch]) {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// As RFC 9110, 13.1.2 has it: any of a list, compared weakly, or all by a star.
    private static func names(_ tag: String, _ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { part in
            let name = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            let text = String(name)
            return text == "*" || text == tag || text == "W/" + tag
        }
    }
}
