import Language

extension [Diagnostic] {
    private static let shown = 5

    /// Of warnings that read alike in one file the first few, the last of which says how many more there are: ten thousand
    /// stores are written in the same way, and nobody reads the same line ten thousand times.
    func shortened() -> [Diagnostic] {
        var (places, counts): ([Alike: Int], [Alike: Int]) = ([:], [:])
        var kept: [Diagnostic] = []
        for diagnostic in self {
            let alike = Alike(file: diagnostic.source.name, message: diagnostic.message)
            let count = counts[alike, default: 0] + 1
            guard diagnostic.severity == .warning else {
                kept.append(diagnostic)
                continue
            }
            counts[alike] = count
            if count > Self.shown { continue }
            places[alike] = kept.count
            kept.append(diagnostic)
        }
        for (alike, count) in counts where count > Self.shown {
            // proof: it was kept when it was counted first.
            kept[places[alike]!].message += " (and \(count - Self.shown) more like this)"
        }
        return kept
    }
}

private struct Alike: Hashable {
    let file: String
    let message: String
}
