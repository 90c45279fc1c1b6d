import Alerts
import Daemon
import Dashboard
import Facts
import Language
import Rules

/// Which definition comes to the platform's figures, for people and for programs.
enum CalibrateText {
    static func table(_ report: CalibrateTask.Report) -> String {
        let tongue = Tongue.current
        var text =
            Terminal.styled(Terminal.printable(report.store.id), .bold)
            + ", \(tongue(report.title)) (\(report.pair.metric) ↔ \(report.pair.theirs))\n"
        if let open = report.pair.open { text += tongue("open: ", "未明确：") + tongue(open) + "\n" }
        text += "\n"
        var table = TextTable(
            [(tongue("AS OF", "截至"), .left), (tongue("THEIRS", "平台"), .right)]
                + report.meanings.map { ($0.id ?? tongue("pack", "规则包"), .right) })
        for figure in report.figures {
            var row = [
                TextTable.Cell(report.calendar.text(of: figure.at)), TextTable.Cell(number(figure.theirs, report)),
            ]
            for place in figure.ours.indices {
                let text = FigureText.text(figure.ours[place], isPercent: report.pair.isPercent)
                row.append(figure.fits[place] ? TextTable.Cell("✓ \(text)", .green) : TextTable.Cell(text))
            }
            table.add(row)
        }
        if !report.figures.isEmpty {
            let (count, compared) = (report.comparable.count, report.compared)
            var row = [TextTable.Cell(tongue("fits", "吻合")), TextTable.Cell("")]
            row += report.meanings.indices.map {
                TextTable.Cell(compared.contains($0) ? "\(report.fits($0))/\(count)" : "–")
            }
            table.add(row)
            text += table.text + "\n"
        }
        for meaning in report.meanings {
            text += "  \(meaning.id ?? tongue("pack", "规则包")): \(tongue(meaning.title))\n"
        }
        return text + "\n" + tongue(verdict(report)) + "\n"
    }

    private static func number(_ fraction: Fraction, _ report: CalibrateTask.Report) -> String {
        FigureScale.number(isPercent: report.pair.isPercent).text(fraction)
    }

    static func verdict(_ report: CalibrateTask.Report) -> Words {
        let left = report.leftOut.map { Words($0.id ?? Tongue.current($0.title)) }.joined(
            separator: Words(en: ", ", zh: "、"))
        guard !report.leftOut.isEmpty else { return found(report) }
        return found(report)
            + Words(
                en: "; left out, as what it counts is not known: \(left.en)", zh: "；因数据不足未参与比对：\(left.zh)")
    }

    private static func found(_ report: CalibrateTask.Report) -> Words {
        let (known, usable) = (report.figures.count, report.comparable.count)
        guard report.isEnough else {
            let left = known - usable
            return Words(
                en:
                    "too few figures to tell: \(counted(usable, "figure")) of the platform's can be compared, \(CalibrateTask.fewest) are needed"
                    + (left > 0 ? "; of \(left) more not all facts are known" : ""),
                zh: "数值太少，无法判断：可比对的平台数值有 \(usable) 个，至少需要 \(CalibrateTask.fewest) 个"
                    + (left > 0 ? "；另有 \(left) 个因数据不完整无法比对" : ""))
        }
        let fitting = report.fitting
        func name(_ meaning: CalibrateTask.Meaning) -> Words {
            guard let id = meaning.id else { return meaning.title }
            return Words(en: "\(id) (\(meaning.title.en))", zh: "\(id)（\(meaning.title.zh)）")
        }
        let names = fitting.map(name).joined(separator: Words(en: ", ", zh: "、"))
        switch fitting.count {
        case 0:
            return Words(
                en: "none fits: no definition comes to all \(usable) figures", zh: "均不吻合：没有一种口径与全部 \(usable) 个数值相符")
        case 1:
            return Words(en: "fits all \(usable) figures: \(names.en)", zh: "与全部 \(usable) 个数值相符：\(names.zh)")
        default:
            return Words(
                en: "several fit all \(usable) figures, which cannot tell them apart: \(names.en)",
                zh: "有多种口径与全部 \(usable) 个数值相符，尚无法区分：\(names.zh)")
        }
    }

    static func json(_ report: CalibrateTask.Report) -> String {
        let (compared, comparable) = (report.compared, Set(report.comparable.map(\.at)))
        return JSONValue.object([
            ("store", .string(report.store.id)), ("metric", .string(report.pair.metric)),
            ("theirs_measure", .string(report.pair.theirs)), ("enough", .bool(report.isEnough)),
            ("comparable", .number(String(report.comparable.count))),
            ("fitting", .array(report.fitting.map { JSONValue($0.id ?? "pack") })),
            ("words", JSONValue(verdict(report))),
            (
                "meanings",
                .array(
                    report.meanings.enumerated().map { place, meaning in
                        .object([
                            ("meaning", .string(meaning.id ?? "pack")), ("title", JSONValue(meaning.title)),
                            ("definition", .string(meaning.definition)),
                            ("compared", .bool(compared.contains(place))),
                            ("fits", .number(String(report.fits(place)))),
                        ])
                    })
            ),
            (
                "figures",
                .array(
                    report.figures.map { figure in
                        .object([
                            ("at", .string(figure.at.description)), ("theirs", JSONValue(.number(figure.theirs))),
                            ("comparable", .bool(comparable.contains(figure.at))),
                            (
                                "ours",
                                .object(
                                    zip(report.meanings, figure.ours).map { ($0.id ?? "pack", JSONValue($1)) })
                            ),
                        ])
                    })
            ),
        ]).text + "\n"
    }
}
