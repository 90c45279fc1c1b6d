import Facts
import Rules

/// The calls of one stream each time that it is asked, in thousandths.
///
/// Items are taken as spread evenly over windows and the values of a list. That makes it an estimate: of few items now and
/// then two are in one window and none in the next, so that a day differs by some calls either way.
struct CallsExpected {
    private let stream: PullPlan.Stream
    private let microseconds: Int64
    /// How many questions, each with a first page: one a window and value.
    private let cells: Int64
    /// In thousandths.
    private let items: Int64
    /// Of a platform that does not say how many a page holds.
    static let usualPage: Int64 = 50

    /// - Parameter items: what is expected in a day, in thousandths.
    init(_ stream: PullPlan.Stream, over span: TimeSpan, items: Int64) {
        self.stream = stream
        microseconds = span.microseconds
        var windows: Int64 = 1
        if let longest = stream.window, span > longest {
            windows = (span.microseconds + longest.microseconds - 1) / longest.microseconds
        }
        cells = windows * Int64(stream.list?.values.count ?? 1)
        self.items = CallsExpected.share(items, of: span.microseconds)
    }

    private static func share(_ perDay: Int64, of microseconds: Int64) -> Int64 {
        Int64(clamping: Int128(perDay) * Int128(microseconds) / 86_400_000_000)
    }

    /// What is in the list, whatever its details bring besides.
    private var ownKind: FactKind? { stream.facts.first { $0.kind != .measure }?.kind }

    /// Of the stream itself, and of each that is asked for its items.
    func calls(details paces: [FactKind: Pace]) -> [Int64] {
        let own = cells * pages
        guard let details = stream.details else { return [own] }
        return [own]
            + details.streams.map { detail in
                var asked = items
                let list = details.of ?? unlessEmpty(details.skip)
                // Where not every item has any, there are as many as there are of what they have.
                if list != nil || !details.conditions.isEmpty || !details.skip.isEmpty,
                    let kind = kind(had: list) ?? secondary(of: detail), kind != ownKind
                {
                    var pace = paces[kind] ?? .none
                    // Of what this very list tells, where other lists tell of the same kind.
                    if let type = type(had: list), !pace.types.isEmpty { pace = pace.types[type] ?? .none }
                    let perDay = microseconds < TimeSpan.days(3).microseconds ? pace.changed : pace.begun
                    asked = min(asked, CallsExpected.share(perDay, of: microseconds))
                }
                // Each page that has items asks at least once.
                let groups = min(asked, cells * 1000)
                return groups + (asked - groups) / Int64(max(1, details.batch))
            }
    }

    /// A list within an item, without anything in which the item is passed over.
    private func unlessEmpty(_ skip: [PullPlan.Condition]) -> [String]? {
        skip.lazy.compactMap { condition in
            guard condition.texts.contains(""), case .each(let levels, _, 0) = condition.term.origin else { return nil }
            return levels.first?.path
        }.first
    }

    /// What the list tells of where `path` leads.
    private func kind(had path: [String]?) -> FactKind? {
        path.flatMap { path in stream.facts.first { $0.each.first?.path == path }?.kind }
    }

    /// The type that each of them has, where it is always the same.
    private func type(had path: [String]?) -> String? {
        let mapping = path.flatMap { path in stream.facts.first { $0.each.first?.path == path } }
        guard let terms = mapping?.members.first(where: { $0.member.name == "type" })?.terms, terms.count == 1,
            case .constant(let type) = terms[0].origin
        else { return nil }
        return type
    }

    private func secondary(of detail: PullPlan.Stream) -> FactKind? {
        let kinds = detail.facts.map(\.kind)
        return [.refund, .rating, .case].first { kinds.contains($0) }
    }

    /// Of one question, in thousandths.
    private var pages: Int64 {
        let each = items / cells
        let size = Int64(stream.pageSize ?? Int(Self.usualPage)) * 1000
        let full = max(1, (each + size - 1) / size) * 1000
        // Where an empty page is the last, one follows each that has items.
        let last = min(1000, each)
        return switch stream.paging {
        case .single: 1000
        case .number(let numbering):
            if numbering.total != nil {
                numbering.isBackwards && full > 1000 ? full + 1000 : full
            } else if numbering.more != nil || numbering.pagesField != nil {
                full
            } else {
                full + last
            }
        case .offset(let total): total == nil ? full + last : full
        case .cursor, .link, .query: full
        }
    }
}

extension PullPlan.Stream {
    private static let sizes: Set = ["page_size", "pageSize", "limit", "size", "per_page", "rows", "count"]

    /// How many items a page holds, where the plan asks for so many; nil where it does not.
    var pageSize: Int? {
        if case .number(let numbering) = paging, let size = numbering.size { return size }
        let named = (query + form).first { Self.sizes.contains($0.name) }.flatMap { Int($0.template) }
        return named ?? json?.pageSize(among: Self.sizes)
    }
}

extension PullPlan.JSONTemplate {
    fileprivate func pageSize(among names: Set<String>) -> Int? {
        switch self {
        case .object(let members):
            for member in members {
                if names.contains(member.name) {
                    switch member.value {
                    case .number(let text), .text(let text), .literal(let text): if let size = Int(text) { return size }
                    default: break
                    }
                }
                if let size = member.value.pageSize(among: names) { return size }
            }
            return nil
        case .array(let elements): return elements.lazy.compactMap { $0.pageSize(among: names) }.first
        case .literal(let text):
            // GraphQL: `orders(first: 50, …)`.
            guard let found = text.firstRange(of: "(first: ") else { return nil }
            return Int(text[found.upperBound...].prefix { $0.isNumber })
        case .text, .list, .number, .bool: return nil
        }
    }
}
