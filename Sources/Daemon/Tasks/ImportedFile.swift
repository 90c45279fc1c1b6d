import Facts
import Pull
import Tables

/// What there was in one file of an import, whichever way it was read.
struct ImportedFile: Sendable {
    let name: String
    var facts: Int
    /// What it says itself of what is complete, by store.
    var coverage: [String: [FactKind: CoverageInterval]]
    /// The kinds that it makes complete, where it says no more.
    var kinds: FactKinds
    var stores: Set<String>
    /// Up to when it can be complete.
    var coveredUntil: Timestamp
    /// `coverage` is all that it makes complete: the command line has had its say.
    var isDecided = false
    /// Nothing is proven by it.
    var provesNothing = false
    /// What it makes complete begins somewhere: of what was before it says nothing.
    var beginsLate = false
    /// An earlier edition under the same name told of no other days.
    var tellsSameDays = true
    /// Why it was not read to its end.
    var failure: Words?
    var isEmpty: Bool
    /// There was something in it, and none of it was a fact; in words, what it may be instead.
    var isHopeless: Words?
    var unknownMembers = UnknownMembers()
    /// What else is to be told.
    var remarks: [Words] = []

    init(_ summary: FactFileSummary) {
        (name, facts, coverage) = (summary.name, summary.facts, summary.coverage)
        (kinds, stores, coveredUntil) = (summary.kinds, summary.stores, summary.coveredUntil)
        failure = summary.failure.map { Words($0.description) }
        isEmpty = summary.isEmpty
        isHopeless =
            summary.isHopeless
            ? Words(
                en: "nothing in it is a fact: is it JSON Lines, one fact a line?",
                zh: "其中没有可用的数据：文件是否为 JSON Lines，每行一条？") : nil
        unknownMembers = summary.unknownMembers
    }

    /// One that could not be read at all.
    init(_ contents: FileContents, failure: Words, at now: Timestamp) {
        (name, facts, coverage, kinds, stores) = (contents.name, 0, [:], [], [])
        (coveredUntil, self.failure, isEmpty) = (now, failure, false)
    }

    /// What the command line says of a file.
    struct Told {
        var kinds: FactKinds?
        var from: Timestamp?
        var until: Timestamp?
    }

    /// - Parameters:
    ///   - told: goes before what the map says, each by itself.
    ///   - modified: when the file was last changed, never later than now.
    init(_ summary: MappedSummary, _ map: TableMap, _ told: Told, modified: Timestamp) {
        (name, facts, kinds, stores) = (summary.name, summary.facts, told.kinds ?? map.kinds, summary.stores)
        (coverage, coveredUntil, isEmpty, isDecided) = ([:], modified, false, true)
        if let interval = Self.interval(summary.range, told, modified) {
            let kinds = kinds.kinds.filter { $0 != .measure }.map { ($0, interval) }
            for store in stores { coverage[store] = Dictionary(uniqueKeysWithValues: kinds) }
            beginsLate = interval.from != nil
        } else {
            provesNothing = true
        }
        tellsSameDays = !provesNothing && !beginsLate || map.covers.isByFileName
        if summary.rows > 0, facts == 0, summary.rejected > 0 {
            isHopeless = Words(
                en: "no row of it became a fact: is '\(map.name)' the map of this file?",
                zh: "没有一行成为数据：映射“\(map.name)”是否适用于该文件？")
        }
        unknownMembers = summary.unknownMembers
        if !summary.absent.isEmpty {
            remarks.append(
                Words(
                    en: ", not on the page: \(summary.absent.joined(separator: ", "))",
                    zh: "，页面上没有：\(summary.absent.joined(separator: "、"))"))
        }
        if provesNothing, kinds != FactKinds(.measure) {
            remarks.append(
                Words(
                    en:
                        "; nothing says which days the file covers, so it makes nothing complete (say --complete-from, and "
                        + "--complete-until)",
                    zh: "；文件未说明数据范围，因此不能确认任何数据完整（请用 --complete-from 与 --complete-until 指定）"))
        }
    }

    /// nil: it proves nothing. What no one says where it begins, of an export of some days, proves nothing either.
    private static func interval(_ found: MapRange.Found, _ told: Told, _ modified: Timestamp) -> CoverageInterval? {
        let (from, until): (Timestamp?, Timestamp)
        switch found {
        case .nothing:
            guard let begins = told.from else { return nil }
            (from, until) = (begins, told.until ?? modified)
        case .wholeFile: (from, until) = (told.from, told.until ?? modified)
        case .interval(let interval): (from, until) = (told.from ?? interval.from, told.until ?? interval.until)
        }
        if let from, from >= until { return nil }
        return CoverageInterval(from: from, until: until)
    }
}
