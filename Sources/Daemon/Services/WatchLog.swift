import Facts

/// When the daemon was at work, and looked at the stores: what stood while it did not run nobody knows.
///
/// Kept as a note in the ledger, written again as time goes on. Before its first stretch nobody wrote it down: there it is
/// taken for at work.
struct WatchLog: Sendable, Hashable {
    /// The earliest first; none touches another.
    private(set) var stretches: [Range<Timestamp>] = []

    /// A shorter pause is none: a restart, a long pass.
    static let pause = TimeSpan.minutes(15)
    /// So often it is written down.
    static let step = TimeSpan.minutes(1)
    /// Reports ask for no more than this.
    private static let most = 1000

    init(_ text: String?) {
        stretches = (text ?? "").split(separator: "\n").compactMap { line in
            let ends = line.split(separator: " ").compactMap { Timestamp(String($0)) }
            return ends.count == 2 && ends[0] <= ends[1] ? ends[0]..<ends[1] : nil
        }
    }

    var text: String {
        stretches.map { "\($0.lowerBound) \($0.upperBound)" }.joined(separator: "\n")
    }

    /// It is at work at a moment.
    ///
    /// - Returns: whether that is to be written down.
    mutating func note(_ now: Timestamp) -> Bool {
        guard let last = stretches.last, now <= last.upperBound + Self.pause else {
            stretches.append(now..<now)
            // What is forgotten was not watched, and is not taken for what came before all: the first stays.
            if stretches.count > Self.most { stretches.remove(at: 1) }
            return true
        }
        guard now >= last.upperBound + Self.step else { return false }
        stretches[stretches.count - 1] = last.lowerBound..<now
        return true
    }

    /// A stretch of time in parts in which it was at work, or was not.
    func parts(of range: Range<Timestamp>) -> [(range: Range<Timestamp>, isWatched: Bool)] {
        guard let first = stretches.first else { return [(range, true)] }
        var (parts, at) = ([(range: Range<Timestamp>, isWatched: Bool)](), range.lowerBound)
        func end(_ moment: Timestamp, isWatched: Bool) {
            let until = min(moment, range.upperBound)
            guard at < until else { return }
            parts.append((at..<until, isWatched))
            at = until
        }
        end(first.lowerBound, isWatched: true)
        for stretch in stretches {
            end(stretch.lowerBound, isWatched: false)
            // What comes next is not long in being written down.
            end(stretch.upperBound + Self.pause, isWatched: true)
        }
        end(range.upperBound, isWatched: false)
        return parts
    }

    /// Whether it was at work at any moment of it that has passed.
    func covers(_ range: Range<Timestamp>, until now: Timestamp) -> Bool {
        let past = range.lowerBound..<max(range.lowerBound, min(range.upperBound, now))
        return past.isEmpty || parts(of: past).contains { $0.isWatched }
    }
}
