import Facts

/// Addresses within the dashboard.
enum Link {
    static func store(_ id: String) -> String { "/stores/\(escaped(id))" }
    static func rule(_ rule: String, of store: String) -> String { "/stores/\(escaped(store))/rules/\(escaped(rule))" }
    static func rule(_ rule: String, in pack: String) -> String { "/packs/\(escaped(pack))/rules/\(escaped(rule))" }
    static func gate(_ gate: String, of store: String) -> String { "/stores/\(escaped(store))/gates/\(escaped(gate))" }
    static func pack(_ name: String) -> String { "/packs/\(escaped(name))" }
    static func alert(_ episode: String) -> String { "/alerts/\(escaped(episode))" }

    /// What is no letter, digit or `-._~` as its bytes in hex (RFC 3986).
    static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
