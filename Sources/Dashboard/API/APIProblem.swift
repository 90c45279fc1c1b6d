import Facts
import HTTPTypes
import Hummingbird
import NIOCore

/// Why something asked of the API was not done, as RFC 9457 has it told.
struct APIProblem: Error {
    var status: HTTPResponse.Status
    /// A sentence for the person who wrote the program.
    var detail: String
    /// What was wrong of the request.
    var parameter: String?
    /// Of a method that the path does not have: those that it has.
    var allowed: [HTTPRequest.Method] = []
    /// In seconds.
    var retryAfter: String?

    init(_ status: HTTPResponse.Status, _ detail: String, parameter: String? = nil) {
        (self.status, self.detail, self.parameter) = (status, detail, parameter)
    }

    static func noStore(_ id: String) -> APIProblem {
        APIProblem(.notFound, "there is no store '\(id)', or it is not yours to see", parameter: "store")
    }

    var response: Response {
        var members: [(String, JSONValue)] = [
            ("type", .string("about:blank")), ("title", .string(status.reasonPhrase)),
            ("status", JSONValue(status.code)),
            ("detail", .string(detail)),
        ]
        if let parameter { members.append(("parameter", .string(parameter))) }
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if !allowed.isEmpty { headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ") }
        headers[.retryAfter] = retryAfter
        return Response(
            status: status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: JSONValue.object(members).text + "\n")))
    }

    static let shape = Shape.object([
        .init("type", .described("`about:blank`: the status says it all", .text)), .init("title", .text),
        .init("status", .whole), .init("detail", .described("what was wrong, in a sentence", .text)),
    ])
}
