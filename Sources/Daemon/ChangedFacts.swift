import Facts
import Language
import Rollups
import Rules

/// The facts that make a figure another, group by group: those of one reason and product together.
struct ChangedFacts {
    private let part: FigureChange.Part

    init(_ part: FigureChange.Part) { self.part = part }

    /// A fact that the figure counts.
    struct Counted {
        var fact: Recount.Counted
        var about: About

        struct About: Hashable {
            var reason: String?
            var product: String?
        }
    }

    typealias Groups = [ExplainedChange.Group]

    /// Those that came, those of another value, and those that left, each in that order: so there is no moment in between
    /// at which a mean or a rate has nothing to rest on.
    ///
    /// - Parameter others: what is counted before and after.
    func groups(
        from: [FactKey: Counted], to: [FactKey: Counted], beside others: [FactKey: Counted]
    ) -> (came: Groups, changed: Groups, left: Groups) {
        var counted = others.merging(from) { $1 }.mapValues(\.fact)
        var metric = part.metric(figure(counted))
        func step(_ facts: [FactKey: Counted], _ change: (FactKey, Counted) -> Void) -> Groups {
            let groups = Dictionary(grouping: facts, by: \.value.about).sorted {
                ($1.value.count, $0.key.reason ?? "", $0.key.product ?? "")
                    < ($0.value.count, $1.key.reason ?? "", $1.key.product ?? "")
            }
            return groups.map { about, facts in
                for (key, fact) in facts { change(key, fact) }
                let after = part.metric(figure(counted))
                defer { metric = after }
                return ExplainedChange.Group(
                    reason: about.reason, product: about.product, count: facts.count,
                    effect: FigureChange.difference(metric, after))
            }
        }
        let came = step(to.filter { from[$0.key] == nil }) { counted[$0] = $1.fact }
        let changed = step(to.filter { key, fact in from[key].map { isOther($0.fact, fact.fact) } ?? false }) {
            counted[$0] = $1.fact
        }
        let left = step(from.filter { to[$0.key] == nil }) { key, _ in counted[key] = nil }
        return (came, changed, left)
    }

    /// Of the latest the time decides too.
    private func isOther(_ a: Recount.Counted, _ b: Recount.Counted) -> Bool {
        a.value != b.value || part.reading.aggregate.reducer == .latest && a.at != b.at
    }

    private func figure(_ counted: [FactKey: Recount.Counted]) -> Value {
        Recount.value(of: part.reading.aggregate, counting: counted.values)
    }
}
