/// The marks of one store that are in force at a moment.
package struct MarksInForce: Sendable, Hashable {
    /// By fact, those of one fact in the order of `Mark.memberNames`.
    package private(set) var byFact: [FactKey: [Mark]] = [:]

    /// - Parameter all: of one store; ended ones too.
    package init(_ all: some Sequence<Mark>, at moment: Timestamp) {
        var last: [FactKey: [String: Mark]] = [:]
        for mark in all {
            if let known = last[mark.fact]?[mark.member.name], known.at >= mark.at { continue }
            last[mark.fact, default: [:]][mark.member.name] = mark
        }
        for (key, marks) in last {
            let standing = Mark.memberNames.compactMap { marks[$0] }.filter { $0.isInForce(at: moment) }
            if !standing.isEmpty { byFact[key] = standing }
        }
    }

    /// As they were known at a moment: none that was made later, and those that were taken back later.
    package init(_ all: some Sequence<Mark>, knownAt moment: Timestamp) {
        self.init(
            all.filter { $0.at <= moment }.map { mark in
                var mark = mark
                if let undoing = mark.undoing, undoing.at > moment { mark.undoing = nil }
                return mark
            }, at: moment)
    }

    package var isEmpty: Bool { byFact.isEmpty }
    package var count: Int { byFact.values.reduce(0) { $0 + $1.count } }

    /// The first moment at which one of them ends by itself; nil: none does.
    package var firstEnd: Timestamp? { byFact.values.joined().compactMap(\.until).min() }

    /// The fact as our people know it. An appeal that was won is what the platform no longer counts, unless a mark says
    /// otherwise.
    package func applied(to fact: Fact) -> Fact {
        guard let marks = byFact[fact.key] else { return fact }
        var fact = fact
        for mark in marks { fact.numbers[mark.member.slot] = mark.value }
        let isWon = marks.contains { $0.member.name == "appeal" && $0.valueText == "won" }
        if isWon, !marks.contains(where: { $0.member.name == "excluded" }) { fact.exclude() }
        return fact
    }

    package func applied(to file: OrderFile) -> OrderFile {
        OrderFile(order: file.order.map(applied), children: file.children.map(applied))
    }
}
