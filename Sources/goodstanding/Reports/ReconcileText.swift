import Alerts
import Daemon
import Dashboard
import Facts
import Language
import Rules

/// Own figures beside the platform's, for people and for programs.
enum ReconcileText {
    static func table(_ stores: [ReconcileTask.StoreFigures]) -> String {
        let tongue = Tongue.current
        guard !stores.isEmpty else {
            return tongue(
                "no store's pack holds a metric against a figure of the platform's (`reconcile:`)\n",
                "没有店铺的规则包声明与平台数值的核对（`reconcile:`）\n")
        }
        var table = TextTable([
            (tongue("STORE", "店铺"), .left), (tongue("METRIC", "指标"), .left), (tongue("OURS", "我方"), .right),
            (tongue("THEIRS", "平台"), .right), (tongue("AS OF", "截至"), .left), (tongue("DIFFERENCE", "差值"), .right),
            (tongue("TOLERATED", "容差"), .right), (tongue("STANDING", "状态"), .left),
        ])
        for store in stores {
            for figure in store.figures {
                var row = [TextTable.Cell(store.store.id), TextTable.Cell(figure.pair.metric)]
                row += cells(figure, store.calendar).map { TextTable.Cell($0) }
                row.append(TextTable.Cell(tongue(figure.standingTitle), style(figure)))
                table.add(row)
            }
        }
        var text = table.text
        for store in stores {
            for figure in store.figures {
                let lines = remarks(figure, store.calendar)
                guard !lines.isEmpty else { continue }
                text +=
                    "\n" + Terminal.styled(Terminal.printable(store.store.id), .bold)
                    + ", \(tongue(figure.title)) (\(figure.pair.metric))\n"
                text += lines.map { "  \($0)\n" }.joined()
            }
        }
        return text
    }

    private static func cells(_ figure: Reconciled, _ calendar: StoreCalendar) -> [String] {
        guard let comparison = figure.comparison else { return ["–", "–", "–", "–", "–"] }
        return [
            FigureText.text(comparison.ours, isPercent: figure.pair.isPercent), text(comparison.theirs, figure),
            calendar.text(of: comparison.at), difference(comparison, figure),
            "± \(exactly(comparison.allowance, figure))",
        ]
    }

    private static func style(_ figure: Reconciled) -> Terminal.Style? {
        switch figure.comparison?.standing {
        case .agrees?: .green
        case .differs?: .yellow
        case .unknown?: .magenta
        case nil: .dim
        }
    }

    static func text(_ number: Fraction, _ figure: Reconciled) -> String {
        FigureScale.number(isPercent: figure.pair.isPercent).text(number)
    }

    /// To the last digit: what is tolerated may be less than what is shown of a figure.
    private static func exactly(_ number: Fraction, _ figure: Reconciled) -> String {
        guard figure.pair.isPercent, let percent = number.multiplied(by: Fraction(100)) else { return "\(number)" }
        return "\(percent)%"
    }

    private static func difference(_ comparison: Comparison, _ figure: Reconciled) -> String {
        guard let ours = comparison.figure else { return "–" }
        return FigureScale.number(isPercent: figure.pair.isPercent).text(from: comparison.theirs, to: ours)
    }

    /// Why it cannot be told, or since when it parts and what may be behind it; empty where they agree.
    static func remarks(_ figure: Reconciled, _ calendar: StoreCalendar) -> [String] {
        let tongue = Tongue.current
        guard let comparison = figure.comparison else {
            return []
        }
        var lines: [String] = []
        if let hindrance = comparison.hindrance { lines.append(tongue(hindrance.words)) }
        guard comparison.standing == .differs else { return lines }
        if let since = figure.since {
            lines.append(tongue("since \(calendar.text(of: since))", "自 \(calendar.text(of: since)) 起不一致"))
        }
        if let open = figure.pair.open { lines.append(tongue("open: ", "未明确：") + tongue(open)) }
        let likely = figure.likely
        for candidate in likely { lines.append(words(candidate, figure)) }
        if !likely.contains(where: { $0.figure != nil }) {
            lines.append(
                tongue("nothing that was tried comes nearer to theirs", "已尝试的各种口径均不更接近平台数值"))
        }
        return lines
    }

    /// `would be 1.2%, as theirs: by the day of payment`.
    static func words(_ candidate: Reconciled.Candidate, _ figure: Reconciled) -> String {
        let tongue = Tongue.current
        let words = tongue(candidate.cause.words)
        guard let other = candidate.figure else { return words }
        let number = text(other, figure)
        return candidate.fits
            ? tongue("would be \(number), as theirs: \(words)", "则为 \(number)，与平台一致：\(words)")
            : tongue("would be \(number), nearer to theirs: \(words)", "则为 \(number)，更接近平台：\(words)")
    }

    /// One line for a table of standings: `dispute_rate: ours 1.3%, theirs 1.2% as of …, since …; would be …`.
    static func line(_ figure: Reconciled, _ calendar: StoreCalendar?) -> String {
        let tongue = Tongue.current
        guard let comparison = figure.comparison else { return "" }
        func moment(_ at: Timestamp) -> String { calendar.map { $0.text(of: at) } ?? at.description }
        let ours = FigureText.text(comparison.ours, isPercent: figure.pair.isPercent)
        var text = tongue(
            "ours \(ours), theirs \(self.text(comparison.theirs, figure)) as of \(moment(comparison.at))",
            "我方 \(ours)，平台 \(self.text(comparison.theirs, figure))，截至 \(moment(comparison.at))")
        if let since = figure.since, since != comparison.at {
            text += tongue(", apart since \(moment(since))", "，自 \(moment(since)) 起不一致")
        }
        if let hindrance = comparison.hindrance { text += tongue("; ", "；") + tongue(hindrance.words) }
        if let first = figure.likely.first { text += tongue("; ", "；") + words(first, figure) }
        return text
    }

    // MARK: Programs

    static func json(_ stores: [ReconcileTask.StoreFigures]) -> String {
        JSONValue.array(
            stores.map { store in
                .object([
                    ("store", .string(store.store.id)), ("name", .string(store.store.name)),
                    ("platform", .string(store.store.pack)),
                    ("reconciled", .array(store.figures.map(ReconciledBody.json))),
                ])
            }
        ).text + "\n"
    }
}
