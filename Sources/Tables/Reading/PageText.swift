/// A page of a back end as text: what a person copied or saved of it. Labels stand in it, and behind each its value.
package struct PageText: Sendable {
    package let text: String
    private let scalars: [Unicode.Scalar]

    /// Behind a label a value is no longer than this.
    private static let greatestValue = 48

    package init(_ contents: FileContents, _ encoding: TextEncoding) throws(TableError) {
        // `<b>82</b><i>.5</i>` is one number and `<b>4</b><b>12</b>` two, and only the page's style knows.
        if contents.isOtherThanText != nil { throw .noPageText(contents.name) }
        text = String(decoding: try encoding.text(of: contents), as: UTF8.self)
        scalars = Array(text.unicodeScalars)
    }

    /// What stands behind a label; nil where the label is not on the page with a value behind it.
    ///
    /// A label begins where no other word does: `退款自主完结时长` is not that within `退货退款自主完结时长`. Its value begins with a
    /// digit, a sign or a currency's, perhaps behind a colon; two dashes are no value. Of several the first.
    package func cell(behind label: String) -> Cell? {
        let sought = Array(label.unicodeScalars)
        guard !sought.isEmpty, sought.count < scalars.count else { return nil }
        for start in 0...(scalars.count - sought.count) where scalars[start] == sought[0] {
            guard scalars[start..<start + sought.count].elementsEqual(sought),
                start == 0 || !scalars[start - 1].isOfAWord || !sought[0].isOfAWord
            else { continue }
            if let cell = value(from: start + sought.count) { return cell }
        }
        return nil
    }

    private func value(from start: Int) -> Cell? {
        var at = start
        while at < scalars.count, scalars[at].properties.isWhitespace || ":：".unicodeScalars.contains(scalars[at]) {
            at += 1
        }
        let rest = scalars[at..<min(scalars.count, at + Self.greatestValue)]
        guard let first = rest.first else { return nil }
        let begins = first.value >= 0x30 && first.value <= 0x39
        let isSign = "+-−¥￥$€£".unicodeScalars.contains(first)
        if isSign, rest.dropFirst().first == first || !(rest.dropFirst().first?.isValue ?? false) {
            return first == "-" ? .empty : nil
        }
        guard begins || isSign else { return nil }
        let line = rest.prefix { $0 != "\n" && $0 != "\r" }
        return Cell(String(String.UnicodeScalarView(line)).trimmed, isOpenEnded: true)
    }
}

extension Unicode.Scalar {
    /// A letter of any script, or a digit.
    fileprivate var isOfAWord: Bool { properties.isAlphabetic || properties.numericType != nil }

    /// May follow a sign: a digit, a blank, a point.
    fileprivate var isValue: Bool { (0x30...0x39).contains(value) || self == " " || self == "." }
}
