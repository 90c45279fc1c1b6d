package import Facts
package import Language

/// By what a rule looks at parts of a store: a label of facts, or a member that is text.
package enum EachMember: Sendable, Hashable {
    case label(String)
    case member(String)

    /// As a pack writes it.
    package var text: String {
        switch self {
        case .label(let name): "labels.\(name)"
        case .member(let name): name
        }
    }

    /// Whether facts of the kind can have it.
    package func fits(_ kind: FactKind) -> Bool {
        switch self {
        case .label: return true
        case .member(let name):
            switch Schema[kind].member(name)?.type {
            case .string, .word: return true
            default: return false
            }
        }
    }

    /// nil for a fact without it.
    package func value(of fact: Fact) -> String? {
        switch self {
        case .label(let name): return fact.labels[name]
        case .member(let name):
            guard let member = Schema[fact.kind].member(name), fact.has(member) else { return nil }
            guard case .word(let words) = member.type else { return fact.texts[member.slot] }
            let index = Int(fact.numbers[member.slot])
            return words.indices.contains(index) ? words[index] : nil
        }
    }
}

extension Recount {
    /// What an aggregate comes to for each value of a member, over the facts whose time lies in `moments`; facts without
    /// the member count for none. `nothing` is what it comes to for a value of which there is no fact.
    package static func values(
        of aggregate: Aggregate, each member: EachMember, files: some Sequence<OrderFile>, in moments: Range<Timestamp>,
        calendar: StoreCalendar
    ) -> (byValue: [String: Value], nothing: Value) {
        let reduction = FactReduction(aggregate, calendar)
        let last = moments.upperBound - TimeSpan(microseconds: 1)
        var found: [String: [(at: Timestamp, id: String, value: Value)]] = [:]
        for file in files {
            for fact in file.facts(of: aggregate.kind) where reduction.passes(fact, in: file) {
                guard let key = member.value(of: fact), let at = reduction.moment(of: fact, in: file) else { continue }
                switch aggregate.time {
                case .by: guard moments.contains(at) else { continue }
                case .inForce: guard reduction.isInForce(fact, in: file, at: last) else { continue }
                }
                found[key, default: []].append((at, fact.id, reduction.value(of: fact, in: file)))
            }
        }
        func reduced(_ facts: [(at: Timestamp, id: String, value: Value)]) -> Value {
            let facts =
                aggregate.reducer == .latest ? facts.sorted { ($0.at, $0.id) < ($1.at, $1.id) } : facts
            return Reduction.value(
                aggregate.reducer, of: facts.map(\.value), aggregate.value?.type, count: facts.count,
                rank: aggregate.rank, aggregate.kind)
        }
        return (found.mapValues(reduced), reduced([]))
    }
}

extension StoreSums {
    /// For each value of a member the figures of a store that had no other facts. To be asked where the facts behind every
    /// aggregate were read; facts without the member are nobody's.
    package func split(by member: EachMember, calendar: StoreCalendar) -> [String: StoreSums] {
        var parts: [String: [Aggregate: [OrderFile]]] = [:]
        for (aggregate, files) in files {
            for file in files {
                for (value, kept) in file.split(aggregate.kind, by: member) {
                    parts[value, default: [:]][aggregate, default: []].append(kept)
                }
            }
        }
        return parts.mapValues { files in
            var part = StoreSums(files: files)
            for (aggregate, whole) in cells {
                var needs = Needs()
                needs.add(aggregate, days: whole.days)
                let sums = StoreSums(reading: needs, from: files[aggregate] ?? [], calendar: calendar)
                part.cells[aggregate] = sums.cells[aggregate]
            }
            return part
        }
    }
}

extension OrderFile {
    /// By value the file with those facts of the kind that have it, and with all facts of other kinds.
    fileprivate func split(_ kind: FactKind, by member: EachMember) -> [String: OrderFile] {
        Dictionary(grouping: facts(of: kind).filter { member.value(of: $0) != nil }) { member.value(of: $0) ?? "" }
            .mapValues { facts in
                kind == .order
                    ? OrderFile(order: facts.first, children: children)
                    : OrderFile(order: order, children: children.filter { $0.kind != kind } + facts)
            }
    }
}
