import Facts
import Foundation
import Rules

/// Items of a platform's answer as lines of facts, as its pack says.
struct FactMapping {
    private let store: String
    private let calendar: StoreCalendar

    init(store: String, calendar: StoreCalendar) { (self.store, self.calendar) = (store, calendar) }

    /// Why an item is no fact, in words that quote nothing of it.
    struct Fault: Error { let words: String }

    /// The facts of one item, as JSON: what a person may import is what a platform brings.
    ///
    /// - Parameter item: the id by which it was asked for, where it was.
    func lines(
        _ node: JSONNode, _ mapping: PullPlan.FactMapping, item: String?
    ) -> [(kind: FactKind, line: Result<String, Fault>)] {
        var elements = [[node]]
        if !mapping.each.isEmpty {
            guard let list = node[mapping.each], list.isArray || list.isNull else {
                return [(mapping.kind, .failure(Fault(words: "no list at \(mapping.each.joined(separator: "."))")))]
            }
            elements = list.elements.map { [node, $0] }
        }
        return elements.compactMap { chain in
            do throws(Fault) {
                guard try holds(mapping.conditions, chain, item) else { return nil }
                return (mapping.kind, .success(try line(chain, mapping, item)))
            } catch {
                return (mapping.kind, .failure(error))
            }
        }
    }

    private func line(
        _ chain: [JSONNode], _ mapping: PullPlan.FactMapping, _ item: String?
    ) throws(Fault) -> String {
        guard let id = text(of: mapping.id, chain, item), !id.isEmpty else { throw Fault(words: "without id") }
        var parts = [
            ("kind", quoted(mapping.kind.name)), ("store", quoted(store)), ("id", quoted(id)),
        ]
        if let term = mapping.updatedAt, let moment = try moment(term, chain, item) {
            parts.append(("updated_at", quoted("\(moment)")))
        }
        for (member, term) in mapping.members {
            guard try holds(term.conditions, chain, item) else { continue }
            if case .time = member.type {
                if let moment = try moment(term, chain, item) { parts.append((member.name, quoted("\(moment)"))) }
                continue
            }
            guard var text = text(of: term, chain, item), !text.isEmpty else { continue }
            if let words = term.words {
                guard let word = words[text] else {
                    if term.passesOver { continue }
                    throw Fault(words: "\(member.name): the platform's word is none that the pack knows")
                }
                text = word
            }
            if term.isAbsolute, text.hasPrefix("-") { text.removeFirst() }
            parts.append((member.name, written(text, as: member)))
        }
        return "{" + parts.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    /// Null holds for nothing; what is not there at all cannot be told.
    private func holds(
        _ conditions: [(term: PullPlan.Term, texts: [String])], _ chain: [JSONNode], _ item: String?
    ) throws(Fault) -> Bool {
        for condition in conditions {
            if case .path(let names, let up) = condition.term.origin,
                up >= chain.count || chain[chain.count - 1 - up][names] == nil
            {
                throw Fault(words: "without \(names.joined(separator: "."))")
            }
            guard let text = text(of: condition.term, chain, item), condition.texts.contains(text) else { return false }
        }
        return true
    }

    private func text(of term: PullPlan.Term, _ chain: [JSONNode], _ item: String?) -> String? {
        switch term.origin {
        case .path(let names, let up): up < chain.count ? chain[chain.count - 1 - up][names]?.text : nil
        case .item: item
        case .constant(let text): text
        }
    }

    private func moment(
        _ term: PullPlan.Term, _ chain: [JSONNode], _ item: String?
    ) throws(Fault) -> Timestamp? {
        guard let text = text(of: term, chain, item), !text.isEmpty else { return nil }
        guard let moment = term.moments.moment(text, calendar) else {
            throw Fault(words: "a time is not written as \(term.moments.rawValue)")
        }
        return moment
    }

    private func written(_ text: String, as member: Member) -> String {
        switch member.type {
        case .number where text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?/) != nil: text
        case .bool where text == "true" || text == "false": text
        default: quoted(text)
        }
    }

    private func quoted(_ text: String) -> String {
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

extension PullPlan.Moments {
    /// nil for what is not written so.
    func moment(_ text: String, _ calendar: StoreCalendar) -> Timestamp? {
        switch self {
        case .rfc3339: return Timestamp(text)
        case .gmt: return Timestamp(text.hasSuffix("Z") ? text : text + "Z")
        case .local:
            // Read as if it were UTC: its wall clock is what is meant.
            guard let wall = Timestamp(text + "Z") else { return nil }
            let day = StoreCalendar.utc.day(of: wall)
            return calendar.moment(day: day, microsecondsOfDay: (wall - StoreCalendar.utc.startOfDay(day)).microseconds)
        case .unix: return Int64(text).flatMap { Timestamp(exactSeconds: $0) }
        case .unixMilliseconds: return Int64(text).flatMap { Timestamp(exactMilliseconds: $0) }
        }
    }

    /// A moment as it is asked for.
    func text(_ moment: Timestamp, _ calendar: StoreCalendar) -> String {
        let seconds = Timestamp(
            microseconds: moment.microseconds - (moment.microseconds % 1_000_000 + 1_000_000) % 1_000_000)
        switch self {
        case .rfc3339: return seconds.description
        case .gmt: return String(seconds.description.dropLast())
        case .local: return String(calendar.text(of: seconds).prefix(19))
        case .unix: return String(seconds.microseconds / 1_000_000)
        case .unixMilliseconds: return String(seconds.microseconds / 1000)
        }
    }
}

extension Timestamp {
    /// nil outside what is plausible for something that happened.
    fileprivate init?(exactSeconds seconds: Int64) {
        let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow, Timestamp.plausible.contains(Timestamp(microseconds: microseconds)) else { return nil }
        self.init(microseconds: microseconds)
    }

    fileprivate init?(exactMilliseconds milliseconds: Int64) {
        let (microseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        guard !overflow, Timestamp.plausible.contains(Timestamp(microseconds: microseconds)) else { return nil }
        self.init(microseconds: microseconds)
    }
}
