import Alerts
import Facts
package import Language
import Mustache
package import Rules

/// How a message reads, in the words of whoever runs the receiver: Mustache, whose first line is the headline.
///
/// Nothing is escaped by it: each service makes plain text of what it is given, as of our own words.
package struct MessageTemplate: Sendable, Hashable {
    let text: String

    /// nil where something is wrong with it, which is told.
    package init?(_ source: SourceText, log: DiagnosticLog) {
        text = source.text
        var tags = TemplateTags(source, log: log)
        let isRight = tags.check()
        do {
            _ = try MustacheTemplate(string: Self.plain + text)
        } catch let error as MustacheTemplate.ParserError {
            // Ours is the line before the first.
            let line = max(error.context.lineNumber - 1, 1)
            let start = source.lineStarts[min(line, source.lineStarts.count) - 1]
            log.error("the template cannot be read here: \(error.error)", at: start..<start, in: source)
            return nil
        } catch { return nil }
        guard isRight else { return nil }
    }

    private static let plain = "{{% CONTENT_TYPE:TEXT}}\n"

    /// Whether it has the member.
    package func names(_ member: String) -> Bool { TemplateTags.names(in: text).contains(member) }

    /// - Returns: its lines; the first that is not empty is the headline. Nothing where it makes nothing of the members.
    func lines(_ members: [String: Any]) -> [String] {
        guard let template = try? MustacheTemplate(string: Self.plain + text) else { return [] }
        let lines = template.render(members).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let begun = Array(lines.drop { $0.allSatisfy(\.isWhitespace) })
        return Array(begun.reversed().drop { $0.allSatisfy(\.isWhitespace) }.reversed())
    }
}

/// The tags of a template by themselves: what Mustache would render as nothing, a name that is misspelt, is to be told.
struct TemplateTags {
    private let source: SourceText
    private let log: DiagnosticLog
    private var isRight = true
    /// Of the sections that are open here.
    private var open: [(name: String, place: Range<Int>)] = []

    init(_ source: SourceText, log: DiagnosticLog) { (self.source, self.log) = (source, log) }

    /// Members of a fact, known within `evidence`.
    static let evidence = ["kind", "id", "order", "at", "leaves", "text"]
    private static let transforms: Set = ["lowercased", "uppercased", "capitalized", "count", "empty"]
    /// Where in a list it is.
    private static let positions: Set = ["first()", "last()", "index()", "even()", "odd()"]

    mutating func check() -> Bool {
        for (tag, place) in Self.tags(in: source.text) { look(at: tag, place) }
        for section in open { refuse("the section {{#\(section.name)}} is not closed", section.place) }
        return isRight
    }

    static func names(in text: String) -> Set<String> {
        Set(tags(in: text).map { $0.tag.drop { "#^&{ ".contains($0) }.filter { !"} ".contains($0) } })
    }

    /// What stands between double braces, and where, in bytes.
    private static func tags(in text: String) -> [(tag: String, place: Range<Int>)] {
        var (found, rest): ([(String, Range<Int>)], Substring) = ([], text[...])
        while let begin = rest.firstRange(of: "{{"), let end = rest[begin.upperBound...].firstRange(of: "}}") {
            let from = text.utf8.distance(from: text.startIndex, to: begin.lowerBound)
            let to = text.utf8.distance(from: text.startIndex, to: end.upperBound)
            found.append((String(rest[begin.upperBound..<end.lowerBound]), from..<to))
            rest = rest[end.upperBound...]
        }
        return found
    }

    private mutating func look(at tag: String, _ place: Range<Int>) {
        let sign = tag.first.flatMap { "#^/&{!><$=%*".contains($0) ? $0 : nil }
        let name = String(
            tag.drop { $0 == sign }.trimmingPrefix(while: \.isWhitespace).reversed()
                .trimmingPrefix { $0.isWhitespace || $0 == "}" }.reversed())
        switch sign {
        case "!": return
        case ">", "<", "$", "=", "%", "*":
            refuse(
                "{{\(tag)}}: a template has members and sections alone, no parts of other files, and braces as they are",
                place)
        case "/":
            guard let last = open.popLast() else { return refuse("{{/\(name)}} closes no section", place) }
            if last.name != name { refuse("{{/\(name)}} closes the section {{#\(last.name)}}", place) }
        case "#", "^":
            check(name, place)
            open.append((name, place))
        default: check(name, place)
        }
    }

    private mutating func check(_ written: String, _ place: Range<Int>) {
        if Self.positions.contains(written) || written == "." { return }
        var name = written
        if let call = written.wholeMatch(of: /([a-z]+)\(([^()]*)\)/) {
            name = String(call.2)
            if !Self.transforms.contains(String(call.1)) {
                return refuse(
                    "'\(call.1)' is nothing that can be made of a member; there are \(Self.transforms.sorted().joined(separator: ", "))",
                    place)
            }
        }
        if name.hasPrefix("labels."), name.utf8.count > "labels.".utf8.count { return }
        let isFact = open.contains { $0.name == "evidence" }
        let known = MessageMembers.names + (isFact ? Self.evidence : [])
        guard !known.contains(name) else { return }
        refuse("a message has no member '\(name)'\(NearestName.hint(for: name, among: known))", place)
    }

    private mutating func refuse(_ message: String, _ place: Range<Int>) {
        isRight = false
        log.error(message, at: place, in: source)
    }
}
