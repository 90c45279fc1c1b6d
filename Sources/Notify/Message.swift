package import Facts
package import Rules

/// What people read of one event: plain text, nothing escaped, the most wanted first.
package struct Message: Sendable, Hashable {
    /// Where it stands, whose store it is, by which rule.
    package var headline: String
    /// Figure against limit, headroom or recovery, consequence, remedy, facts.
    package var lines: [String]
    /// How far it is to where it stands elsewhere, where that is known; one of the lines as well.
    package var headroom: String?
    /// A page about it.
    package var link: String?
    /// Warning or breach; ok or unjudged where it is over.
    package var standing: Standing
    package var severity: Severity
    /// The same for everything that is told of one alert from its firing to its resolve.
    package var episode: String
    package var store: String
    package var rule: String
    /// Why it is over, where the figures alone would be taken for more; one of the lines as well.
    package var reason: String?

    /// Whether nothing is wrong any more, as far as it is known.
    package var isOver: Bool { standing == .ok || standing == .unjudged }

    /// With the moments that it names by a clock; nil: UTC.
    func shown(by calendar: StoreCalendar?) -> Message {
        let calendar = calendar ?? .utc
        var message = self
        message.headline = calendar.shown(in: headline)
        message.lines = lines.map(calendar.shown)
        message.headroom = headroom.map(calendar.shown)
        message.reason = reason.map(calendar.shown)
        return message
    }

    /// Headline, lines and link as plain text that calls nobody.
    func plain(most: Int) -> String {
        let link = link.map { "\n" + $0 } ?? ""
        return text(most: most - link.utf8.count, form: \.withoutMentions) + link
    }

    /// Headline and lines, as many as fit.
    ///
    /// - Parameters:
    ///   - most: in bytes of UTF-8, of what `form` makes of it; at least 200. What is left out is counted in a last line.
    ///   - form: what a service wants of each line, such as its markup escaped.
    package func text(most: Int, form: (String) -> String = { $0 }) -> String {
        text([headline] + lines, most: most, form: form)
    }

    /// The lines alone.
    package func body(most: Int, form: (String) -> String = { $0 }) -> String {
        text(lines, most: most, form: form)
    }

    private func text(_ lines: [String], most: Int, form: (String) -> String) -> String {
        let whole = lines.map(form).joined(separator: "\n")
        if whole.utf8.count <= most { return whole }
        var left = lines[...]
        // By its last line robots let a list in, and people know a repeat.
        let known = left.last.flatMap { $0.hasPrefix(Self.mark) ? "\n" + $0 : nil } ?? ""
        if !known.isEmpty { left.removeLast() }
        let more = "; " + (Self.wholeElsewhere[rule] ?? "")
        let elsewhere = more.count > 2 ? more : ""
        // Room for the line that says how many more there are.
        let room = most - 24 - known.utf8.count - elsewhere.utf8.count
        var shown = ""
        while let line = left.first {
            let next = (shown.isEmpty ? "" : "\n") + form(line)
            guard shown.utf8.count + next.utf8.count <= room else { break }
            shown += next
            left.removeFirst()
        }
        if shown.isEmpty, let first = left.popFirst() { shown = Self.cut(first, most: room, form: form) }
        return (left.isEmpty ? shown : shown + "\n… +\(left.count)\(elsewhere)") + known
    }

    /// How the line begins that names the notice.
    static let mark = "goodstanding "
    /// Where all of a list stands that was cut, by what it is about.
    private static let wholeElsewhere = [
        "several:": "goodstanding alerts list", "board:": "goodstanding check", "due:": "goodstanding measure due",
    ]

    /// The longest beginning that fits: between characters as people count them, never within one.
    package static func cut(_ text: String, most: Int, form: (String) -> String = { $0 }) -> String {
        if form(text).utf8.count <= most { return form(text) }
        var shown = ""
        for character in text {
            let longer = shown + String(character)
            guard form(longer).utf8.count + "…".utf8.count <= most else { break }
            shown = longer
        }
        return form(shown) + "…"
    }
}
