import Facts
import Rules

/// The short way: where a pack says plainly where everything stands, its bytes go into a fact as they are read.
///
/// What is not plain, or not right, is told member by member instead, and that says what is wrong with it.
extension FactMapping {
    enum PlainFact {
        case told(Fact)
        /// What is there is not meant.
        case notMeant
    }

    /// nil: it has to be told member by member.
    func plainFact(at place: Place, _ rule: MappedRule, by decoder: inout FactDecoder) -> PlainFact? {
        // The bytes that are looked at lie in the document, which the place keeps alive.
        withExtendedLifetime(place) {
            // Readings are known by what they read, or are none.
            guard rule.kind != .measure, let holds = plainlyHolds(rule.conditions, place) else { return nil }
            guard holds else { return .notMeant }
            guard var draft = decoder.draft(rule.kind, store: store) else { return nil }
            for member in rule.members {
                guard put(member, place, into: &draft, by: decoder) else { return nil }
            }
            guard let id = rule.id.map({ plainID($0, place) }) ?? place.fact,
                case .some(let updatedAt) = plainMoment(rule.updatedAt, "updated_at", place),
                updatedAt != nil || !rule.needsUpdatedAt,
                let labels = try? labels(of: place, rule)
            else { return nil }
            return decoder.fact(draft, id: id, updatedAt: updatedAt, labels: labels).map(PlainFact.told)
        }
    }

    /// Whether what a member is to be was put into the draft, or need not be there.
    private func put(
        _ member: MappedMember, _ place: Place, into draft: inout FactDraft, by decoder: FactDecoder
    ) -> Bool {
        if member.isTime {
            guard let moment = plainMoment(member.terms, member.name, place) else { return false }
            return moment.map { decoder.put($0, at: member.place, of: &draft) } ?? !member.isNeeded
        }
        guard member.isPlain else {
            let text: String?
            do throws(Fault) {
                text = try value(of: member.terms, for: member.name, quotes: false, place)
            } catch {
                return false
            }
            guard var text else { return !member.isNeeded }
            return text.withUTF8 { decoder.put($0, at: member.place, of: &draft) }
        }
        for term in member.terms {
            guard let applies = plainlyApplies(term, place) else { return false }
            guard applies else { continue }
            switch put(term, of: member, place, into: &draft, by: decoder) {
            case .done: return true
            case .nothing: continue
            case .notPlain: return false
            }
        }
        return !member.isNeeded
    }

    private enum Put { case done, nothing, notPlain }

    private func put(
        _ term: MappedTerm, of member: MappedMember, _ place: Place, into draft: inout FactDraft,
        by decoder: FactDecoder
    ) -> Put {
        func put(_ bytes: UnsafeBufferPointer<UInt8>) -> Put {
            guard !bytes.isEmpty else { return .nothing }
            guard term.words != nil else {
                return decoder.put(bytes, shiftedBy: term.shift, at: member.place, of: &draft) ? .done : .notPlain
            }
            guard term.shift == 0, let at = term.plainWords.firstIndex(where: { bytes.isEqual(to: $0.word) }) else {
                // A word that only looks alike may be known too.
                return term.shift == 0 && term.passesOver && bytes.isASCII ? .nothing : .notPlain
            }
            return term.plainWords[at].value.withUnsafeBufferPointer {
                decoder.put($0, at: member.place, of: &draft) ? .done : .notPlain
            }
        }
        switch term.origin {
        case .path(let names, let up):
            switch plainBytes(names, up: up, place) {
            case .text(let bytes): return put(bytes)
            case .nothing: return .nothing
            case .notPlain: return .notPlain
            }
        case .constant(var text): return text.withUTF8 { put($0) }
        case .item:
            guard var text = place.item else { return .nothing }
            return text.withUTF8 { put($0) }
        case .now, .template, .sum, .each: return .notPlain
        }
    }

    private func plainID(_ terms: [MappedTerm], _ place: Place) -> String? {
        if terms.count == 1, let term = terms.first, term.isPlain, case .path(let names, let up) = term.origin,
            term.conditions.isEmpty, term.turn == .always
        {
            guard case .text(let bytes) = plainBytes(names, up: up, place) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
        return try? first(of: terms, place)
    }

    /// nil: it is not to be told plainly; nil within: there is none.
    private func plainMoment(_ terms: [MappedTerm], _ member: String, _ place: Place) -> Timestamp?? {
        for term in terms {
            guard term.isPlain, case .path(let names, let up) = term.origin else {
                // With what stands behind it.
                do throws(Fault) { return .some(try moment(terms, for: member, place)) } catch { return nil }
            }
            guard let applies = plainlyApplies(term, place) else { return nil }
            guard applies else { continue }
            switch plainBytes(names, up: up, place) {
            case .text(let bytes) where !bytes.isEmpty:
                for form in term.moments {
                    if case .moment(let moment) = form.reading(bytes, calendar) { return .some(moment) }
                }
                // None, perhaps, or not written so.
                do throws(Fault) { return .some(try moment(terms, for: member, place)) } catch { return nil }
            case .text, .nothing: continue
            case .notPlain: return nil
            }
        }
        return .some(nil)
    }

    private func plainlyApplies(_ term: MappedTerm, _ place: Place) -> Bool? {
        switch term.turn {
        case .first where !isFirst, .later where isFirst: false
        default: plainlyHolds(term.conditions, place)
        }
    }

    /// nil: it cannot be told plainly.
    private func plainlyHolds(_ conditions: [MappedCondition], _ place: Place) -> Bool? {
        for condition in conditions {
            guard condition.isPlain, case .path(let names, let up) = condition.term.origin else {
                do throws(Fault) {
                    if try holds([condition], place) { continue }
                    return false
                } catch {
                    return nil
                }
            }
            guard case .text(let bytes) = plainBytes(names, up: up, place) else {
                // What is not there, or is null, is looked at more closely.
                do throws(Fault) {
                    if try holds([condition], place) { continue }
                    return false
                } catch {
                    return nil
                }
            }
            let isAmong = condition.plainTexts.contains { bytes.isEqual(to: $0) }
            // One that only looks alike may be among them too.
            if !isAmong, !bytes.isASCII { return nil }
            if isAmong == (condition.quantity == .none) { return false }
        }
        return true
    }

    private enum PlainBytes {
        /// They live as long as the place.
        case text(UnsafeBufferPointer<UInt8>)
        case nothing
        case notPlain
    }

    private func plainBytes(_ names: [String], up: Int, _ place: Place) -> PlainBytes {
        guard up < place.chain.count else { return .nothing }
        switch place.chain[place.chain.count - 1 - up].bytes(at: names) {
        case (.text(let bytes), let isNumber):
            // With an exponent it is written otherwise.
            let isPlain = !isNumber || bytes.allSatisfy { $0 | 0x20 != UInt8(ascii: "e") }
            return isPlain ? .text(bytes) : .notPlain
        case (.textless, _), (.absent, _): return .nothing
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate var isASCII: Bool { allSatisfy { $0 < 0x80 } }
}
