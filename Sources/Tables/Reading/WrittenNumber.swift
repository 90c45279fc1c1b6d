/// Numbers as people and back ends write them, read exactly.
package enum WrittenNumber {
    /// Why a text is no number, in words that follow it.
    package struct Fault: Error, Sendable, Hashable { package let words: String }

    /// `82`, `-0.5`, `1.34%`: a share may be written in percent, and is divided by 100 exactly.
    package static func decimal(_ text: String) throws(Fault) -> ExactDecimal {
        var body = Substring(text)
        let isPercent = body.last == "%" || body.last == "％"
        if isPercent { body = body.dropLast() }
        while body.last == " " || body.last == "\u{A0}" { body = body.dropLast() }
        guard let number = ExactDecimal(body) else {
            let hint =
                body.contains(",")
                ? ": write 1234.5, without commas"
                : isPercent ? ": write 1.34%" : ": write a number such as 82, 0.0134 or 1.34%"
            throw Fault(words: "is no number\(hint)")
        }
        return isPercent ? number.shifted(by: -2) : number
    }
}
