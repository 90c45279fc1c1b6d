import Facts
import Rules

/// One picture of the Grafana dashboard.
struct GrafanaPanel {
    enum Kind: String {
        case stat, timeseries, table
        case timeline = "state-timeline"
    }

    struct Query {
        var text: String
        var legend: String
        var isTable: Bool

        init(_ text: String, legend: String = "", isTable: Bool = false) {
            (self.text, self.legend, self.isTable) = (text, legend, isTable)
        }
    }

    /// How a column of a table is read.
    enum Reading { case standing, share, span }

    /// Of Grafana's grid.
    static let columns = 24
    /// Whichever the reader has chosen.
    static let source = JSONValue.object([("type", .string("prometheus")), ("uid", .string("${datasource}"))])

    let kind: Kind
    let title: String
    let width: Int
    let height: Int
    private let unit: String
    private let queries: [Query]
    private let isStacked: Bool
    private let hasZeroLine: Bool
    private let tableColumns: [(name: String, title: String, reading: Reading)]

    init(
        _ kind: Kind, _ title: String, width: Int, height: Int, unit: String = "none", queries: [Query],
        isStacked: Bool = false, hasZeroLine: Bool = false,
        columns: [(name: String, title: String, reading: Reading)] = []
    ) {
        (self.kind, self.title, self.width, self.height, self.unit) = (kind, title, width, height, unit)
        (self.queries, self.isStacked, self.hasZeroLine) = (queries, isStacked, hasZeroLine)
        tableColumns = columns
    }

    func json(id: Int, x: Int, y: Int) -> JSONValue {
        .object(
            [
                ("id", .number("\(id)")), ("type", .string(kind.rawValue)), ("title", .string(title)),
                ("datasource", Self.source),
                (
                    "gridPos",
                    .object([
                        ("x", .number("\(x)")), ("y", .number("\(y)")), ("w", .number("\(width)")),
                        ("h", .number("\(height)")),
                    ])
                ),
                ("fieldConfig", fields), ("options", options), ("targets", .array(targets)),
            ]
                + (kind == .table
                    ? [("transformations", .array([.object([("id", .string("merge")), ("options", .object([]))])]))]
                    : []))
    }

    private var targets: [JSONValue] {
        queries.enumerated().map { index, query in
            .object([
                ("refId", .string(String(Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(index)))))),
                ("datasource", Self.source), ("expr", .string(query.text)),
                ("legendFormat", .string(query.legend.isEmpty ? "__auto" : query.legend)),
                ("format", .string(query.isTable ? "table" : "time_series")),
                ("instant", .bool(query.isTable || kind == .stat)), ("range", .bool(!query.isTable && kind != .stat)),
            ])
        }
    }

    private var fields: JSONValue {
        var custom: [(String, JSONValue)] = []
        if kind == .timeseries {
            custom = [
                (
                    "stacking",
                    .object([("mode", .string(isStacked ? "normal" : "none")), ("group", .string("A"))])
                ),
                ("fillOpacity", .number(isStacked ? "30" : "0")), ("lineWidth", .number("1")),
                ("spanNulls", .bool(false)),
            ]
            if hasZeroLine { custom.append(("thresholdsStyle", .object([("mode", .string("line"))]))) }
        }
        var defaults: [(String, JSONValue)] = [("unit", .string(unit)), ("custom", .object(custom))]
        if hasZeroLine { defaults.append(("thresholds", Self.thresholds([("red", nil), ("green", "0")]))) }
        if kind == .timeline { defaults.append(("mappings", Self.standings)) }
        let named =
            [.stat, .timeseries].contains(kind)
            ? Standing.allCases.map { standing -> JSONValue in
                Self.override(
                    standing.rawValue,
                    [("color", .object([("mode", .string("fixed")), ("fixedColor", .string(standing.grafanaColor))]))])
            } : []
        return .object([
            ("defaults", .object(defaults)), ("overrides", .array(named + tableColumns.map(Self.column))),
        ])
    }

    private var options: JSONValue {
        switch kind {
        case .stat:
            .object([
                (
                    "reduceOptions",
                    .object([("calcs", .array([.string("lastNotNull")])), ("values", .bool(false))])
                ),
                ("orientation", .string("auto")), ("colorMode", .string("background")), ("graphMode", .string("none")),
            ])
        case .timeseries:
            .object([
                (
                    "legend",
                    .object([
                        ("displayMode", .string("list")), ("placement", .string("bottom")), ("showLegend", .bool(true)),
                    ])
                ),
                ("tooltip", .object([("mode", .string("multi")), ("sort", .string("desc"))])),
            ])
        case .timeline:
            .object([("showValue", .string("never")), ("mergeValues", .bool(true)), ("rowHeight", .number("0.9"))])
        case .table:
            .object([("showHeader", .bool(true))])
        }
    }

    private static func column(_ column: (name: String, title: String, reading: Reading)) -> JSONValue {
        var properties: [(String, JSONValue)] = [("displayName", .string(column.title))]
        switch column.reading {
        case .standing: properties.append(("mappings", standings))
        case .share: properties.append(("unit", .string("percentunit")))
        case .span: properties.append(("unit", .string("s")))
        }
        return override(column.name, properties)
    }

    private static func override(_ name: String, _ properties: [(String, JSONValue)]) -> JSONValue {
        .object([
            ("matcher", .object([("id", .string("byName")), ("options", .string(name))])),
            (
                "properties",
                .array(properties.map { .object([("id", .string($0.0)), ("value", $0.1)]) })
            ),
        ])
    }

    /// The numbers of standings as words and colours.
    private static let standings = JSONValue.array([
        .object([
            ("type", .string("value")),
            (
                "options",
                .object(
                    Standing.allCases.map { standing in
                        (
                            "\(Int(standing.number))",
                            .object([
                                ("text", .string(standing.rawValue)), ("color", .string(standing.grafanaColor)),
                            ])
                        )
                    })
            ),
        ])
    ])

    private static func thresholds(_ steps: [(color: String, from: String?)]) -> JSONValue {
        .object([
            ("mode", .string("absolute")),
            (
                "steps",
                .array(
                    steps.map {
                        .object([("color", .string($0.color)), ("value", $0.from.map(JSONValue.number) ?? .null)])
                    })
            ),
        ])
    }
}

extension Standing {
    fileprivate var grafanaColor: String {
        switch self {
        case .ok: "green"
        case .warning: "orange"
        case .breach: "red"
        case .unknown: "purple"
        case .unjudged: "gray"
        }
    }
}
