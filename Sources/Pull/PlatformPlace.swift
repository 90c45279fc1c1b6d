import Foundation

/// Where in a platform's lists a pull is: the text that a ledger keeps as its cursor.
struct PlatformPlace: Sendable, Hashable {
    /// By place in the plan.
    var stream = 0
    /// Of the stream: a number, an address or a cursor, as its paging has it; nil: the first.
    var page: String?
    /// Ids of items of the page before for which something is still to be asked, the next one first.
    var items: [String] = []
    /// By place in the plan, which of the questions is asked for the first of them.
    var detail = 0
    /// The page that these items are of was the stream's last.
    var isLastPage = false

    init() {}

    /// One line each: the stream, the question, whether it was the last page, the page, the items; percent-encoded.
    var text: String {
        ["\(stream)", "\(detail)", isLastPage ? "last" : "", page.map(PercentEncoding.strict) ?? ""]
            .joined(separator: "\n") + items.map { "\n" + PercentEncoding.strict($0) }.joined()
    }

    /// nil for what `text` did not write.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 4, let stream = Int(lines[0]), let detail = Int(lines[1]) else { return nil }
        (self.stream, self.detail, isLastPage) = (stream, detail, lines[2] == "last")
        page = lines[3].isEmpty ? nil : lines[3].removingPercentEncoding
        items = lines[4...].compactMap(\.removingPercentEncoding)
    }
}
