import ArgumentParser
import Daemon
import Facts
import Rules

/// Readings taken, and readings wanted.
enum MeasureText {
    /// What was taken on standard output, the rest on standard error; ends with 1 where something was not.
    static func report(_ outcome: MeasureTask.Outcome) throws {
        let tongue = Tongue.current
        for fault in outcome.faults { Terminal.note(Terminal.printable(tongue(fault))) }
        for remark in outcome.remarks { Terminal.note(Terminal.printable(tongue(remark))) }
        var text = outcome.taken.prefix(Self.shown).map { line($0, tongue) }.joined()
        if outcome.taken.count > Self.shown {
            let rest = outcome.taken.count - Self.shown
            text += tongue("and \(rest) more\n", "另有 \(rest) 条\n")
        }
        if outcome.taken.isEmpty { text += tongue("nothing was taken\n", "没有录入任何读数\n") }
        if outcome.empty > 0 {
            text += tongue("\(counted(outcome.empty, "reading")) left empty\n", "\(outcome.empty) 条未填\n")
        }
        Terminal.write(text)
        if outcome.hasFailed { throw ExitCode.failed }
    }

    /// A morning's readings of one person are listed, those of a thousand stores counted.
    private static let shown = 40

    private static func line(_ taken: MeasureTask.Taken, _ tongue: Tongue) -> String {
        let (reading, store) = (taken.reading, Terminal.printable(taken.store.id))
        var text = tongue("\(reading.name) of store \(store): ", "店铺 \(store) 的 \(reading.name)：")
        text += reading.value?.description ?? "–"
        if let expected = reading.expected { text += tongue(", against \(expected)", "，对照 \(expected)") }
        text += tongue(" at ", "，时间 ") + taken.calendar.text(of: reading.at)
        if let before = taken.before, let value = before.value {
            let at = taken.calendar.text(of: before.at)
            text += tongue(" (before: \(value) at \(at))", "（此前：\(value)，\(at)）")
        }
        return text + "\n"
    }

    static func undone(_ undone: MeasureTask.Undone) -> String {
        let (tongue, reading) = (Tongue.current, undone.reading)
        let (store, value) = (Terminal.printable(undone.store.id), reading.value?.description ?? "–")
        let at = undone.calendar.text(of: reading.at)
        var text = tongue(
            "taken back: \(reading.name) of store \(store), \(value) at \(at)",
            "已撤回：店铺 \(store) 的 \(reading.name)，\(value)，\(at)")
        if let newest = undone.newest {
            let (value, at) = (newest.value?.description ?? "–", undone.calendar.text(of: newest.at))
            text += tongue("; the newest is \(value) at \(at)", "；最近读数为 \(value)，\(at)")
        } else {
            text += tongue("; no other is left", "；已无其他读数")
        }
        return text + "\n"
    }

    static func table(_ due: [MeasureDueTask.Due]) -> String {
        let tongue = Tongue.current
        guard !due.isEmpty else { return tongue("no reading is wanted today\n", "今天没有需要录入的读数\n") }
        var table = TextTable([
            (tongue("STORE", "店铺"), .left), (tongue("MEASURE", "指标"), .left), (tongue("WHAT", "名称"), .left),
            (tongue("NEWEST", "最近读数"), .left), (tongue("WHERE", "位置"), .left),
        ])
        for item in due {
            table.add([
                .init(item.store.id), .init(item.name), .init(item.title.map { tongue($0) } ?? "–"),
                .init(newest(item, tongue)), .init(item.place.map { tongue($0) } ?? "–"),
            ])
        }
        return table.text
    }

    private static func newest(_ due: MeasureDueTask.Due, _ tongue: Tongue) -> String {
        switch due.lack {
        case .neverEntered: return tongue("never", "从未录入")
        case .old(let reading):
            let day = due.calendar.day(of: reading.at).description
            return (reading.value.map { "\($0), " } ?? "") + day
        }
    }

    /// The form that `measure import` takes back; what stands where is there for the person who fills it in.
    static func csv(_ due: [MeasureDueTask.Due]) -> String {
        let tongue = Tongue.current
        return "store,name,value,expected,at,title,place\n"
            + due.map { item in
                let fields = [
                    item.store.id, item.name, "", "", "", item.title.map { tongue($0) } ?? "",
                    item.place.map { tongue($0) } ?? "",
                ]
                return fields.map(CSVField.text).joined(separator: ",") + "\n"
            }.joined()
    }

    static func json(_ due: [MeasureDueTask.Due]) -> String {
        JSONValue.array(
            due.map { item in
                var newest: (value: FixedPoint?, at: Timestamp)?
                if case .old(let reading) = item.lack { newest = (reading.value, reading.at) }
                return .object([
                    ("store", .string(item.store.id)), ("name", .string(item.name)), ("title", JSONValue(item.title)),
                    ("place", JSONValue(item.place)), ("is_limit", .bool(item.isLimit)),
                    (
                        "newest",
                        newest.map {
                            .object([
                                ("value", $0.value.map { .number($0.description) } ?? .null),
                                ("at", .string($0.at.description)),
                            ])
                        } ?? .null
                    ),
                    ("fresh", .string(item.fresh.written)), ("rules", .array(item.rules.map(JSONValue.string))),
                ])
            }
        ).text + "\n"
    }
}
