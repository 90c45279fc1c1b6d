import Facts

/// One word of a request beside its path: what it may be, and what it means.
struct APIParameter: Sendable {
    enum Place: String, Sendable { case path, query }
    enum Kind: Sendable {
        case text
        /// May be given several times.
        case texts
        case whole(ClosedRange<Int>, standard: Int)
        case truth
        case word([String])
        /// Several, separated by commas.
        case words([String])
        case moment
        /// Where a list goes on. Any bytes are a place in any list, so that none is ever refused.
        case cursor
    }

    let name: String
    var place = Place.query
    let kind: Kind
    let meaning: String
    /// Of the path all are.
    private(set) var isRequired = false

    init(_ name: String, _ kind: Kind, _ meaning: String) {
        (self.name, self.kind, self.meaning) = (name, kind, meaning)
    }

    static func path(_ name: String, _ meaning: String) -> APIParameter {
        var parameter = APIParameter(name, .text, meaning)
        (parameter.place, parameter.isRequired) = (.path, true)
        return parameter
    }

    /// Without it, or with nothing in it, nothing is done.
    static func required(_ name: String, _ meaning: String) -> APIParameter {
        var parameter = APIParameter(name, .text, meaning)
        parameter.isRequired = true
        return parameter
    }

    /// Why a value is none; nil: it is one.
    func fault(of value: String) -> String? {
        switch kind {
        case .text, .texts: isRequired && value.isEmpty ? "says nothing" : nil
        case .whole(let range, _):
            Int(value).map(range.contains) == true && value.first != "+"
                ? nil : "is a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .truth: value == "true" || value == "false" ? nil : "is true or false"
        case .word(let words): words.contains(value) ? nil : "is one of \(words.joined(separator: ", "))"
        case .words(let words):
            value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { words.contains(String($0)) }
                ? nil : "is one or several of \(words.joined(separator: ", ")), separated by commas"
        case .moment: APIParameter.isMoment(value) ? nil : "is an RFC 3339 time such as 2026-03-02T10:00:00Z"
        case .cursor: APIParameter.bytes(hex: value) == nil ? "is what `next` of the page before said" : nil
        }
    }

    private static func isMoment(_ text: String) -> Bool {
        var bytes = Array(text.utf8)
        return bytes.withUnsafeMutableBufferPointer { buffer in
            do throws(Timestamp.TextError) {
                _ = try Timestamp(rfc3339: UnsafeBufferPointer(buffer))
                return true
            } catch {
                // A time all the same: what does not fit about it is told elsewhere.
                return error == .implausible
            }
        }
    }

    static func bytes(hex text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[index]), let low = digit(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: In the document

    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("name", .string(name)), ("in", .string(place.rawValue)), ("description", .string(meaning)),
            ("required", .bool(isRequired)),
        ]
        switch kind {
        case .words: members += [("style", .string("form")), ("explode", .bool(false))]
        case .texts: members += [("style", .string("form")), ("explode", .bool(true))]
        default: break
        }
        return .object(members + [("schema", schema)])
    }

    private var schema: JSONValue {
        func text(_ more: (String, JSONValue)...) -> JSONValue { .object([("type", .string("string"))] + more) }
        switch kind {
        case .text: return isRequired ? text(("minLength", JSONValue(1))) : text()
        case .texts: return .object([("type", .string("array")), ("items", text(("minLength", JSONValue(1))))])
        case .whole(let range, let standard):
            return .object([
                ("type", .string("integer")), ("minimum", JSONValue(range.lowerBound)),
                ("maximum", JSONValue(range.upperBound)), ("default", JSONValue(standard)),
            ])
        case .truth: return .object([("type", .string("boolean")), ("default", .bool(false))])
        case .word(let words): return text(("enum", .array(words.map(JSONValue.string))))
        case .words(let words):
            return .object([
                ("type", .string("array")), ("items", text(("enum", .array(words.map(JSONValue.string))))),
                ("minItems", JSONValue(1)),
            ])
        case .moment: return text(("format", .string("date-time")))
        case .cursor: return text(("pattern", .string("^([0-9a-f]{2})*$")))
        }
    }
}
