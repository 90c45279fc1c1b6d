import Foundation

/// Where in a platform's lists a pull is: the text that a ledger keeps as its cursor.
struct PlatformPlace: Sendable, Hashable {
    /// By place in the plan.
    var stream = 0
    /// Of the stream's list, by place.
    var value = 0
    /// Of the time asked for, from the oldest on.
    var window = 0
    /// Of the window: a number, an address or a cursor, as the paging has it; nil: the first.
    var page: String?
    /// Items of the page before for which something is still to be asked, the next one first.
    var items: [Item] = []
    /// By place in the plan, which of the questions is asked for the first of them.
    var detail = 0
    /// Where the answer to that question goes on: a cursor; nil: its first page.
    var detailPage: String?
    /// The page that these items are of was the window's last.
    var isLastPage = false
    /// How many items of this window's list were read on the pages before.
    var read = 0
    /// What the page before of this window held, as a hash; nil: nothing, or there was none.
    var held: String?

    struct Item: Sendable, Hashable {
        /// The id by which it is asked, and the one by which facts know it.
        var asked: String
        var known: String
        /// Facts of it that wait for what is added to them, as exported: what identifies a person is out of them already.
        var facts: [String] = []
    }

    init(stream: Int = 0) { self.stream = stream }

    /// Pages of this list's stretch of time were given before.
    var isWithin: Bool { page != nil && items.isEmpty }

    /// One line each: stream, value, window and what the page before held; the question and its page; whether it was the last page; the
    /// page; the items (with a second id where facts know them by another or wait, and then the facts that wait).
    /// Percent-encoded.
    var text: String {
        let numbers = "\(stream) \(value) \(window)" + (held.map { " " + $0 } ?? "")
        let question = "\(detail)" + (detailPage.map { " " + PercentEncoding.strict($0) } ?? "")
        let before = (isLastPage ? "last" : "") + (read > 0 ? " \(read)" : "")
        let lines = [numbers, question, before, page.map(PercentEncoding.strict) ?? ""]
        let asked = items.map { item in
            let isPlain = item.known == item.asked && item.facts.isEmpty
            let texts = isPlain ? [item.asked] : [item.asked, item.known] + item.facts
            return texts.map(PercentEncoding.strict).joined(separator: " ")
        }
        return (lines + asked).joined(separator: "\n")
    }

    /// nil for what `text` did not write.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 4 else { return nil }
        let question = lines[1].split(separator: " ", maxSplits: 1)
        guard let detail = question.first.flatMap({ Int($0) }) else { return nil }
        detailPage = question.count > 1 ? Self.decoded(question[1]) : nil
        let parts = lines[0].split(separator: " ").map(String.init)
        let numbers = parts.prefix(3).compactMap { Int($0) }
        guard numbers.count == 3, parts.count <= 4, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        held = parts.count == 4 ? parts[3] : nil
        (stream, value, window) = (numbers[0], numbers[1], numbers[2])
        let before = lines[2].split(separator: " ", omittingEmptySubsequences: false)
        guard before.count <= 2, let read = before.count == 2 ? Int(before[1]) : 0, read >= 0 else { return nil }
        (self.detail, isLastPage, self.read) = (detail, before.first == "last", read)
        page = lines[3].isEmpty ? nil : Self.decoded(lines[3][...])
        items = lines[4...].compactMap { line in
            let texts = line.split(separator: " ").compactMap(Self.decoded)
            return texts.first.map {
                Item(asked: $0, known: texts.count > 1 ? texts[1] : $0, facts: Array(texts.dropFirst(2)))
            }
        }
    }

    /// Most ids have nothing to decode, and a place with a hundred of them is read with every request.
    private static func decoded(_ text: Substring) -> String? {
        text.utf8.contains(UInt8(ascii: "%")) ? text.removingPercentEncoding : String(text)
    }
}
