/// A fact that is put together member by member from bytes that lie elsewhere, without a text in between.
///
/// Only what is plainly right goes in; what is not is left to the decoder of lines, which says what is wrong with it.
package struct FactDraft {
    let kind: FactKind
    /// In the decoder's table.
    let store: Int
    var numbers: [Int64]
    var texts: [String?]
}

extension FactDecoder {
    /// Without any member; nil for a store that no fact can have.
    package mutating func draft(_ kind: FactKind, store: String) -> FactDraft? {
        var store = store
        let index = store.withUTF8 { bytes in isID(bytes) ? stores.index(of: bytes) : nil }
        guard let index else { return nil }
        return FactDraft(
            kind: kind, store: index, numbers: table.numbers[Int(kind.rawValue)],
            texts: table.texts[Int(kind.rawValue)])
    }

    /// Puts a member's value into a draft. Of a member that is put twice the later value stands.
    ///
    /// - Parameters:
    ///   - place: in the kind's `members`.
    ///   - places: how many places a number's point goes to the left: 2 for hundredths.
    /// - Returns: whether it was plainly right.
    package func put(
        _ bytes: UnsafeBufferPointer<UInt8>, shiftedBy places: Int = 0, at place: Int, of draft: inout FactDraft
    ) -> Bool {
        table.withEntry(draft.kind, at: place) { entry in
            switch entry.form {
            case .time: return false
            case .number, .money:
                guard let number = number(bytes, places, entry) else { return false }
                draft.numbers[entry.slot] = number
                return true
            case .bool where bytes.count == 4 && bytes[0] == UInt8(ascii: "t"), .bool where bytes.count == 5:
                let isTrue = bytes.elementsEqual("true".utf8)
                guard isTrue || bytes.elementsEqual("false".utf8) else { return false }
                draft.numbers[entry.slot] = isTrue ? 1 : 0
                return true
            case .bool: return false
            case .word:
                guard let word = entry.words.firstIndex(where: { bytes.isEqual(to: $0) }) else { return false }
                draft.numbers[entry.slot] = Int64(word)
                return true
            case .currency:
                // One that is written otherwise is looked at more closely.
                guard let currency = stores[draft.store].terms.currency, bytes.elementsEqual(currency.utf8) else {
                    return false
                }
                draft.texts[entry.slot] = currency
                return true
            case .order, .string, .buyer:
                let limit = entry.form == .order ? FactDecoder.greatestIDBytes : FactDecoder.greatestTextBytes
                guard bytes.count <= limit, !bytes.contains(0) else { return false }
                let text = bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
                draft.texts[entry.slot] = entry.form == .buyer ? text.map(buyerKey.pseudonym) : text
                return true
            }
        }
    }

    /// The same of a time.
    package func put(_ moment: Timestamp, at place: Int, of draft: inout FactDraft) -> Bool {
        table.withEntry(draft.kind, at: place) { entry in
            guard entry.form == .time, Timestamp.plausible.contains(moment) else { return false }
            draft.numbers[entry.slot] = moment.microseconds
            return true
        }
    }

    /// The fact of a draft; nil where what identifies it, or a label, is not plainly right.
    package func fact(
        _ draft: consuming FactDraft, id: String, updatedAt: Timestamp?, labels: [(name: String, text: String)] = []
    ) -> Fact? {
        var id = id
        guard id.withUTF8({ isID($0) }) else { return nil }
        if let updatedAt, !Timestamp.plausible.contains(updatedAt) { return nil }
        let store = stores[draft.store]
        var known: [String: String] = [:]
        for (name, text) in labels where store.terms.labels.contains(name) && !text.isEmpty {
            guard text.utf8.count <= FactDecoder.greatestIDBytes, !text.utf8.contains(0),
                known.updateValue(text, forKey: name) == nil
            else { return nil }
        }
        table.exclude(wonAppealOf: draft.kind, in: &draft.numbers)
        return Fact(
            draft.kind, store: store.id, id: id, updatedAt: updatedAt, numbers: draft.numbers, texts: draft.texts,
            labels: known)
    }

    private func isID(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count <= FactDecoder.greatestIDBytes && !bytes.contains(0)
    }

    /// In millionths; nil for what a line would not be read as, too.
    private func number(
        _ bytes: UnsafeBufferPointer<UInt8>, _ places: Int, _ entry: borrowing DecodingTable.Entry
    ) -> Int64? {
        if entry.form == .number, !bytes.isJSONNumber { return nil }
        // Of whole numbers no digit is lost: a millionth has six places.
        if places > 0, places > 6 || !bytes.allSatisfy({ $0 &- 48 <= 9 }) { return nil }
        guard var number = try? FixedPoint(decimal: bytes).millionths else { return nil }
        for _ in 0..<places { number /= 10 }
        return entry.isNeverNegative && number < 0 ? nil : number
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Digits, perhaps with a `-` before them and a fraction behind, as JSON writes them: of those that begin with 0 none
    /// goes on with a digit.
    var isJSONNumber: Bool {
        var at = first == UInt8(ascii: "-") ? 1 : 0
        func digits() -> Int {
            let from = at
            while at < count, self[at] &- 48 <= 9 { at += 1 }
            return at - from
        }
        let first = at
        let whole = digits()
        guard whole == 1 || (whole > 1 && self[first] != UInt8(ascii: "0")) else { return false }
        if at < count, self[at] == UInt8(ascii: ".") {
            at += 1
            if digits() == 0 { return false }
        }
        return at == count
    }
}
