/// How a file writes numbers.
package struct NumberForm: Sendable, Hashable {
    /// What parts whole from decimals.
    package var decimal: Character = "."
    /// What parts groups of three digits; nil: nothing does, and a number with it is none.
    package var thousands: Character?

    package init(decimal: Character = ".", thousands: Character? = nil) {
        (self.decimal, self.thousands) = (decimal, thousands)
    }

    /// A number with what may stand around it, exactly; a share in percent is divided by 100.
    ///
    /// - Parameter units: what may stand before or behind it: `¥`, `小时`.
    package func number(in cell: Cell, units: [String]) throws(WrittenNumber.Fault) -> ExactDecimal {
        var rest = Substring(cell.text)
        if let unit = units.first(where: { rest.hasPrefix($0) }) {
            rest = rest.dropFirst(unit.count).drop { $0 == " " }
        }
        let (digits, length) = try digits(of: rest)
        rest = rest.dropFirst(length)
        guard let number = ExactDecimal(digits) else { throw WrittenNumber.Fault(words: "is no number") }
        // `4,723.22` must not be read as 4 where nobody said what the comma is.
        if let sign = rest.first, ".,'".contains(sign), rest.dropFirst().first?.isNumber ?? false {
            throw WrittenNumber.Fault(words: "is no number as the map's `numbers:` write it")
        }
        rest = rest.drop { $0 == " " || $0 == "\u{A0}" }
        if rest.first == "%" || rest.first == "％" {
            rest = rest.dropFirst()
            guard rest.isEmpty || cell.isOpenEnded else { throw WrittenNumber.Fault(words: "has more behind its %") }
            return number.shifted(by: -2)
        }
        if let unit = units.first(where: { rest.hasPrefix($0) }) { rest = rest.dropFirst(unit.count) }
        guard rest.allSatisfy({ $0 == " " }) || cell.isOpenEnded else {
            throw WrittenNumber.Fault(
                words: "has more behind its number; if that is a unit, name it in the map: `unit:`")
        }
        return number
    }

    /// Its sign and digits as `ExactDecimal` reads them, and how many characters they take.
    private func digits(of text: Substring) throws(WrittenNumber.Fault) -> (text: String, length: Int) {
        var (result, length, groups) = ("", 0, [0])
        var isFraction = false
        var rest = text
        func isDigit(_ character: Character?) -> Bool { character?.isASCII ?? false && character?.isNumber ?? false }
        if let sign = rest.first, sign == "-" || sign == "+" || sign == "−" {
            if sign != "+" { result = "-" }
            (rest, length) = (rest.dropFirst(), 1)
        }
        while let sign = rest.first {
            if isDigit(sign) {
                result.append(sign)
                if !isFraction { groups[groups.count - 1] += 1 }
            } else if sign == thousands, !isFraction, isDigit(rest.dropFirst().first) {
                groups.append(0)
            } else if sign == decimal, !isFraction, isDigit(rest.dropFirst().first) {
                result.append(".")
                isFraction = true
            } else if sign == "E" || sign == "e", groups.count == 1, groups[0] > 0 {
                // As a spreadsheet saves what is very small.
                let power = rest.dropFirst().prefix { isDigit($0) || $0 == "-" || $0 == "+" }
                guard power.contains(where: isDigit) else { break }
                return (result + "e" + power, length + 1 + power.count)
            } else {
                break
            }
            (rest, length) = (rest.dropFirst(), length + 1)
        }
        guard groups[0] > 0 else { throw WrittenNumber.Fault(words: "is no number") }
        if groups.count > 1, groups[0] > 3 || groups.dropFirst().contains(where: { $0 != 3 }) {
            throw WrittenNumber.Fault(words: "is no number: groups of digits have three")
        }
        return (result, length)
    }
}
