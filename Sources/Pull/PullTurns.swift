import Facts
import HeapModule

/// Who is pulled next: the sources that wait for their time, those whose time has come and that wait for room, and how many
/// of each platform are being pulled.
struct PullTurns {
    private let entries: [PullRounds.Entry]
    private let atOnce: Int
    /// The earliest first; of those due together who comes first in the configuration.
    private var waiting: Heap<Turn> = []
    /// Until when each one waits; nil: it does not. What the heap says otherwise of it is out of date.
    private var waitsUntil: [Timestamp?]
    private var lines: [Line: Places] = [:]
    /// Were pulled to their end, once at least.
    private var isFilled: [Bool]
    /// Had no round yet, nor any before.
    private var isNew: [Bool]

    private struct Turn: Comparable {
        var due: Timestamp
        var place: Int

        static func < (a: Turn, b: Turn) -> Bool { (a.due, a.place) < (b.due, b.place) }
    }

    private struct Line: Hashable {
        var name: String
        var isFilled: Bool
    }

    private struct Places {
        var inside = 0
        var ready: ArraySlice<Int> = []
    }

    init(_ entries: [PullRounds.Entry], atOnce: Int, now: Timestamp) {
        (self.entries, self.atOnce) = (entries, atOnce)
        isFilled = entries.map(\.isFilled)
        isNew = entries.map { $0.last == nil }
        waitsUntil = entries.map { _ in nil }
        for (place, entry) in entries.enumerated() {
            let next = entry.last.map { PullSchedule(every: entry.every).next(after: min($0, now), now: now) }
            wait(place, until: next ?? now)
        }
    }

    /// When the next one of those that wait for their time is due; nil: none waits.
    var next: Timestamp? { waiting.min?.due }

    /// Of one that has begun: it has no place of its own within the interval yet.
    func isFirst(_ place: Int) -> Bool { isNew[place] }

    /// Whose turn it is now. In each line those that came to be due first come first. They are being pulled from now on.
    mutating func begin(at now: Timestamp) -> [Int] {
        while let first = waiting.min, first.due <= now {
            waiting.removeMin()
            guard waitsUntil[first.place] == first.due else { continue }
            waitsUntil[first.place] = nil
            lines[line(of: first.place), default: Places()].ready.append(first.place)
        }
        var begun: [Int] = []
        for line in Array(lines.keys) {
            while let places = lines[line], places.inside < atOnce, let place = places.ready.first {
                lines[line]?.ready.removeFirst()
                lines[line]?.inside += 1
                begun.append(place)
            }
        }
        return begun.sorted()
    }

    /// A round is over; there is room for another one.
    mutating func end(_ place: Int, isWhole: Bool) {
        lines[line(of: place)]?.inside -= 1
        isNew[place] = false
        if isWhole { isFilled[place] = true }
    }

    mutating func wait(_ place: Int, until due: Timestamp) {
        waitsUntil[place] = due
        waiting.insert(Turn(due: due, place: place))
    }

    /// One that waits is due sooner. Of one that is being pulled, or that is due by then, nothing changes.
    mutating func hurry(_ place: Int, to due: Timestamp) {
        guard let until = waitsUntil[place], due < until else { return }
        wait(place, until: due)
    }

    private func line(of place: Int) -> Line { Line(name: entries[place].line, isFilled: isFilled[place]) }
}
