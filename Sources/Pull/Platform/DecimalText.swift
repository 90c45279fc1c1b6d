/// Decimal numbers as texts: what a platform writes in hundredths becomes whole units without any rounding.
enum DecimalText {
    /// With the point so many places to the left: `1250` by 2 is `12.50`; nil for what is no decimal number.
    static func shifted(_ text: String, by places: Int) -> String? {
        guard text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/) != nil else { return nil }
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".")
        var whole = String(parts[0])
        if whole.count <= places { whole = String(repeating: "0", count: places + 1 - whole.count) + whole }
        let point = whole.index(whole.endIndex, offsetBy: -places)
        var units = String(whole[..<point].drop { $0 == "0" })
        if units.isEmpty { units = "0" }
        let rest = whole[point...] + (parts.count > 1 ? parts[1] : "")
        return (isNegative ? "-" : "") + units + (rest.isEmpty ? "" : "." + rest)
    }
}
