import Facts
import Rules

/// What stands in lists within an item, each element by itself.
extension FactMapping {
    /// Of the terms the first that gives something, and of one that is told of each element of lists the first of these.
    func told<Value>(
        _ terms: [MappedTerm], _ place: Place, _ value: (MappedTerm, Place) throws(Fault) -> Value?
    ) throws(Fault) -> Value? {
        for term in terms {
            guard !term.each.isEmpty else {
                if try applies(term, place), let found = try value(term, place) { return found }
                continue
            }
            for place in elements(term.each, place) where try applies(term, place) {
                if let found = try value(term, place) { return found }
            }
        }
        return nil
    }

    /// A list that is not there has no elements.
    private func elements(_ levels: [PullPlan.FactMapping.Level], _ place: Place) -> [Place] {
        levels.reduce([place]) { places, level in
            places.flatMap { place in
                (place[level.path, up: 0]?.elementsOrSelf ?? []).map {
                    Place(chain: place.chain + [$0], item: place.item, fact: place.fact)
                }
            }
        }
    }

    /// Whether anything of what the terms tell is there, be it null.
    func isThere(_ terms: [MappedTerm], _ place: Place) -> Bool {
        terms.contains { term in
            let places = term.each.isEmpty ? [place] : elements(term.each, place)
            return places.contains { place in
                switch term.origin {
                case .path(let names, let up): place[names, up: up] != nil
                case .each(let levels, let path, let up): nodes(levels, path, up: up, place).contains { $0 != nil }
                case .sum, .template, .item, .now, .constant: (try? applies(term, place)) ?? false
                }
            }
        }
    }

    /// What stands at a path in each element of lists within lists; nil for one in which it is not there, and for a list
    /// that is not there itself.
    func nodes(_ levels: [PullPlan.FactMapping.Level], _ path: [String], up: Int, _ place: Place) -> [JSONNode?] {
        var nodes: [JSONNode?] = [up < place.chain.count ? place.chain[place.chain.count - 1 - up] : nil]
        for level in levels {
            nodes = nodes.flatMap { node -> [JSONNode?] in
                guard let list = node?[level.path] else { return node != nil && level.mayBeMissing ? [] : [nil] }
                return list.elementsOrSelf
            }
        }
        return nodes.map { $0?[path] }
    }

    /// Lists without elements have nothing there; where no element tells it, it cannot be told whether it holds.
    func holds(_ condition: MappedCondition, of nodes: [JSONNode?]) throws(Fault) -> Bool {
        let texts = nodes.isEmpty ? [""] : nodes.map { $0?.plainText ?? "" }
        let holds =
            switch condition.quantity {
            case .some: texts.contains(where: condition.names)
            case .all: texts.allSatisfy(condition.names)
            case .none: !texts.contains(where: condition.names)
            }
        if !holds, condition.quantity != .none, !nodes.isEmpty, nodes.allSatisfy({ $0 == nil }),
            case .each(let levels, let path, _) = condition.term.origin
        {
            let names =
                levels.map { $0.path.joined(separator: ".") + "[]" }
                + (path.isEmpty ? [] : [path.joined(separator: ".")])
            throw Fault("without \(names.joined(separator: "."))")
        }
        return holds
    }
}
