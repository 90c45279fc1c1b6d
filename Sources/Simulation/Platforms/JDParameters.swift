/// The business parameters of a call to JD: one JSON text in `360buy_param_json`.
struct JDParameters {
    private let members: JSONText

    /// Nil when it is no JSON object. A page of 2026 wraps those of the order search, so both forms are read.
    init?(_ text: String) {
        guard let value = JSONText(reading: text.utf8), case .object = value else { return nil }
        switch value.member("paramOrderJSFQuery") {
        case .object(let inner): members = .object(inner)
        case .string(let inner):
            guard let inner = JSONText(reading: inner.utf8), case .object = inner else { return nil }
            members = inner
        default: members = value
        }
    }

    /// A string or a number; an empty one counts as none. An older spelling has `apply_time_start` for `applyTimeStart`.
    subscript(_ name: String) -> String? {
        let snake = name.map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
        switch members.member(name) ?? members.member(snake) {
        case .string(let text): return text.isEmpty ? nil : text
        case .number(let text): return text
        default: return nil
        }
    }

    func text(_ name: String) throws(JDRefusal) -> String {
        guard let text = self[name] else { throw .parameter(name) }
        return text
    }

    func integer(_ name: String, _ allowed: ClosedRange<Int>) throws(JDRefusal) -> Int {
        guard let value = Int(try text(name)), allowed.contains(value) else { throw .parameter(name) }
        return value
    }

    /// A comma list of words.
    func words(_ name: String) throws(JDRefusal) -> Set<String> {
        Set(try text(name).split(separator: ",").map { $0.filter { $0 != " " } })
    }

    /// Nil when neither end is given. Both belong to it, as nothing is said of that; they lie a month apart at most, which
    /// is taken as 31 days.
    func window(_ start: String, _ end: String) throws(JDRefusal) -> ClosedRange<Int64>? {
        let (from, until) = (try time(start), try time(end))
        if from == nil, until == nil { return nil }
        let window = (from ?? .min)...max(from ?? .min, until ?? .max)
        if let from, let until {
            guard from <= until, until - from <= 31 * 86_400 else { throw .parameter(end) }
        }
        return window
    }

    private func time(_ name: String) throws(JDRefusal) -> Int64? {
        guard let text = self[name] else { return nil }
        guard let seconds = BeijingTime.seconds(text) else { throw .parameter(name) }
        return seconds
    }
}
