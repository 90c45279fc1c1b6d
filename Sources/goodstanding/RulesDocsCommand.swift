import ArgumentParser
import Daemon
import Facts
import Language
import Rules

struct RulesDocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Documents packs: every metric, rule and limit, with source and basis.",
        discussion: """
              goodstanding rules docs --format markdown > rules.md
              goodstanding rules docs my-pack.yaml
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case markdown }

    @Argument(help: "Pack files and folders; without, the built-in packs.", completion: .file()) var paths: [String] =
        []
    @Option(help: "How to print it.") var format: Format = .markdown

    func run() throws {
        for pack in try RulesTask.list(paths) { Terminal.write(PackDocument(pack).text) }
    }
}

/// One pack as a page of Markdown.
private struct PackDocument {
    private let pack: Pack
    private let tongue = Tongue.current

    init(_ pack: Pack) { self.pack = pack }

    var text: String {
        var text = "# \(tongue(pack.title)) (`\(pack.name)`)\n\n"
        if let timezone = pack.timezone {
            text += tongue("Days are those of ", "日期按 ") + timezone + tongue(".", " 时区。") + "\n\n"
        }
        if !pack.rules.isEmpty {
            text += tongue("## Rules\n\n", "## 规则\n\n") + pack.rules.map(rule).joined(separator: "\n") + "\n"
        }
        if !pack.gates.isEmpty {
            text += tongue("## Gates\n\n", "## 门槛\n\n")
            for gate in pack.gates {
                text += "- **\(tongue(gate.title))** (`\(gate.id)`): \(gate.rules.joined(separator: ", "))\n"
            }
            text += "\n"
        }
        if !pack.parameters.isEmpty { text += tongue("## Limits\n\n", "## 限值\n\n") + parameters + "\n" }
        if !pack.reconcile.isEmpty {
            text += tongue("## Held against the platform’s figures\n\n", "## 与平台数值核对\n\n") + pairs + "\n"
        }
        text += tongue("## Metrics\n\n", "## 指标\n\n")
        text += table(
            [tongue("metric", "指标"), tongue("title", "名称"), tongue("definition", "定义"), tongue("source", "出处")],
            pack.metrics.map { name in
                [
                    "`\(name)`", tongue(pack.title(of: name)),
                    code(pack.vocabulary.metrics[name].map { Printer.text(of: $0) } ?? ""),
                    pack.sources(ofMetric: name).joined(separator: "; "),
                ]
            })
        return text + "\n"
    }

    private var pairs: String {
        table(
            [
                tongue("metric", "指标"), tongue("theirs", "平台数值"), tongue("tolerated", "容差"), tongue("open", "未明确"),
                tongue("may mean as well", "其他可能口径"),
            ],
            pack.reconcile.map { pair in
                [
                    "`\(pair.metric)`", "`\(pair.theirs)`", "± \(pair.toleranceText)",
                    pair.open.map { tongue($0) } ?? "",
                    pair.variants.map {
                        "`\($0.id)`: \(tongue($0.title)), \(code(Printer.text(of: $0.expression)))"
                    }.joined(separator: "; "),
                ]
            })
    }

    private func rule(_ rule: Rule) -> String {
        var lines = ["### \(tongue(rule.title)) (`\(rule.id)`, \(rule.severity.rawValue))", ""]
        func add(_ name: String, _ value: String?) { if let value { lines.append("- \(name): \(value)") } }
        if rule.levels.isEmpty {
            add(tongue("requires", "要求"), code(rule.require.written.text))
        } else {
            for level in rule.levels {
                add(
                    level.name + (level.name == rule.aim ? tongue(" (aim)", "（目标）") : ""),
                    code(level.condition.written.text))
            }
        }
        add(tongue("preferred", "期望"), (rule.prefer?.written.text).map(code))
        add(tongue("given", "前提"), (rule.given?.written.text).map(code))
        switch rule.assessed {
        case .ofMonth(let day)?: add(tongue("assessed", "考核"), tongue("on day \(day) of each month", "每月 \(day) 日"))
        case .ofWeek(let day)?:
            add(tongue("assessed", "考核"), tongue("weekly, on weekday \(day) (1 is Monday)", "每周第 \(day) 天（1 为周一）"))
        case nil: break
        }
        add(tongue("stands in for", "替代"), rule.standsInFor.map { "`\($0)`" })
        if !rule.distrusted.isEmpty {
            add(
                tongue("trusts", "采信"),
                tongue(
                    "neither figure while ours and the platform’s part: ", "我方与平台数值不一致时均不采信：")
                    + rule.distrusted.map(code).joined(separator: ", "))
        }
        add(tongue("from", "生效"), rule.from.map { "\($0)" })
        add(tongue("until", "失效"), rule.until.map { "\($0)" })
        add(tongue("basis", "依据"), RulesListCommand.basis(of: rule, in: pack).map { tongue($0.title) })
        for source in pack.sources(of: rule) { add(tongue("source", "出处"), source) }
        add(tongue("consequence", "后果"), rule.consequence.map { tongue($0) })
        add(tongue("remedy", "改进"), rule.remedy.map { tongue($0) })
        return lines.joined(separator: "\n") + "\n"
    }

    private var parameters: String {
        var rows: [[String]] = []
        for parameter in pack.parameters {
            let title = parameter.title.map { tongue($0) } ?? ""
            let place = parameter.place.map { tongue($0) } ?? ""
            if let measure = parameter.measure {
                rows.append([
                    "`\(parameter.name)`", title, tongue("as shown: ", "后台显示：") + "`\(measure)`", place,
                    tongue(Basis.shown.title), "",
                ])
            }
            for row in parameter.rows {
                var conditions = [row.market, row.currency].compactMap { $0 }
                conditions += row.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                if let from = row.from { conditions.append(tongue("from \(from)", "自 \(from)")) }
                if let until = row.until { conditions.append(tongue("until \(until)", "至 \(until)")) }
                rows.append([
                    "`\(parameter.name)`", title, row.value.text, conditions.joined(separator: ", "),
                    row.basis.map { tongue($0.title) } ?? tongue("owner", "自定"), row.source ?? "",
                ])
            }
            if parameter.measure == nil, parameter.rows.isEmpty {
                rows.append(["`\(parameter.name)`", title, tongue("not known", "未知"), place, "", ""])
            }
        }
        return table(
            [
                tongue("limit", "限值"), tongue("title", "名称"), tongue("value", "取值"), tongue("where", "适用"),
                tongue("basis", "依据"), tongue("source", "出处"),
            ], rows)
    }

    private func code(_ text: String) -> String { "`\(text)`" }

    private func table(_ heading: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String {
            "| " + cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }.joined(separator: " | ")
                + " |\n"
        }
        return line(heading) + line(heading.map { _ in "---" }) + rows.map(line).joined()
    }
}
