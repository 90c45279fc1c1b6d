package import Facts
package import Language

/// How an export of a back end, or a page of it, becomes facts: one YAML file, without an error in it.
///
/// It can only name members of the facts' schema: whatever else stands in the file has no way in.
package struct TableMap: Sendable {
    package let name: String
    package let title: Words
    /// The platform whose it is.
    package let pack: String?
    /// Where the file's form is described, and when that was read.
    package let source: String?
    package let form: Form
    /// The clock that times without an offset are told by; nil: the store's.
    package let calendar: StoreCalendar?
    package let dates: [DateForm]
    package let numbers: NumberForm
    /// Texts that stand for nothing.
    package let missing: Set<String>
    /// Whose facts they are; nil: the command line says it.
    package let store: StoreTerm?
    package let covers: Covers
    package let facts: [FactForm]
    package let text: SourceText

    /// How the file is written.
    package enum Form: Sendable, Hashable {
        ///
        /// Rows may be shorter than the header where `mayBeShort`: their last fields are left out when they are empty.
        case text(delimiter: UInt8, TextEncoding, mayBeShort: Bool)
        /// nil: the first sheet.
        case workbook(sheet: String?)
        /// What a person copied or saved of a page: labels, each with its value behind it.
        case page(TextEncoding)
    }

    /// One fact that a row gives.
    package struct FactForm: Sendable {
        package let kind: FactKind
        package let id: Term
        package let updatedAt: Term?
        package let members: [(member: Member, term: Term)]
        package let labels: [(name: String, term: Term)]
        /// All have to hold; a row of which one does not gives no such fact.
        package let conditions: [Condition]
    }

    /// What a column has to hold, or must not.
    package struct Condition: Sendable, Hashable {
        package let columns: [String]
        package let texts: Set<String>
        package let isMet: Bool
    }

    /// Where a value comes from, and what is made of it.
    package struct Term: Sendable {
        package let origin: Origin
        /// The facts' word for each of the file's; nil: taken as written.
        package var words: [String: String]?
        /// For all that `words` does not have; nil: such a row is set aside.
        package var other: String?
        /// Forms of dates in place of the map's.
        package var dates: [DateForm]?
        package var calendar: StoreCalendar?
        /// What may stand before or behind a number.
        package var units: [String] = []
        package var times = 1
        package var dividedBy = 1

        init(_ origin: Origin) { self.origin = origin }
    }

    package enum Origin: Sendable, Hashable {
        /// The first of these that the file has. One that need not be there is missing in a file without it.
        case column([String], isOptional: Bool)
        /// Text with columns put in; missing where one of them is.
        case text([Piece])
        case constant(String)
        /// When the file was last changed.
        case modified
    }

    package enum Piece: Sendable, Hashable {
        case literal(String)
        case column(String)
    }

    package enum StoreTerm: Sendable {
        case term(Term)
        /// What stands in it is the store's name in the configuration, and not its id.
        case named(Term)
        /// The part `{store}` of the file's name.
        case fileName(TextPattern)
    }

    /// What is complete once the file is read.
    package struct Covers: Sendable {
        package enum Range: Sendable {
            /// It proves nothing, unless the command line says what.
            case none
            /// As any file: from the beginning until it was last changed.
            case wholeFile
            case told(from: LocalDay?, until: LocalDay?)
            /// `{from}` and `{until}` in its name.
            case fileName(TextPattern)
            /// The same in the text above its header, or anywhere on a page.
            case text(TextPattern)
        }

        package let range: Range
        /// nil: those of `facts`.
        package let kinds: FactKinds?
        /// So many days that end with `until`.
        package let days: Int?
        package let dates: [DateForm]?

        /// Files of one name are about the same days.
        package var isByFileName: Bool { if case .fileName = range { true } else { false } }
    }

    /// The kinds that it can give, and so those that a file without one of them proves to have had none.
    package var kinds: FactKinds { covers.kinds ?? FactKinds(facts.map(\.kind)) }
}

extension TableMap.Term {
    /// The columns that it looks at, and whether they have to be there.
    var columns: [(names: [String], isNeeded: Bool)] {
        switch origin {
        case .column(let names, let isOptional): [(names, !isOptional)]
        case .text(let pieces):
            pieces.compactMap { if case .column(let name) = $0 { ([name], true) } else { nil } }
        case .constant, .modified: []
        }
    }
}

extension TableMap {
    /// All columns that it looks at.
    var columns: [(names: [String], isNeeded: Bool)] {
        var terms = facts.flatMap {
            [$0.id] + [$0.updatedAt].compactMap { $0 } + $0.members.map(\.term) + $0.labels.map(\.term)
        }
        switch store {
        case .term(let term)?, .named(let term)?: terms.append(term)
        case .fileName?, nil: break
        }
        return terms.flatMap(\.columns) + facts.flatMap { $0.conditions.map { ($0.columns, true) } }
    }
}
