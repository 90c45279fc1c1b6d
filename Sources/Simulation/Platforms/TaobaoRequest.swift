import Crypto

/// What a caller of TOP sent, in the query, in the body or in both; an empty value counts as none.
struct TaobaoRequest {
    let values: [String: String]

    init(_ call: PlatformCall) {
        let pairs = (call.query + call.form).filter { !$0.value.isEmpty }
        values = Dictionary(pairs.map { ($0.name, $0.value) }) { $1 }
    }

    /// By the method named; nil for a method that there is not.
    func signature(secret: String) -> String? {
        var signed = values
        signed["sign"] = nil
        let text = Array(WrappedMD5.joined(signed).utf8)
        let key = SymmetricKey(data: Array(secret.utf8))
        switch values["sign_method"] {
        case "md5": return WrappedMD5.signature(signed, secret: secret)
        case "hmac": return WrappedMD5.hex(HMAC<Insecure.MD5>.authenticationCode(for: text, using: key))
        case "hmac-sha256": return WrappedMD5.hex(HMAC<SHA256>.authenticationCode(for: text, using: key))
        default: return nil
        }
    }

    // MARK: Parameters

    func text(_ name: String) throws(TaobaoRefusal) -> String {
        guard let value = values[name] else { throw .missing(name) }
        return value
    }

    func integer(_ name: String, _ allowed: ClosedRange<Int>, else standard: Int) throws(TaobaoRefusal) -> Int {
        guard let text = values[name] else { return standard }
        guard let value = Int(text), allowed.contains(value) else { throw .invalid(name) }
        return value
    }

    func flag(_ name: String) throws(TaobaoRefusal) -> Bool {
        switch values[name] {
        case nil, "false": false
        case "true": true
        default: throw .invalid(name)
        }
    }

    /// One word or none.
    func word(_ name: String, of allowed: Set<String>) throws(TaobaoRefusal) -> String? {
        guard let value = values[name] else { return nil }
        guard allowed.contains(value) else { throw .invalid(name) }
        return value
    }

    func time(_ name: String) throws(TaobaoRefusal) -> Int64? {
        guard let text = values[name] else { return nil }
        guard let seconds = BeijingTime.seconds(text) else { throw .invalid(name) }
        return seconds
    }

    /// Both ends belong to it, as nothing is said of that.
    func window(_ start: String, _ end: String) throws(TaobaoRefusal) -> ClosedRange<Int64> {
        let (from, until) = (try time(start) ?? .min, try time(end) ?? .max)
        guard from <= until else { throw .invalid(end) }
        return from...until
    }

    /// The fields asked for: `tid,orders.oid`.
    func fields() throws(TaobaoRefusal) -> Set<String> {
        let names = try text("fields").split(separator: ",").map { $0.filter { $0 != " " } }
        guard !names.isEmpty else { throw .missing("fields") }
        return Set(names)
    }
}
