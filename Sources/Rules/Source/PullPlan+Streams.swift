package import Facts

extension PullPlan {
    /// One list that the platform keeps.
    package struct Stream: Sendable {
        package var name: String
        /// Behind the address; may name `{item}` where it is asked for one item of another, and credentials.
        package var path: String
        package var isPost = false
        /// By name, in the order written: templates of `{from}` (since the last pull, or where a window begins), `{since}`
        /// (all that the first pull asked for), `{until}`, `{page}`, `{cursor}`, `{item}`, the name of a list, and credentials.
        package var query: [(name: String, template: String)]
        package var form: [(name: String, template: String)] = []
        /// The body, or what the signing scheme makes a parameter of.
        package var json: JSONTemplate?
        /// How moments are written in them.
        package var moments: Moments
        package var paging: Paging
        /// Where the items are in an answer, and where else they may be; of no names the answer itself. What is no list is
        /// the one item.
        package var items: [[String]]
        package var facts: [FactMapping]
        /// Of what is asked for one item: what the answer adds to facts of the item, by their kind. These wait until all that
        /// is asked for the item is answered, and then are one fact each.
        package var adds: [FactMapping] = []
        /// Lists in an item, which is an order, that name all its facts of a kind, by their ids: what is known and named there
        /// no longer was deleted at the platform.
        package var whole: [FactMapping] = []
        /// Of what only adds: where the platform refuses it, the facts stand as the list told them, and the pull says so.
        package var isExtra = false
        /// Where one of these says 0 the list may be left out of the answer.
        package var count: [[String]] = []
        /// What is asked for each item that has it.
        package var details: Details?
        /// The longest time that one question may be about; of what is asked for one item the time that ends now.
        package var window: TimeSpan?
        /// Asked once for each case that is known and open, in place of a list.
        package var open: OpenCases?
        /// Asked once for each value, under this name.
        package var list: (name: String, values: [String])?
        /// Looks back so far each time, however short ago the last pull was.
        package var again: TimeSpan?
        /// Looks back no farther, not even the first time.
        package var reach: TimeSpan?
        /// Only while the first pull is not finished, or only afterwards.
        package var turn: Turn = .always
        /// Not more often than this.
        package var every: TimeSpan?
        /// Only of stores of these markets; empty: of all.
        package var markets: [String] = []
        /// Where the platform does not give it, the others are pulled all the same; nil: the pull ends there.
        package var optional: OptionalList?
        /// The list, an optional one, for which it stands in while that is withheld, or refused in the same pull.
        package var instead: String?
        /// In place of the source's.
        package var authorization: Authorization?
        /// Of what is asked for one item, where the count of all is: the answer that holds fewer is refused.
        package var total: [String]?
        /// The platform makes a report of it, which is asked for and fetched later, as the source's `report` says.
        package var report: Report?

        /// By which it is known that it is withheld; nil: then the pull ends.
        package var right: String? { optional.map { $0.right ?? name } }

        /// What it brings, with what is asked for its items.
        package var kinds: FactKinds {
            FactKinds((facts + adds).map(\.kind)).union(
                (details?.streams ?? []).reduce(into: []) { $0.formUnion($1.kinds) })
        }

        /// What is asked for now and then has no coverage that it could leave a hole in.
        package var bringsOnlyReadings: Bool {
            (facts + (details?.streams ?? []).flatMap(\.facts)).allSatisfy { $0.kind == .measure }
        }
    }

    /// A list that a platform does not give every store: for want of a right, or of a service that the store has not
    /// taken.
    package struct OptionalList: Sendable {
        /// Of the right that all lists of the same name need: they are withheld together; nil: this one alone.
        package var right: String?
        /// nil: while it is withheld, the kinds of its facts are not vouched for.
        package var remainder: Remainder?
        /// The list that tells the same and is asked in its place where the platform does not know this one: then nothing is
        /// withheld, but what that one lacks.
        package var other: String?

        /// What stands without the list, where other lists vouch for the kinds of its facts.
        package struct Remainder: Sendable {
            /// Metrics that read such a kind and rest on other lists alone: any other that reads one is unknown.
            package var spares: [String]
            /// Which right is lacking, and what to do.
            package var why: Words
        }

        /// The reading by which it is known of a store that a list is withheld: 1 where it is. It stands where what is
        /// known of the store begins.
        package static func reading(of right: String) -> String { WithheldList.reading(of: right) }
    }

    /// Cases that are open as far as anybody knows, however they may have ended since.
    package struct OpenCases: Sendable, Hashable {
        /// Asked by the number of their order; else by their own.
        package var byOrder: Bool
        /// Only those opened so long ago at least: younger ones are in the lists.
        package var after: TimeSpan
        /// Only those opened so long ago at most: what is open for longer the platform has forgotten; nil: all.
        package var until: TimeSpan?
        /// Words of a refund's `type` and `status`: only of these. A refusal that has ended is not asked for.
        package var types: [String]?
        package var statuses: [String]

        /// In which a case may still change: a seller's refusal is the last word at some platforms only.
        package static let unfinished = ["open", "rejected"]
    }

    package enum Turn: String, Sendable, CaseIterable { case always, first, later }

    package struct Details: Sendable {
        /// Only of items that have something here that is neither null nor empty; nil: of all.
        package var of: [String]?
        /// It may be left out: then there is nothing.
        package var mayLackOf = false
        /// Only of items for which these hold.
        package var conditions: [Condition] = []
        /// Not of items for which all of these hold.
        package var skip: [Condition] = []
        /// The id by which it is asked.
        package var item: Term
        /// The id by which facts know it; nil: the same.
        package var knownAs: Term?
        /// So many ids to a question, joined by commas.
        package var batch = 1
        /// One page each.
        package var streams: [Stream]
    }

    package enum Paging: Sendable, Hashable {
        /// All in one answer.
        case single
        case number(Numbering)
        /// `{page}` is how many items came before; with a total, as long as there are more, else until an empty page.
        case offset(total: Count?)
        /// The address of the next page stands at this path; null or missing on the last.
        case link([String])
        /// `{cursor}` is what stands at this path; null, missing, empty or one of the ends on the last. Of the first page
        /// it is `first`; nil: what names it is left out there.
        case cursor([String], ends: [String], more: [String]?, first: String?)
        /// What stands at this path is the query of the next page, with its `?`.
        case query([String])
    }

    /// Where an answer has the count of all items.
    package struct Count: Sendable, Hashable {
        /// The first that is there counts.
        package var paths: [[String]]
        /// Where none is there, an empty page is the last.
        package var mayBeMissing = false
    }

    package struct Numbering: Sendable, Hashable {
        /// `{page}` counts from here.
        package var first: Int
        /// Where an answer says `true` while there are more pages; nil: an empty page is the last. With a total it counts
        /// where an answer has none.
        package var more: [String]?
        /// Where the count of all items is, and where else it may be, and how many a page has.
        package var total: [[String]]?
        package var size: Int?
        /// Where the count is not there, an empty page is the last.
        package var mayLackTotal = false
        /// The field of an answer's head that tells how many pages there are; where it does not, an empty page is the last.
        package var pagesField: String?
        /// After the first, which tells the total, from the last to the first again: what is changed meanwhile moves to the
        /// front, and nothing is passed over.
        package var isBackwards = false
    }

    /// A JSON value with templates in it.
    package indirect enum JSONTemplate: Sendable {
        case object([(name: String, value: JSONTemplate)])
        case array([JSONTemplate])
        /// Left out where a name in it has no value.
        case text(String)
        /// As it stands: nothing in braces is replaced.
        case literal(String)
        /// A text with commas as an array of texts.
        case list(String)
        case number(String)
        case bool(Bool)

        /// What stands in braces anywhere in it.
        package var names: [String] {
            switch self {
            case .object(let members): members.flatMap { $0.value.names }
            case .array(let elements): elements.flatMap(\.names)
            case .text(let template), .list(let template), .number(let template): PullPlan.names(in: template)
            case .literal, .bool: []
            }
        }
    }

    /// How a platform writes moments.
    package enum Moments: String, Sendable, CaseIterable {
        /// `2026-03-02T10:00:00Z`, any offset; also with blanks: `2026-03-02 10:00:00 +0800`.
        case rfc3339
        /// The same, asked for with milliseconds: `2026-03-02T10:00:00.000Z`.
        case rfc3339Milliseconds = "rfc3339_ms"
        /// `2026-03-02T10:00:00`, meant as UTC.
        case gmt
        /// `2026-03-02 10:00:00`, on China's clock.
        case china
        /// `2026-03-02T10:00:00` on the store's clock.
        case local
        case unix
        case unixMilliseconds = "unix_ms"
        /// What begins with a day, `2026-03-02`: the beginning of that day in UTC.
        case day
        /// `02-Mar-2026`: the last second of that day on the store's clock, since what happened in it is no later.
        case dayMonthYear = "day_mon_year"
    }
}

extension PullPlan {
    /// What stands in braces.
    package static func names(in template: String) -> [String] {
        template.split(separator: "{").dropFirst(template.hasPrefix("{") ? 0 : 1).compactMap { part in
            part.firstIndex(of: "}").map { String(part[..<$0]) }
        }
    }

    /// With what stands in braces replaced; a name without a value stays as it is.
    package static func filled(_ template: String, _ values: (String) -> String?) -> String {
        var (text, rest) = ("", template[...])
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].utf8.firstIndex(of: UInt8(ascii: "}"))
        {
            text += rest[..<open]
            let name = String(rest[rest.utf8.index(after: open)..<close])
            text += values(name) ?? "{\(name)}"
            rest = rest[rest.utf8.index(after: close)...]
        }
        return text + rest
    }
}
