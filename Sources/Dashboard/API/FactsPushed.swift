import Daemon
import Facts
import HTTPTypes
import Hummingbird
import NIOCore

/// Facts pushed in the body of a request.
enum FactsPushed {
    static let parameters = [
        APIParameter(
            "complete_until", .moment,
            "up to when nothing is missing any more of the stores and kinds told of; no later than now"),
        APIParameter("complete_from", .moment, "since when nothing is missing; without it, from the beginning"),
        APIParameter("store", .texts, "stores that are complete; without it, those of which the body tells"),
        APIParameter(
            "kinds", .words(FactKind.allCases.map(\.name)),
            "kinds that are complete; without it, those of which the body tells"),
    ]

    /// The media types in which facts come, and whether each line is one.
    static let types: [(name: String, isLines: Bool)] = [
        ("application/json", false), ("application/x-ndjson", true), ("application/jsonl", true),
    ]

    static let refusals: [HTTPResponse.Status] = [
        .forbidden, .requestTimeout, .conflict, .contentTooLarge, .unsupportedMediaType, .tooManyRequests,
    ]

    /// In the document.
    static var body: JSONValue {
        let content = types.map { type -> (String, JSONValue) in
            let schema: JSONValue =
                type.isLines
                ? .object([
                    ("type", .string("string")), ("description", .string("a fact on each line")),
                ])
                : .object([
                    ("type", .string("object")), ("required", .array([.string("facts")])),
                    (
                        "properties",
                        .object([
                            (
                                "facts",
                                .object([
                                    ("type", .string("array")),
                                    ("items", .object([])),
                                    (
                                        "description",
                                        .string(
                                            "as `goodstanding schema facts` describes them; one that is none goes to quarantine and "
                                                + "stops no other")
                                    ),
                                ])
                            )
                        ])
                    ),
                ])
            return (type.name, .object([("schema", schema)]))
        }
        return .object([("required", .bool(true)), ("content", .object(content))])
    }

    @Sendable static func act(_ request: APIRequest) async throws -> JSONValue {
        let isLines = try isLines(request.http.headers[.contentType])
        let isCompressed = try isCompressed(request.http.headers[.contentEncoding])
        guard request.caller.role == .pusher else { throw APIProblem(.forbidden, "who asks may push no facts") }
        guard let pass = request.state.pushes.enter(request.caller.name) else {
            var problem = APIProblem(
                .tooManyRequests, "\(Turnstile.pushes) bodies are being taken in; the same one in a moment is as good")
            problem.retryAfter = "1"
            throw problem
        }
        defer { withExtendedLifetime(pass) {} }
        let body = try await whole(request.http)
        let push = PushTask.Push(
            body: Array(body.readableBytesView), isCompressed: isCompressed, isLines: isLines,
            completeFrom: try moment("complete_from", request), completeUntil: try moment("complete_until", request),
            stores: request["store"] == nil ? nil : request.texts("store"),
            kinds: request["kinds"].map {
                FactKinds($0.split(separator: ",").compactMap { FactKind(name: String($0)) })
            })
        do throws(PushTask.Refusal) {
            let outcome = try await PushTask(request.assembly).run(push, mayWrite: request.mayWrite)
            await request.state.take(outcome)
            return PushBody.json(outcome)
        } catch {
            switch error {
            case .unreadable(let why): throw APIProblem(.badRequest, why)
            case .tooLarge(let why): throw APIProblem(.contentTooLarge, why)
            case .notYours(let why): throw APIProblem(.forbidden, why)
            case .untrue(let why, let parameter): throw APIProblem(.conflict, why, parameter: parameter)
            case .ledger(let error): throw error
            }
        }
    }

    /// Who sends a byte now and then holds a place that others wait for; who sends nothing is cut off by the server.
    private static let patience = Duration.seconds(120)

    static func whole(_ http: Request, within patience: Duration = patience) async throws -> ByteBuffer {
        let end = ContinuousClock.now + patience
        var whole = ByteBuffer()
        for try await var part in http.body {
            guard ContinuousClock.now < end else {
                throw APIProblem(
                    .requestTimeout,
                    "the body was not whole within \(patience.components.seconds) s; the same facts in several bodies are as good"
                )
            }
            guard whole.readableBytes + part.readableBytes <= PushTask.greatestBytes else {
                throw APIProblem(
                    .contentTooLarge,
                    "a body has \(PushTask.greatestBytes >> 20) MiB at most; the same facts in several bodies are as good"
                )
            }
            whole.writeBuffer(&part)
        }
        return whole
    }

    private static func isLines(_ header: String?) throws -> Bool {
        let name = header?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
        guard let type = types.first(where: { $0.name == name }) else {
            throw APIProblem(
                .unsupportedMediaType,
                "facts come as \(types.map(\.name).joined(separator: ", ")), and not as '\(name)'",
                parameter: "Content-Type")
        }
        return type.isLines
    }

    private static func isCompressed(_ header: String?) throws -> Bool {
        switch header?.lowercased() {
        case nil, "identity": return false
        case "gzip": return true
        case let other?:
            throw APIProblem(
                .unsupportedMediaType, "a body may be gzip, or as it is, and not '\(other)'",
                parameter: "Content-Encoding")
        }
    }

    /// That it is a time is known; that facts may carry it is not.
    private static func moment(_ name: String, _ request: APIRequest) throws -> Timestamp? {
        guard let text = request[name] else { return nil }
        guard let moment = Timestamp(text) else {
            throw APIProblem(.conflict, "\(name) lies outside 1995 to 2100, where no fact lies", parameter: name)
        }
        return moment
    }
}
