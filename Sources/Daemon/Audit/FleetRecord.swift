import Facts

/// All that a configuration and its packs say, as it lies in the ledger until the next load: what that changes can then be
/// said though no daemon ran meanwhile.
///
/// Of what may be a secret two bytes of a hash are kept: enough to see that it is another, and nothing to guess it by.
struct FleetRecord {
    /// By what they are.
    private var names: [String: [String]] = [:]
    /// By what says it, and by its key.
    private var values: [String: [String: Words]] = [:]

    private static let sealLength = 4

    // MARK: To and from its text

    /// A line each: `N`, a sort and a name; `W`, what says something; `V`, of the last such the key and what it says in
    /// English and, where that is another, in Chinese.
    static func text(of fleet: Fleet) -> String {
        var lines: [String] = []
        func add(_ comparison: FleetComparison) {
            switch comparison {
            case .names(let what, _, let names, _): lines += names.map { line("N", what.en, $0) }
            case .values(let what, let values, _):
                lines.append(line("W", what.en))
                for value in values {
                    guard let words = said(value) else { continue }
                    lines.append(line("V", value.name, words.en) + (words.zh == words.en ? "" : "\t" + words.zh))
                }
            case .either(let these, let other):
                these.forEach(add)
                add(other)
            }
        }
        FleetDifferences.comparisons(from: fleet, to: fleet).forEach(add)
        return lines.joined(separator: "\n")
    }

    /// What is no line of ours is passed over.
    init(text: String) {
        var what = ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            switch (parts[0], parts.count) {
            case ("N", 3): names[parts[1], default: []].append(parts[2])
            case ("W", 2):
                what = parts[1]
                values[what, default: [:]] = values[what, default: [:]]
            case ("V", 3...4): values[what]?[parts[1]] = Words(en: parts[2], zh: parts[parts.count - 1])
            default: break
            }
        }
    }

    private static func line(_ parts: String...) -> String { parts.map(oneLine).joined(separator: "\t") }

    private static func oneLine(_ text: String) -> String {
        text.split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }

    /// As it is kept.
    private static func said(_ value: FleetComparison.Value) -> Words? {
        value.after.map { words in
            guard value.another == nil else { return Words(String(words.en.prefix(sealLength))) }
            return Words(en: oneLine(words.en), zh: oneLine(words.zh))
        }
    }

    // MARK: Held against what is loaded now

    func differences(to fleet: Fleet) -> [Words] {
        FleetDifferences.comparisons(from: fleet, to: fleet).flatMap { since($0)?.words ?? [] }
    }

    /// nil: it was not there, and that it has come is said by its name.
    private func since(_ comparison: FleetComparison) -> FleetComparison? {
        switch comparison {
        case .names(let what, _, let now, let former):
            return .names(what, names[what.en] ?? [], now, former: former)
        case .values(let what, let now, let former):
            guard let known = ([what.en] + former).lazy.compactMap({ values[$0] }).first else { return nil }
            return .values(
                what,
                now.map { value in
                    var value = value
                    (value.before, value.after) = (known[Self.oneLine(value.name)], Self.said(value))
                    return value
                })
        case .either(let these, let other):
            return .either(these.compactMap(since), since(other) ?? .values(Words(""), []))
        }
    }
}
