import Alerts
import Daemon
import Dashboard
import Facts
import Language

/// Every store's metrics: for people, spreadsheets and programs.
enum MetricsReport {
    static let csvHeading = "store,metric,value\n"

    /// Rows of stores as they come, which is by id; metrics by name. An empty value is missing.
    static func csv(_ stores: [StoreFigures]) -> String {
        stores.map { store in
            let name = CSVField.text(store.store.id)
            return store.figures.sorted { $0.metric < $1.metric }.map {
                "\(name),\($0.metric),\(CSVField.text(text($0.value)))\n"
            }.joined()
        }.joined()
    }

    static func json(_ stores: [StoreFigures]) -> String { MetricsBody.json(stores).text + "\n" }

    static func table(_ stores: [StoreFigures]) -> String {
        let tongue = Tongue.current
        var table = TextTable([
            (tongue("STORE", "店铺"), .left), (tongue("METRIC", "指标"), .left), (tongue("VALUE", "数值"), .right),
            ("", .left),
        ])
        for store in stores {
            for figure in store.figures {
                table.add([
                    .init(store.store.id), .init(figure.metric), .init(FigureText.text(figure.value)),
                    .init(remarks(figure, tongue), .dim),
                ])
            }
        }
        return table.isEmpty ? tongue("No store is watched, or none is known yet.", "没有可显示的店铺。") + "\n" : table.text
    }

    private static func remarks(_ figure: StoreFigures.Figure, _ tongue: Tongue) -> String {
        var remarks = figure.isCovered ? [] : [tongue("not wholly covered", "数据不完整")]
        if let other = figure.counterpart {
            let side = other.isMarked ? tongue("with marks", "计入标记") : tongue("without marks", "不计标记")
            remarks.append("\(side) \(FigureText.text(other.value))")
        }
        return remarks.joined(separator: tongue(", ", "，"))
    }

    /// Numbers in their shortest round-trip form, durations in seconds, times as RFC 3339.
    private static func text(_ value: Value) -> String {
        switch value {
        case .missing: ""
        case .number(let fraction): fraction.description
        case .duration(let microseconds): microseconds.divided(by: Fraction(1_000_000))?.description ?? ""
        case .time(let moment): moment.description
        case .bool(let truth): truth ? "true" : "false"
        case .word(let text), .string(let text): text
        }
    }
}
