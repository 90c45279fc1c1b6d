import Daemon
import Facts

/// The grid of figures as it comes back: fields named `value STORE/NAME`, with `meant STORE/NAME` where a doubt was seen.
struct DueForm {
    let written: [MeasureTask.Written]

    init(_ form: FormBody) {
        let meant = Set(form.fields.filter { $0.name.hasPrefix("meant ") }.map { String($0.name.dropFirst(6)) })
        let at = form["at"] ?? ""
        written = form.fields.compactMap { field in
            guard field.name.hasPrefix("value "), !field.value.allSatisfy(\.isWhitespace) else { return nil }
            let key = String(field.name.dropFirst(6))
            // A store's id may hold a slash, a measure's name none.
            guard let slash = key.lastIndex(of: "/") else { return nil }
            return MeasureTask.Written(
                store: String(key[..<slash]), name: String(key[key.index(after: slash)...]),
                value: field.value.filter { !$0.isWhitespace }, at: at, isMeant: meant.contains(key))
        }
    }

    static func field(_ kind: String, _ store: String, _ name: String) -> String { "\(kind) \(store)/\(name)" }

    static func words(_ outcome: MeasureTask.Outcome, _ left: [MeasureTask.Left]) -> Words {
        var words =
            outcome.taken.isEmpty
            ? Words(en: "Nothing was entered.", zh: "没有录入任何读数。")
            : Words(en: "Entered: \(counted(outcome.taken.count, "reading")).", zh: "已录入 \(outcome.taken.count) 条读数。")
        if !left.isEmpty {
            words += Words(en: " \(left.count) to look at again.", zh: "另有 \(left.count) 条需要核对。")
        }
        // What was meant is doubted no more; what another source brings is told.
        for remark in outcome.remarks where outcome.hasFailed { words += Words(" ") + remark }
        return words
    }
}
