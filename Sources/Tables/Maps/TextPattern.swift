/// Text with places in it that are to be read: `refunds_{from}_{until}.csv`, where `*` is any text.
package struct TextPattern: Sendable, Hashable, CustomStringConvertible {
    private enum Part: Sendable, Hashable {
        case literal(String)
        case any
        case place(String)
    }

    package let description: String
    private let parts: [Part]

    /// nil when a brace is not closed, or two places stand side by side: nothing would say where one ends.
    package init?(_ text: String) {
        var (parts, literal, rest) = ([Part](), "", Substring(text))
        while let sign = rest.first {
            rest = rest.dropFirst()
            guard sign == "*" || sign == "{" else {
                literal.append(sign)
                continue
            }
            if !literal.isEmpty {
                parts.append(.literal(literal))
                literal = ""
            } else if !parts.isEmpty {
                return nil
            }
            if sign == "*" {
                parts.append(.any)
                continue
            }
            guard let end = rest.firstIndex(of: "}"), end > rest.startIndex else { return nil }
            parts.append(.place(String(rest[..<end])))
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        (description, self.parts) = (text, parts)
    }

    package var places: Set<String> {
        Set(parts.compactMap { if case .place(let name) = $0 { name } else { nil } })
    }

    /// What stands at its places in a text that is like it as a whole; nil where it is not.
    package func match(_ text: String) -> [String: String]? { match(Substring(text), parts[...], isWhole: true) }

    /// The same anywhere within a text. What stands at a place at its end reaches on to the end of the text.
    package func find(in text: String) -> [String: String]? {
        guard case .literal(let first)? = parts.first else { return match(Substring(text), parts[...], isWhole: false) }
        var rest = Substring(text)
        while let range = rest.range(of: first) {
            if let found = match(rest[range.lowerBound...], parts[...], isWhole: false) { return found }
            rest = rest[range.upperBound...]
        }
        return nil
    }

    private func match(_ text: Substring, _ parts: ArraySlice<Part>, isWhole: Bool) -> [String: String]? {
        guard let part = parts.first else { return text.isEmpty || !isWhole ? [:] : nil }
        let following = parts.dropFirst()
        switch part {
        case .literal(let literal):
            guard text.hasPrefix(literal) else { return nil }
            return match(text.dropFirst(literal.count), following, isWhole: isWhole)
        case .any, .place:
            guard case .literal(let next)? = following.first else { return filled(part, text, [:]) }
            // The shortest that lets the rest be found.
            var start = text.startIndex
            while let range = text[start...].range(of: next) {
                if let found = match(text[range.lowerBound...], following, isWhole: isWhole),
                    let filled = filled(part, text[..<range.lowerBound], found)
                {
                    return filled
                }
                start = text.index(after: range.lowerBound)
            }
            return nil
        }
    }

    private func filled(_ part: Part, _ text: Substring, _ found: [String: String]) -> [String: String]? {
        guard case .place(let name) = part else { return found }
        let value = String(text).trimmed
        guard !value.isEmpty else { return nil }
        return found.merging([name: value]) { first, _ in first }
    }
}

extension Substring {
    /// Where a text first stands in this one.
    fileprivate func range(of text: String) -> Range<Index>? {
        guard let first = text.first else { return nil }
        var at = startIndex
        while let start = self[at...].firstIndex(of: first) {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            at = index(after: start)
        }
        return nil
    }
}
