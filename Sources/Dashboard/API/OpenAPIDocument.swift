import Daemon
import Facts
import HTTPTypes

/// What the API can be asked and what it answers, for programs that make programs of it: OpenAPI 3.1, made of the routes
/// themselves.
enum OpenAPIDocument {
    /// What answers are made of, by name.
    static let shapes: [(name: String, shape: Shape)] = [
        ("Words", .object([.init("en", .text), .init("zh", .text)])), ("Figure", .figureItself),
        ("Store", StoreBody.shape), ("Standings", StandingsBody.shape), ("StoreStanding", StandingsBody.storeShape),
        ("RuleStanding", StandingsBody.ruleShape), ("Reconciled", ReconciledBody.shape), ("Metrics", MetricsBody.shape),
        ("Explanation", ExplanationBody.shape), ("ExplainedRule", ExplanationBody.ruleShape),
        ("Change", ExplanationBody.changeShape), ("Evidence", EvidenceBody.shape),
        ("StandingChange", HistoryBody.shape), ("ListedAlert", AlertBody.listedShape), ("Alert", AlertBody.shape),
        ("Event", EventBody.shape), ("Silence", SilenceBody.shape), ("Mark", MarkBody.shape),
        ("ListedPack", PackBody.listedShape), ("Pack", PackBody.shape), ("Source", SourceBody.shape),
        ("QuarantinedFact", QuarantineBody.shape), ("Notice", NoticeBody.shape), ("Pushed", PushBody.shape),
        ("Done", ActBody.doneShape),
        ("Problem", APIProblem.shape),
    ]

    static var json: JSONValue {
        let paths = Dictionary(grouping: APIRoute.all, by: \.path).sorted { $0.key < $1.key }
        return .object([
            ("openapi", .string("3.1.0")),
            (
                "info",
                .object([
                    ("title", .string("goodstanding")), ("version", .string(Version.current)),
                    (
                        "description",
                        .string(
                            "Where stores stand by the rules of their platforms, and why. Members of answers are added, never "
                                + "renamed. Numbers are exact decimals, or quotients in shortest round-trip form; durations "
                                + "are seconds. Every GET answers an ETag, and 304 where If-None-Match names it.")
                    ),
                ])
            ), ("servers", .array([.object([("url", .string(APIRoute.root))])])),
            (
                "paths",
                .object(
                    paths.map { path, routes in
                        (path, .object(routes.map { ($0.method.rawValue.lowercased(), operation($0)) }))
                    })
            ),
            (
                "components",
                .object([("schemas", .object(shapes.map { ($0.name, $0.shape.schema) }))])
            ),
        ])
    }

    private static func operation(_ route: APIRoute) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("operationId", .string(route.id)), ("summary", .string(route.summary)),
            ("parameters", .array(route.parameters.map(\.json))),
        ]
        if let body = route.body { members.append(("requestBody", body)) }
        return .object(members + [("responses", responses(of: route))])
    }

    private static func responses(of route: APIRoute) -> JSONValue {
        func content(_ type: String, _ shape: Shape) -> (String, JSONValue) {
            ("content", .object([(type, .object([("schema", shape.schema)]))]))
        }
        let tag: (String, JSONValue) = (
            "headers",
            .object([("ETag", .object([("schema", .object([("type", .string("string"))]))]))])
        )
        let isRead = route.method == .get
        var responses: [(String, JSONValue)] = [
            (
                "200",
                .object(
                    [("description", .string("done")), content("application/json", route.answer)]
                        + (isRead ? [tag] : []))
            )
        ]
        if isRead {
            responses.append(
                ("304", .object([("description", .string("as `If-None-Match` has it")), tag])))
        }
        for status in [.badRequest] + route.refusals + [.serviceUnavailable] {
            responses.append(
                (
                    String(status.code),
                    .object([
                        ("description", .string(status.reasonPhrase)),
                        content("application/problem+json", .named("Problem")),
                    ])
                ))
        }
        return .object(responses)
    }
}
