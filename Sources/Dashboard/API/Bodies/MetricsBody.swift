package import Daemon
package import Facts
import Language

/// Every store's metrics.
package enum MetricsBody {
    package static func json(_ stores: [StoreFigures]) -> JSONValue {
        .object([("at", JSONValue(stores.first?.at.description)), ("stores", .array(stores.map(json)))])
    }

    private static func json(_ store: StoreFigures) -> JSONValue {
        .object([
            ("store", .string(store.store.id)), ("platform", .string(store.store.pack)),
            (
                "metrics",
                .object(
                    store.figures.map { figure in
                        (
                            figure.metric,
                            .object([
                                ("value", JSONValue(figure.value)), ("covered", .bool(figure.isCovered)),
                                (
                                    "marks",
                                    figure.counterpart.map {
                                        .object([($0.isMarked ? "with" : "without", JSONValue($0.value))])
                                    } ?? .null
                                ),
                            ])
                        )
                    })
            ),
        ])
    }

    static let shape = Shape.object([
        .init("at", .orNull(.moment)),
        .init(
            "stores",
            .list(
                .object([
                    .init("store", .text), .init("platform", .text),
                    .init(
                        "metrics",
                        .map(
                            .object([
                                .init("value", .described("over the facts known", .value)),
                                .init("covered", .described("all that it counts is known to be complete", .truth)),
                                .init(
                                    "marks",
                                    .described(
                                        "where marks change it: the figure counted the other way, `with` or `without` them",
                                        .orNull(.map(.value)))),
                            ]))),
                ]))), .init("next", APIRoute.nextShape),
    ])
}
