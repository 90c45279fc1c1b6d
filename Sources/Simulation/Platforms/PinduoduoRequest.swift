/// What a caller of Pinduoduo's gateway sent, every value as the text that is signed.
struct PinduoduoRequest {
    let values: [String: String]

    /// JSON or a form, as the content type says. Nil when it is neither.
    init?(_ call: PlatformCall) {
        if (call.headers["content-type"] ?? "").hasPrefix("application/json") {
            guard case .object(let members) = JSONText(reading: call.body) else { return nil }
            values = Dictionary(members.compactMap { name, value in Self.text(value).map { (name, $0) } }) { $1 }
        } else {
            values = Dictionary(call.form.map { ($0.name, $0.value) }) { $1 }
        }
    }

    /// Nulls are left out; nested values enter the signature as their JSON text.
    private static func text(_ value: JSONText) -> String? {
        switch value {
        case .null: nil
        case .string(let text): text
        default: value.text
        }
    }
}

// MARK: Parameters

extension PinduoduoRequest {
    /// One of the parameters that every call has.
    func common(_ name: String) throws(PinduoduoRefusal) -> String {
        guard let value = values[name], !value.isEmpty else { throw .common(name) }
        return value
    }

    func text(_ name: String) throws(PinduoduoRefusal) -> String {
        guard let value = values[name], !value.isEmpty else { throw .parameter(name) }
        return value
    }

    func integer(_ name: String) throws(PinduoduoRefusal) -> Int64 {
        guard let value = Int64(try text(name)) else { throw .parameter(name) }
        return value
    }

    func integer(_ name: String, in allowed: some Collection<Int>, else standard: Int? = nil) throws(PinduoduoRefusal)
        -> Int
    {
        if values[name] == nil, let standard { return standard }
        let value = Int(try integer(name))
        guard allowed.contains(value) else { throw .parameter(name) }
        return value
    }

    func flag(_ name: String) throws(PinduoduoRefusal) -> Bool {
        switch values[name] {
        case nil, "false": false
        case "true": true
        default: throw .parameter(name)
        }
    }

    /// Unix seconds; both ends belong to it, as nothing is said of that.
    func window(_ start: String, _ end: String, most seconds: Int64) throws(PinduoduoRefusal) -> ClosedRange<Int64> {
        let (from, until) = (try integer(start), try integer(end))
        guard from <= until, until - from <= seconds else { throw .parameter(end) }
        return from...until
    }
}
