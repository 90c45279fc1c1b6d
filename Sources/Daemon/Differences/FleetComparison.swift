import Alerts
import Facts

/// What one configuration says beside what another one does, part by part. Only what differs is said; the whole of it, taken
/// of one configuration, is what the next load is held against (`FleetRecord`).
enum FleetComparison {
    /// What there is of a sort, by name.
    ///
    /// - Parameter former: what goes by another name now.
    case names(Words, [String], [String], former: [String: String] = [:])
    /// What something says, key by key.
    ///
    /// - Parameter former: how it was called before.
    case values(Words, [Value], former: [String] = [])
    /// The other is only said where of these nothing is another.
    indirect case either([FleetComparison], FleetComparison)

    /// A key and what it says on either side; nil: nothing.
    struct Value {
        var name: String
        var before: Words?
        var after: Words?
        /// What is said in place of what it was and is.
        var another: Words?

        init(_ name: String, _ before: Words?, _ after: Words?) {
            (self.name, self.before, self.after) = (name, before, after)
        }

        /// What is said in the words of the configuration is the same in every language.
        init(_ name: String, _ before: String?, _ after: String?) {
            self.init(name, before.map { Words($0) }, after.map { Words($0) })
        }

        /// What may be a secret: that it is another is said, and not which.
        static func sealed(_ name: String, _ before: String?, _ after: String?, _ another: Words) -> Value {
            var value = Value(name, before.map(FleetComparison.seal), after.map(FleetComparison.seal))
            value.another = another
            return value
        }
    }

    var words: [Words] {
        switch self {
        case .names(let what, let before, let after, let former):
            let renamed = before.filter { former[$0] != nil }
            let (old, new) = (Set(before.map { former[$0] ?? $0 }), Set(after))
            return new.subtracting(old).sorted().map {
                Words(en: "\(what.en) '\($0)' added", zh: "新增\(what.zh) '\($0)'")
            }
                + old.subtracting(new).sorted().map {
                    Words(en: "\(what.en) '\($0)' removed", zh: "移除\(what.zh) '\($0)'")
                }
                + renamed.map { name in
                    let now = former[name] ?? name
                    return Words(en: "\(what.en) '\(name)' is now '\(now)'", zh: "\(what.zh) '\(name)' 现为 '\(now)'")
                }
        case .values(let what, let values, _):
            let nothing = Words(en: "nothing", zh: "无")
            return values.filter { $0.before != $0.after }.map { value in
                if let another = value.another { return what + another }
                let (before, after) = (value.before ?? nothing, value.after ?? nothing)
                return what
                    + Words(
                        en: ": \(value.name) was \(before.en), is \(after.en)",
                        zh: "：\(value.name) 原为 \(before.zh)，现为 \(after.zh)")
            }
        case .either(let these, let other):
            let words = these.flatMap(\.words)
            return words.isEmpty ? other.words : words
        }
    }

    /// By which one text is told from another without being kept.
    private static func seal(_ text: String) -> String { ContentID.digest(of: ["seal", text]) }
}
