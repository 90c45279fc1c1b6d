package import Facts

/// A dashboard for Grafana over the daemon's series, to be imported as it is: the data source and the store are chosen in it.
package enum GrafanaDashboard {
    package static func text(_ tongue: Tongue) -> String { json(tongue).text + "\n" }

    private static func json(_ tongue: Tongue) -> JSONValue {
        .object([
            ("uid", .string("goodstanding")), ("title", .string("goodstanding")),
            ("tags", .array([.string("goodstanding")])), ("schemaVersion", .number("39")), ("version", .number("1")),
            ("editable", .bool(true)), ("graphTooltip", .number("1")), ("timezone", .string("browser")),
            ("refresh", .string("1m")),
            ("time", .object([("from", .string("now-7d")), ("to", .string("now"))])),
            ("annotations", .object([("list", .array([]))])),
            ("templating", .object([("list", .array(variables(tongue)))])),
            ("panels", .array(placed(panels(tongue)))),
        ])
    }

    // MARK: What one chooses

    private static func variables(_ tongue: Tongue) -> [JSONValue] {
        [
            .object([
                ("name", .string("datasource")), ("label", .string(tongue("Data source", "数据源"))),
                ("type", .string("datasource")), ("query", .string("prometheus")), ("refresh", .number("1")),
                ("hide", .number("0")),
            ]),
            variable("pack", tongue("Platform", "平台"), "label_values(\(Family.storeStanding), pack)", isMany: true),
            variable(
                "store", tongue("Store", "店铺"), "label_values(\(Family.storeStanding){pack=~\"$pack\"}, store)",
                isMany: false),
        ]
    }

    private static func variable(_ name: String, _ label: String, _ query: String, isMany: Bool) -> JSONValue {
        .object([
            ("name", .string(name)), ("label", .string(label)), ("type", .string("query")),
            ("datasource", GrafanaPanel.source), ("definition", .string(query)),
            ("query", .object([("query", .string(query)), ("refId", .string("V"))])),
            ("refresh", .number("2")), ("sort", .number("1")), ("hide", .number("0")), ("multi", .bool(isMany)),
            ("includeAll", .bool(isMany)), ("allValue", isMany ? .string(".*") : .null),
        ])
    }

    // MARK: What one sees

    private static func panels(_ tongue: Tongue) -> [GrafanaPanel] {
        let slow = "[$__rate_interval]"
        func quantile(_ family: Family, by label: String) -> String {
            "histogram_quantile(0.95, sum by (le, \(label)) (rate(\(family)_bucket\(slow))))"
        }
        return [
            GrafanaPanel(
                .stat, tongue("Stores by standing", "各状态店铺数"), width: 8, height: 8,
                queries: [.init("sum by (standing) (\(Family.stores))", legend: "{{standing}}")]),
            GrafanaPanel(
                .timeseries, tongue("Stores by standing along time", "各状态店铺数变化"), width: 16, height: 8,
                queries: [.init("sum by (standing) (\(Family.stores))", legend: "{{standing}}")], isStacked: true),
            GrafanaPanel(
                .table, tongue("Worst stores", "最差店铺"), width: 12, height: 10,
                queries: [
                    .init("topk(25, \(Family.storeStanding){pack=~\"$pack\"} >= 1)", isTable: true),
                    .init(
                        "\(Family.storeRoom){pack=~\"$pack\"} and on (store) topk(25, \(Family.storeStanding){pack=~\"$pack\"} >= 1)",
                        isTable: true),
                ],
                columns: [
                    ("Value #A", tongue("Standing", "状态"), .standing), ("Value #B", tongue("Room", "余量"), .share),
                ]),
            GrafanaPanel(
                .timeseries, tongue("Room of the rules of $store", "$store 各规则余量"), width: 12, height: 10,
                unit: "percentunit",
                queries: [.init("\(Family.ruleRoom){store=\"$store\"}", legend: "{{rule}}")], hasZeroLine: true),
            GrafanaPanel(
                .timeline, tongue("How the rules of $store stood", "$store 各规则状态"), width: 12, height: 8,
                queries: [.init("\(Family.ruleStanding){store=\"$store\"}", legend: "{{rule}}")]),
            GrafanaPanel(
                .timeseries, tongue("Figures of $store and their limits", "$store 数值与限值"), width: 12, height: 8,
                queries: [
                    .init("\(Family.ruleValue){store=\"$store\"}", legend: "{{rule}} {{metric}}"),
                    .init(
                        "\(Family.ruleLimit){store=\"$store\"}",
                        legend: tongue("limit of ", "限值 ") + "{{rule}} {{metric}}"),
                ]),
            GrafanaPanel(
                .timeseries, tongue("Age of what sources have brought", "数据时效（按来源）"), width: 12, height: 8,
                unit: "s", queries: [.init("time() - \(Family.sourceCovered)", legend: "{{source}} {{pack}}")]),
            GrafanaPanel(
                .timeseries, tongue("Stores with stale data, and pulls that fail", "数据过期的店铺与失败的拉取"), width: 12,
                height: 8,
                queries: [
                    .init("\(Family.sourceStale)", legend: "{{source}} {{pack}}"),
                    .init("\(Family.failingStores)", legend: tongue("failing ", "失败 ") + "{{pack}}"),
                    .init("\(Family.feedFailures)", legend: tongue("failures of ", "失败 ") + "{{feed}}"),
                ]),
            GrafanaPanel(
                .timeseries, tongue("Outbox", "发件箱"), width: 12, height: 8,
                queries: [.init("\(Family.outbox)", legend: "{{receiver}} {{state}}")], isStacked: true),
            GrafanaPanel(
                .timeseries, tongue("Durations (95 of 100 are shorter)", "耗时（95 分位）"), width: 12, height: 8,
                unit: "s",
                queries: [
                    .init(
                        quantile(.pullTook, by: "source, pack"), legend: tongue("pull ", "拉取 ") + "{{source}} {{pack}}"),
                    .init(
                        "histogram_quantile(0.95, sum by (le) (rate(\(Family.evaluationTook)_bucket\(slow))))",
                        legend: tongue("evaluation", "考核")),
                    .init(
                        quantile(.deliveryTook, by: "receiver"), legend: tongue("delivery ", "送达 ") + "{{receiver}}"),
                    .init(quantile(.requestTook, by: "route"), legend: "{{route}}"),
                ]),
            GrafanaPanel(
                .table, tongue("What ends unless it is renewed", "即将到期"), width: 12, height: 8,
                queries: [.init("sort(\(Family.expiry) - time())", isTable: true)],
                columns: [("Value", tongue("Ends in", "剩余"), .span)]),
            GrafanaPanel(
                .timeseries, tongue("Stores without series of their own", "没有独立时间序列的店铺"), width: 12, height: 8,
                queries: [.init("\(Family.leftOut)", legend: tongue("left out", "未包含"))]),
        ]
    }

    /// From left to right, and row below row.
    private static func placed(_ panels: [GrafanaPanel]) -> [JSONValue] {
        var (x, y, rowHeight) = (0, 0, 0)
        return panels.enumerated().map { index, panel in
            if x + panel.width > GrafanaPanel.columns { (x, y, rowHeight) = (0, y + rowHeight, 0) }
            defer { (x, rowHeight) = (x + panel.width, max(rowHeight, panel.height)) }
            return panel.json(id: index + 1, x: x, y: y)
        }
    }
}
