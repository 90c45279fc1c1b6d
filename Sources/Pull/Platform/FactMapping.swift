import Facts
import Foundation
import Rules

/// Items of a platform's answer as lines of facts, as its pack says.
struct FactMapping {
    private let store: String
    private let calendar: StoreCalendar
    /// The moment as of which it is told.
    private let now: Timestamp
    /// Whether the list or report is read for the first time.
    private let isFirst: Bool
    /// What `{name.first}` in a condition stands for.
    private let firsts: [String: String]

    init(store: String, calendar: StoreCalendar, now: Timestamp, isFirst: Bool, firsts: [String: String]) {
        (self.store, self.calendar, self.now) = (store, calendar, now)
        (self.isFirst, self.firsts) = (isFirst, firsts)
    }

    /// Why an item is no fact, in words that quote nothing of it.
    struct Fault: Error { let words: String }

    /// An element, what holds it, and so on: the item comes first.
    private struct Place {
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

    /// The facts of one item, as JSON: what a person may import is what a platform brings.
    ///
    /// - Parameters:
    ///   - item: the id by which it was asked for, where it was.
    ///   - fact: the id of the fact to which it is added, where the mapping has no id.
    func lines(
        _ node: JSONNode, _ mapping: PullPlan.FactMapping, item: String?, addedTo fact: String? = nil
    ) -> [(kind: FactKind, line: Result<String, Fault>)] {
        var places = [Place(chain: [node], item: item, fact: fact)]
        for level in mapping.each {
            var deeper: [Place] = []
            for place in places {
                guard let list = place[level.path, up: 0], list.isArray || list.isNull else {
                    if level.mayBeMissing, place[level.path, up: 0] == nil { continue }
                    return [(mapping.kind, .failure(Fault(words: "no list at \(level.path.joined(separator: "."))")))]
                }
                deeper += list.elements.map { Place(chain: place.chain + [$0], item: item) }
            }
            places = deeper
        }
        return places.compactMap { place in
            do throws(Fault) {
                guard try holds(mapping.conditions, place), let line = try line(place, mapping) else { return nil }
                return (mapping.kind, .success(line))
            } catch {
                return (mapping.kind, .failure(error))
            }
        }
    }

    /// nil for a reading without a value, which is none.
    private func line(_ place: Place, _ mapping: PullPlan.FactMapping) throws(Fault) -> String? {
        var values: [(name: String, value: String)] = []
        for (member, terms) in mapping.members {
            if let value = try value(of: terms, for: member, place) { values.append((member.name, value)) }
        }
        if mapping.kind == .measure {
            guard values.contains(where: { $0.name == "name" }) else { throw Fault(words: "without name") }
            guard values.contains(where: { $0.name == "value" }) else { return nil }
        }
        guard let id = try id(of: mapping, values, place), !id.isEmpty else { throw Fault(words: "without id") }
        var parts = [
            ("kind", Self.quoted(mapping.kind.name)), ("store", Self.quoted(store)), ("id", Self.quoted(id)),
        ]
        if let moment = try moment(mapping.updatedAt, place) { parts.append(("updated_at", "\"\(moment)\"")) }
        parts += values
        var labels: [String] = []
        for (name, terms) in mapping.labels {
            for term in terms where try applies(term, place) {
                guard let text = try text(of: term, place), !text.isEmpty else { continue }
                labels.append(Self.quoted(name) + ":" + Self.quoted(term.words?[text] ?? text))
                break
            }
        }
        if !labels.isEmpty { parts.append(("labels", "{" + labels.joined(separator: ",") + "}")) }
        return "{" + parts.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    private func id(
        of mapping: PullPlan.FactMapping, _ values: [(name: String, value: String)], _ place: Place
    ) throws(Fault) -> String? {
        if let terms = mapping.id {
            for term in terms where try applies(term, place) {
                if let text = try text(of: term, place), !text.isEmpty { return text }
            }
            return nil
        }
        if let fact = place.fact { return fact }
        let parts = ["name", "at"].compactMap { name in values.first { $0.name == name }?.value.dropFirst().dropLast() }
        return parts.count == 2 ? parts.joined(separator: "@") : nil
    }

    /// As JSON; nil where none of the terms gives a value.
    private func value(of terms: [PullPlan.Term], for member: Member, _ place: Place) throws(Fault) -> String? {
        if case .time = member.type { return try moment(terms, place).map { "\"\($0)\"" } }
        for term in terms where try applies(term, place) {
            guard var text = try text(of: term, place), !text.isEmpty else { continue }
            if let prefix = term.prefix { text = String(text.prefix(prefix)) }
            if let words = term.words {
                guard let word = words[text] else {
                    if term.passesOver { continue }
                    throw Fault(words: "\(member.name): the platform's word is none that the pack knows")
                }
                text = word
            }
            if term.isAbsolute, text.hasPrefix("-") { text.removeFirst() }
            var shift = term.shift
            if let divisor = term.divisor {
                // 100 for hundredths: a one and its zeros.
                guard let power = place[divisor, up: 0]?.text, power.wholeMatch(of: /10*/) != nil, power.count < 10
                else { throw Fault(words: "\(member.name): its divisor is no power of ten") }
                shift += power.count - 1
            }
            if shift > 0 {
                guard let shifted = DecimalText.shifted(text, by: shift) else {
                    throw Fault(words: "\(member.name) is no decimal number")
                }
                text = shifted
            }
            return written(text, as: member)
        }
        return nil
    }

    /// Whether an item is one of those that are meant; what cannot be told is.
    func holds(_ conditions: [PullPlan.Condition], _ node: JSONNode) -> Bool {
        (try? holds(conditions, Place(chain: [node]))) ?? true
    }

    /// Whether a term is asked for its value.
    private func applies(_ term: PullPlan.Term, _ place: Place) throws(Fault) -> Bool {
        switch term.turn {
        case .first where !isFirst, .later where isFirst: false
        default: try holds(term.conditions, place)
        }
    }

    /// Whether all of them are told and hold; of none: no.
    func holdsAll(_ conditions: [PullPlan.Condition], _ node: JSONNode) -> Bool {
        !conditions.isEmpty && ((try? holds(conditions, Place(chain: [node]))) ?? false)
    }

    /// Null holds for nothing; what is not there at all cannot be told, but where an empty text is among the texts.
    private func holds(_ conditions: [PullPlan.Condition], _ place: Place) throws(Fault) -> Bool {
        for condition in conditions {
            let text = try text(of: condition.term, place)
            let texts = condition.texts.map { PullPlan.filled($0) { firsts[$0] } }
            if condition.isNegated {
                if texts.contains(text ?? "") { return false }
                continue
            }
            if case .path(let names, let up) = condition.term.origin, place[names, up: up] == nil,
                !texts.contains("")
            {
                throw Fault(words: "without \(names.joined(separator: "."))")
            }
            guard texts.contains(text ?? "") else { return false }
        }
        return true
    }

    /// The id of an item; nil where it has none, or one that is not written as the pack says.
    func id(_ term: PullPlan.Term, of node: JSONNode) -> String? {
        (try? text(of: term, Place(chain: [node]))).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func text(of term: PullPlan.Term, _ place: Place) throws(Fault) -> String? {
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
        Fault(words: "a text does not have \(between.first) before and \(between.second) behind what is meant")
    }

    private func whole(_ term: PullPlan.Term, _ place: Place) -> String? {
        switch term.origin {
        case .path(let names, let up): return place[names, up: up]?.text
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
            for level in levels { nodes = nodes.flatMap { $0[level.path]?.elements ?? [] } }
            let parts = nodes.compactMap { $0[path]?.text }
            return parts.isEmpty ? nil : DecimalText.sum(parts)
        case .item: return place.item
        case .now: return "\(now.wholeSeconds)"
        case .constant(let text): return text
        }
    }

    private func moment(_ terms: [PullPlan.Term], _ place: Place) throws(Fault) -> Timestamp? {
        for term in terms where try applies(term, place) {
            guard let text = try text(of: term, place), !text.isEmpty else { continue }
            if case .now = term.origin { return now.wholeSeconds }
            var isNone = false
            for form in term.moments {
                switch form.reading(text, calendar) {
                case .moment(let moment): return moment
                case .none: isNone = true
                case .otherwise: continue
                }
            }
            guard isNone else {
                throw Fault(words: "a time is not written as \(term.moments.map(\.rawValue).joined(separator: " or "))")
            }
        }
        return nil
    }

    private func written(_ text: String, as member: Member) -> String {
        switch member.type {
        case .number where DecimalText.isJSONNumber(text): text
        case .bool where text == "true" || text == "false": text
        default: Self.quoted(text)
        }
    }

    static func quoted(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            return "\"" + text + "\""
        }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
