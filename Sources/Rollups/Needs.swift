package import Facts

/// What an evaluation at a moment has to read of one store. Both branches of a window that is chosen by a condition are
/// in it, and every offset.
package struct Needs: Sendable, Hashable {
    /// For each kept aggregate the days whose cells are wanted: one stretch that holds all its windows.
    package var cells: [Aggregate: Range<LocalDay>] = [:]
    /// At most one for each aggregate.
    package private(set) var facts: [FactNeed] = []

    package init() {}

    package var isEmpty: Bool { cells.isEmpty && facts.isEmpty }

    package mutating func add(_ aggregate: Aggregate, days: Range<LocalDay>) {
        guard !days.isEmpty else { return }
        let known = cells[aggregate] ?? days
        cells[aggregate] = min(known.lowerBound, days.lowerBound)..<max(known.upperBound, days.upperBound)
    }

    package mutating func add(_ need: FactNeed) {
        guard let place = facts.firstIndex(where: { $0.aggregate == need.aggregate }) else {
            facts.append(need)
            return
        }
        let known = facts[place].range
        facts[place].range = min(known.lowerBound, need.range.lowerBound)..<max(known.upperBound, need.range.upperBound)
    }

    package mutating func add(_ other: Needs) {
        for (aggregate, days) in other.cells { add(aggregate, days: days) }
        for need in other.facts { add(need) }
    }
}

/// The facts that one aggregate is computed from when buckets do not answer: the unfinished day, rolling hours, the
/// reducers that are not additive, what is in force.
///
/// To be answered with order files, each once, that hold all facts of `aggregate.kindsRead`. Files too many do no harm;
/// a file that holds a fact of `aggregate.kind` with its time in `range` must not be left out.
package struct FactNeed: Sendable, Hashable {
    package let aggregate: Aggregate
    /// Of the aggregate's `by`, or of the begin of what is in force.
    package var range: Range<Timestamp>
    /// Where an index can help: a file counts only if one of these members, moved by its shift, lies in `range`. Empty
    /// when the time is computed in a way that no index serves: then every file with a fact of the kind is needed.
    package let anchors: [Anchor]

    /// A member of type time, moved by a constant: `opened_at + 48h`.
    package struct Anchor: Sendable, Hashable {
        package let kind: FactKind
        package let member: Member
        package let shift: TimeSpan

        package init(kind: FactKind, member: Member, shift: TimeSpan) {
            (self.kind, self.member, self.shift) = (kind, member, shift)
        }

        /// The values of the plain member that are meant by `range`.
        package func values(for range: Range<Timestamp>) -> Range<Timestamp> {
            range.lowerBound - shift..<range.upperBound - shift
        }
    }

    package init(_ aggregate: Aggregate, in range: Range<Timestamp>) {
        (self.aggregate, self.range) = (aggregate, range)
        let time = aggregate.time.expressions[0]  // proof: every time has a first expression
        anchors = Anchor.anchors(of: time, shift: .zero) ?? []
    }
}
