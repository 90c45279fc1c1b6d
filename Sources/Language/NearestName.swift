package import Facts

/// What was probably meant.
package enum NearestName {
    /// The candidate closest to `name` by edits (insert, delete, replace, swap neighbours), when it is close enough to
    /// be a slip: a third of the length, at least one edit. The first of equals; nil when none is close.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let written = Array(name.lowercased().unicodeScalars.prefix(64))
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            let letters = Array(candidate.lowercased().unicodeScalars.prefix(64))
            let allowed = Swift.max(1, Swift.max(written.count, letters.count) / 3)
            guard abs(written.count - letters.count) <= allowed else { continue }
            let found = distance(written, letters)
            if found <= allowed, found < best?.distance ?? .max { best = (candidate, found) }
        }
        return best?.name
    }

    /// `; did you mean 'x'?`, or nothing.
    package static func hint(for name: String, among candidates: some Sequence<String>) -> String {
        nearest(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// The same in both languages.
    package static func words(for name: String, among candidates: some Sequence<String>) -> Words {
        nearest(to: name, among: candidates).map { Words(en: "; did you mean '\($0)'?", zh: "；是否指“\($0)”？") }
            ?? Words("")
    }

    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return a.count + b.count }
        var (beforeLast, last) = ([Int](), Array(0...b.count))
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
