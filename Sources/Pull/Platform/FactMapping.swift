import Facts
import Foundation
import Rules

/// Items of a platform's answer as facts, as its pack says.
struct FactMapping {
    let store: String
    let calendar: StoreCalendar
    /// The moment as of which it is told.
    let now: Timestamp
    /// Whether the list or report is read for the first time.
    let isFirst: Bool

    init(store: String, calendar: StoreCalendar, now: Timestamp, isFirst: Bool) {
        (self.store, self.calendar, self.now) = (store, calendar, now)
        self.isFirst = isFirst
    }

    /// Why an item is no fact, in words that quote nothing of it but a word of the platform's own.
    struct Fault: Error {
        let words: String
        /// Which fact it would be; nil: nobody can tell.
        var id: String?

        init(_ words: String) { self.words = words }
    }

    /// An element, what holds it, and so on: the item comes first.
    struct Place {
        var chain: [JSONNode]
        /// The id by which the item was asked for, where it was.
        var item: String?
        /// Of the fact to which it is added, where it is.
        var fact: String?

        /// So many levels up from the element.
        subscript(names: [String], up up: Int) -> JSONNode? {
            up < chain.count ? chain[chain.count - 1 - up][names] : nil
        }
    }

    /// The facts of one item, or why there is none, as a decoder decodes them.
    ///
    /// - Parameters:
    ///   - item: the id by which it was asked for, where it was.
    ///   - fact: the id of the fact to which it is added, where the mapping has no id.
    func facts(
        _ node: JSONNode, _ rule: MappedRule, item: String?, addedTo fact: String? = nil, by decoder: inout FactDecoder
    ) -> [Result<DecodedFact, Fault>] {
        var found: [Result<DecodedFact, Fault>] = []
        do throws(Fault) {
            for place in try places(of: Place(chain: [node], item: item, fact: fact), rule) {
                if let fact = plainFact(at: place, rule, by: &decoder) {
                    if case .told(let fact) = fact { found.append(.success(.fact(fact))) }
                } else if let told = told(at: place, rule) {
                    found.append(told.map { decoder.decode($0) })
                }
            }
        } catch {
            found.append(.failure(error))
        }
        return found
    }

    /// Where the facts of an item are told.
    func places(of item: Place, _ rule: MappedRule) throws(Fault) -> [Place] {
        var places = [item]
        for level in rule.each {
            var deeper: [Place] = []
            for place in places {
                guard let list = place[level.path, up: 0], list.isArray || list.isNull || list.isObject else {
                    if level.mayBeMissing, place[level.path, up: 0] == nil { continue }
                    throw Fault("no list at \(level.path.joined(separator: "."))")
                }
                deeper += list.elementsOrSelf.map { Place(chain: place.chain + [$0], item: item.item) }
            }
            places = deeper
        }
        return places
    }

    /// The fact of one place, member by member, or why there is none; nil: what is there is not meant.
    func told(at place: Place, _ rule: MappedRule) -> Result<ToldFact, Fault>? {
        do throws(Fault) {
            guard try holds(rule.conditions, place) else { return nil }
            return try told(place, rule).map(Result.success)
        } catch {
            var fault = error
            fault.id = id(of: place, rule)
            return .failure(fault)
        }
    }

    /// The ids that a list in an item names; nil: it is not there, or one of them cannot be read.
    func named(_ node: JSONNode, _ rule: MappedRule) -> [String]? {
        var places = [Place(chain: [node])]
        for level in rule.each {
            var deeper: [Place] = []
            for place in places {
                // Neither null nor {} is taken for none: nothing is to be deleted for want of an answer.
                guard let list = place[level.path, up: 0], list.isArray || list.isObject && !list.isEmptyObject else {
                    return nil
                }
                deeper += list.elementsOrSelf.map { Place(chain: place.chain + [$0]) }
            }
            places = deeper
        }
        var ids: [String] = []
        for place in places {
            guard let found = try? first(of: rule.id ?? [], place) else { return nil }
            ids.append(found)
        }
        return ids
    }

    /// Of a fact that cannot be told whole.
    private func id(of place: Place, _ rule: MappedRule) -> String? {
        let found = rule.id.flatMap { try? first(of: $0, place) } ?? (rule.id == nil ? place.fact : nil)
        return found.flatMap { $0.utf8.count <= FactDecoder.greatestIDBytes ? $0 : nil }
    }

    /// nil for a reading without a value, which is none.
    private func told(_ place: Place, _ rule: MappedRule) throws(Fault) -> ToldFact? {
        var values: [(place: Int, value: ToldFact.Value)] = []
        values.reserveCapacity(rule.members.count)
        let isReading = rule.kind == .measure
        // What a reading is known by.
        var (name, at, hasValue): (String?, Timestamp?, Bool) = (nil, nil, false)
        for member in rule.members {
            if member.isTime {
                guard let moment = try moment(member.terms, for: member.name, place) else {
                    try need(member, place)
                    continue
                }
                values.append((member.place, .moment(moment)))
                if member.name == "at" { at = moment }
            } else {
                guard let text = try value(of: member.terms, for: member.name, quotes: member.isWord, place) else {
                    try need(member, place)
                    continue
                }
                values.append((member.place, .text(text)))
                if isReading, member.name == "name" { name = text }
                if isReading, member.name == "value" { hasValue = true }
            }
        }
        if isReading {
            guard name != nil else { throw Fault("without name") }
            guard hasValue else { return nil }
        }
        let known: String? =
            if let terms = rule.id {
                try first(of: terms, place)
            } else if let fact = place.fact {
                fact
            } else if let name, let at {
                "\(name)@\(at)"
            } else {
                nil
            }
        guard let id = known else { throw Fault("without id") }
        let updatedAt = try moment(rule.updatedAt, for: "updated_at", place)
        if updatedAt == nil, rule.needsUpdatedAt, !isThere(rule.updatedAt, place) { throw Fault("without updated_at") }
        return ToldFact(
            rule.kind, store: store, id: id, updatedAt: updatedAt, members: values, labels: try labels(of: place, rule))
    }

    /// Of a member without a value.
    private func need(_ member: MappedMember, _ place: Place) throws(Fault) {
        if member.isNeeded, !isThere(member.terms, place) { throw Fault("without \(member.name)") }
    }

    func labels(of place: Place, _ rule: MappedRule) throws(Fault) -> [(name: String, text: String)] {
        var labels: [(name: String, text: String)] = []
        for (name, terms) in rule.labels {
            let found = try told(terms, place) { (term, place) throws(Fault) -> String? in
                guard let text = try text(of: term, place), !text.isEmpty else { return nil }
                return term.words?[text] ?? text
            }
            if let found { labels.append((name, found)) }
        }
        return labels
    }

    func first(of terms: [MappedTerm], _ place: Place) throws(Fault) -> String? {
        try told(terms, place) { (term, place) throws(Fault) -> String? in
            guard let text = try text(of: term, place), !text.isEmpty else { return nil }
            return text
        }
    }

    /// nil where none of the terms gives a value.
    ///
    /// - Parameter quotes: whether a word that is not known may be shown.
    func value(
        of terms: [MappedTerm], for member: String, quotes: Bool, _ place: Place
    ) throws(Fault) -> String? {
        try told(terms, place) { (term, place) throws(Fault) -> String? in
            guard var text = try text(of: term, place), !text.isEmpty else { return nil }
            if let prefix = term.prefix { text = String(text.prefix(prefix)) }
            if let words = term.words {
                guard let word = words[text] else {
                    if term.passesOver { return nil }
                    let quoted = quotes && Self.isWord(text) ? " '\(text)'" : ""
                    throw Fault("\(member): the platform's word\(quoted) is none that the pack knows")
                }
                text = word
            }
            if term.isAbsolute, text.hasPrefix("-") { text.removeFirst() }
            var shift = term.shift
            if case .path(let divisor) = term.divisor {
                // 100 for hundredths: a one and its zeros.
                guard let power = place[divisor, up: 0]?.text, power.wholeMatch(of: /10*/) != nil, power.count < 10
                else { throw Fault("\(member): its divisor is no power of ten") }
                shift += power.count - 1
            }
            if shift > 0 {
                guard let shifted = DecimalText.shifted(text, by: shift) else {
                    throw Fault("\(member) is no decimal number")
                }
                text = shifted
            }
            if case .number(let divisor) = term.divisor {
                guard let quotient = DecimalText.quotient(text, by: divisor) else {
                    throw Fault("\(member) is no decimal number")
                }
                text = quotient
            }
            return text
        }
    }

    /// Whether it reads like a platform's own word, such as `WAIT_SELLER` or `105`: what people write, or what a person is
    /// known by, is not to be shown.
    private static func isWord(_ text: String) -> Bool {
        guard (1...40).contains(text.count) else { return false }
        var digits = 0
        for scalar in text.unicodeScalars {
            digits = ("0"..."9").contains(scalar) ? digits + 1 : 0
            let isSign = "_-.:/".unicodeScalars.contains(scalar)
            guard digits <= 5, isSign || scalar.properties.isAlphabetic || digits > 0 else { return false }
        }
        return true
    }

    /// Whether an item is one of those that are meant; what cannot be told is.
    func holds(_ conditions: [MappedCondition], _ node: JSONNode) -> Bool {
        (try? holds(conditions, Place(chain: [node]))) ?? true
    }

    /// Whether a term is asked for its value.
    func applies(_ term: MappedTerm, _ place: Place) throws(Fault) -> Bool {
        switch term.turn {
        case .first where !isFirst, .later where isFirst: false
        default: try holds(term.conditions, place)
        }
    }

    /// Whether all of them are told and hold; of none: no.
    func holdsAll(_ conditions: [MappedCondition], _ node: JSONNode) -> Bool {
        !conditions.isEmpty && ((try? holds(conditions, Place(chain: [node]))) ?? false)
    }

    /// Null holds for nothing; what is not there at all cannot be told, but where an empty text is among the texts.
    func holds(_ conditions: [MappedCondition], _ place: Place) throws(Fault) -> Bool {
        for condition in conditions {
            if case .each(let levels, let path, let up) = condition.term.origin {
                guard try holds(condition, of: nodes(levels, path, up: up, place)) else { return false }
                continue
            }
            let isNamed = condition.names(try text(of: condition.term, place) ?? "")
            if isNamed != (condition.quantity == .none) { continue }
            if isNamed { return false }
            if case .path(let names, let up) = condition.term.origin, place[names, up: up] == nil {
                throw Fault("without \(names.joined(separator: "."))")
            }
            return false
        }
        return true
    }

    /// The id of an item; nil where it has none, or one that is not written as the pack says. An item that is a bare text
    /// or number is its own.
    func id(_ term: MappedTerm, of node: JSONNode) -> String? {
        if case .path = term.origin, term.between == nil, !node.isObject {
            return node.text.flatMap { $0.isEmpty ? nil : $0 }
        }
        return (try? text(of: term, Place(chain: [node]))).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func text(of term: MappedTerm, _ place: Place) throws(Fault) -> String? {
        guard let between = term.between else { return whole(term, place) }
        guard let text = whole(term, place), !text.isEmpty else { return nil }
        var part = text[...]
        if !between.first.isEmpty {
            guard let first = part.range(of: between.first, options: .backwards) else { throw Self.unlike(between) }
            part = part[first.upperBound...]
        }
        if !between.second.isEmpty {
            guard let second = part.range(of: between.second) else { throw Self.unlike(between) }
            part = part[..<second.lowerBound]
        }
        return String(part)
    }

    private static func unlike(_ between: PullPlan.Term.Between) -> Fault {
        Fault("a text does not have \(between.first) before and \(between.second) behind what is meant")
    }

    private func whole(_ term: MappedTerm, _ place: Place) -> String? {
        switch term.origin {
        case .path(let names, let up): return place[names, up: up]?.plainText
        case .each(let levels, let path, let up):
            return nodes(levels, path, up: up, place).lazy.compactMap { $0?.plainText }.first { !$0.isEmpty }
        case .template(let template):
            var isWhole = true
            let text = PullPlan.filled(template) { name in
                let up = name.prefix { $0 == "^" }.count
                let path = name.dropFirst(up).split(separator: ".").map(String.init)
                guard let text = place[path, up: up]?.text, !text.isEmpty else {
                    isWhole = false
                    return ""
                }
                return text
            }
            return isWhole ? text : nil
        case .sum(let levels, let path):
            var nodes = place.chain.suffix(1).map { $0 }
            for level in levels { nodes = nodes.flatMap { $0[level.path]?.elementsOrSelf ?? [] } }
            let parts = nodes.compactMap { $0[path]?.plainText }
            return parts.isEmpty ? nil : DecimalText.sum(parts)
        case .item: return place.item
        case .now: return "\(now.wholeSeconds)"
        case .constant(let text): return text
        }
    }

    func moment(_ terms: [MappedTerm], for member: String, _ place: Place) throws(Fault) -> Timestamp? {
        try told(terms, place) { (term, place) throws(Fault) -> Timestamp? in
            guard let text = try text(of: term, place), !text.isEmpty else { return nil }
            if case .now = term.origin { return now.wholeSeconds }
            var isNone = false
            for form in term.moments {
                switch form.reading(text, calendar) {
                case .moment(let moment): return moment
                case .none: isNone = true
                case .otherwise: continue
                }
            }
            if !isNone, let moment = PullPlan.Moments.unmistakable(text) { return moment }
            if !isNone, PullPlan.Moments.isOfNoTime(text) { isNone = true }
            if !isNone, term.moments.contains(where: { $0.isImplausible(text, calendar) }) {
                throw Fault("\(member): \(Timestamp.TextError.implausible.words)")
            }
            guard isNone else {
                let forms = term.moments.map(\.rawValue).joined(separator: " or ")
                throw Fault("\(member): a time is not written as \(forms)")
            }
            return nil
        }
    }
}

extension JSONNode {
    /// Its text; of a number with an exponent, as some back ends write small ones, the one without.
    var plainText: String? {
        guard let text, isNumber, text.utf8.contains(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") })
        else {
            return text
        }
        return DecimalText.plain(text) ?? text
    }
}
