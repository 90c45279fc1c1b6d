extension OrderFile {
    /// The file as it stood at a moment, as far as its facts say when things happened: what began later is not there, what
    /// happened later has not happened, and words that follow from that say so. Deadlines stay: they were known before.
    ///
    /// What carries no time (a reason that was corrected, an exclusion) is as it is known.
    package func cut(at moment: Timestamp) -> OrderFile {
        guard hasEvents(after: moment) else { return self }
        let cutOrder = order.flatMap { $0.cut(at: moment) }
        // What belongs to an order that was not there yet was not there either.
        if order != nil, cutOrder == nil { return OrderFile() }
        return OrderFile(order: cutOrder, children: children.compactMap { $0.cut(at: moment) })
    }

    /// Whether anything of it happened after the moment.
    package func hasEvents(after moment: Timestamp) -> Bool {
        func happened(_ fact: Fact) -> Bool {
            FactCut.of[Int(fact.kind.rawValue)].times.contains { fact.isLater($0, moment) }
        }
        return order.map(happened) ?? false || children.contains(where: happened)
    }
}

extension Fact {
    /// nil: it had not begun.
    fileprivate func cut(at moment: Timestamp) -> Fact? {
        let plan = FactCut.of[Int(kind.rawValue)]
        if let begin = plan.begins.first(where: { numbers[$0] != Fact.missing }), isLater(begin, moment) { return nil }
        let undone = plan.times.filter { isLater($0, moment) }
        guard !undone.isEmpty else { return self }
        var fact = self
        for slot in undone { fact.numbers[slot] = Fact.missing }
        for word in plan.words where fact.numbers[word.slot] != Fact.missing {
            if word.follows.contains(where: undone.contains) { fact.numbers[word.slot] = word.before }
        }
        if let stages = plan.stages, fact.numbers[stages.slot] != Fact.missing {
            let reached = stages.stages.first { fact.numbers[$0.time] != Fact.missing }
            fact.numbers[stages.slot] = reached?.word ?? stages.first
        }
        return fact
    }

    fileprivate func isLater(_ slot: Int, _ moment: Timestamp) -> Bool {
        numbers[slot] != Fact.missing && numbers[slot] > moment.microseconds
    }
}

/// Which members of a kind say when something happened, and what follows from that.
private struct FactCut {
    /// The first of them that is known says when the fact began.
    var begins: [Int] = []
    /// All that say when something happened.
    var times: [Int] = []
    /// A word that stands only since one of these moments, and what it said before.
    var words: [(slot: Int, follows: [Int], before: Int64)] = []
    /// A word that says how far it is, the furthest stage first.
    var stages: (slot: Int, stages: [(time: Int, word: Int64)], first: Int64)?

    static let of: [FactCut] = FactKind.allCases.map { FactCut($0) }

    /// Times that lie ahead of what they speak of.
    private static let deadlines: Set = ["ship_by", "deliver_by", "due_at", "expires_at", "appeal_by"]

    private init(_ kind: FactKind) {
        let schema = Schema[kind]
        func slot(_ name: String) -> Int? { schema.member(name)?.slot }
        func word(_ text: String, of name: String) -> Int64? {
            schema.member(name).flatMap { Mark.value(text, of: $0) }
        }
        times = schema.members.filter { $0.type == .time && !FactCut.deadlines.contains($0.name) }.map(\.slot)
        let beginning: [String] =
            switch kind {
            case .order: ["placed_at", "paid_at"]
            case .line: []
            case .parcel: ["shipped_at"]
            case .refund, .case: ["opened_at"]
            case .rating: ["rated_at"]
            case .penalty: ["issued_at"]
            case .measure: ["at"]
            }
        begins = beginning.compactMap(slot)
        func follow(_ name: String, _ times: [String], before: Int64?) {
            guard let slot = slot(name), let before else { return }
            words.append((slot, times.compactMap { schema.member($0)?.slot }, before))
        }
        switch kind {
        case .refund:
            follow("status", ["refunded_at", "closed_at"], before: word("open", of: "status"))
            follow("closed_by", ["refunded_at", "closed_at"], before: Fact.missing)
            follow("intervened", ["intervened_at"], before: 0)
        case .order, .line: follow("canceled_by", ["canceled_at"], before: Fact.missing)
        default: break
        }
        if kind == .order, let status = slot("status"), let open = word("open", of: "status") {
            let names = [
                ("canceled_at", "canceled"), ("completed_at", "completed"), ("delivered_at", "delivered"),
                ("shipped_at", "shipped"), ("paid_at", "paid"),
            ]
            let stages = names.compactMap { name, text in
                slot(name).flatMap { time in word(text, of: "status").map { (time: time, word: $0) } }
            }
            self.stages = (status, stages, open)
        }
    }
}
