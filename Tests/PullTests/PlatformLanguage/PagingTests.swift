import Facts
import Pull
import Rules
import Testing

@Suite("Lists are read page by page in each way that platforms count them")
struct PagingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var pages: String
        var query = #"{page: "{page}"}"#
        var answers: [String]
        var asked: [String]
    }

    /// Items of these ids, and what else the answer says.
    private static func answer(_ ids: [Int], _ more: String = "") -> String {
        #"{"list":[\#(ids.map { #"{"id":\#($0)}"# }.joined(separator: ","))]\#(more)}"#
    }

    /// As often as a question is asked in one pull.
    private static let again: [String] = Array(repeating: "?page=1", count: 5)

    static let rows: [Row] = [
        Row(
            testDescription: "numbers until an empty page", pages: "{number: 1}",
            answers: [answer([1, 2]), answer([3]), answer([])], asked: ["?page=1", "?page=2", "?page=3"]),
        Row(
            testDescription: "numbers from 0 while there are more", pages: "{number: 0, more: more}",
            answers: [answer([1], #","more":true"#), answer([2], #","more":false"#)], asked: ["?page=0", "?page=1"]),
        Row(
            testDescription: "numbers up to the total", pages: "{number: 1, total: total, size: 2}",
            answers: [answer([1, 2], #","total":5"#), answer([3, 4], #","total":5"#), answer([5], #","total":5"#)],
            asked: ["?page=1", "?page=2", "?page=3"]),
        Row(
            testDescription: "a total that fits one page", pages: "{number: 1, total: total, size: 2}",
            answers: [answer([1, 2], #","total":"2""#)], asked: ["?page=1"]),
        Row(
            testDescription: "a total of nothing, without a list", pages: "{number: 1, total: total, size: 2}",
            answers: [#"{"total":0}"#], asked: ["?page=1"]),
        Row(
            testDescription: "backwards from the last, and the first again",
            pages: "{number: 1, total: total, size: 2, backwards: true}",
            answers: [answer([1, 2], #","total":5"#), answer([5]), answer([3, 4]), answer([1, 2])],
            asked: ["?page=1", "?page=3", "?page=2", "?page=1"]),
        Row(
            testDescription: "backwards, counted from 0", pages: "{number: 0, total: total, size: 2, backwards: true}",
            answers: [answer([1, 2], #","total":3"#), answer([3]), answer([1, 2])],
            asked: ["?page=0", "?page=1", "?page=0"]),
        Row(
            testDescription: "a first page of nothing needs no count",
            pages: "{number: 1, total: total, size: 2, backwards: true}", answers: [answer([])], asked: ["?page=1"]),
        Row(
            testDescription: "no more, said in place of a count",
            pages: "{number: 1, total: total, more: more, size: 2, backwards: true}",
            answers: [answer([1], #","more":false"#)], asked: ["?page=1"]),
        Row(
            testDescription: "more, said in place of a count, is no answer",
            pages: "{number: 1, total: total, more: more, size: 2, backwards: true}",
            answers: [answer([1], #","more":true"#)],
            asked: again + ["failed: the reply is no page of facts: the answer to things has no count at total"]),
        Row(
            testDescription: "a count goes before no more",
            pages: "{number: 1, total: total, more: more, size: 2}",
            answers: [answer([1, 2], #","total":3,"more":false"#), answer([3], #","total":3,"more":false"#)],
            asked: ["?page=1", "?page=2"]),
        Row(
            testDescription: "backwards without a count is no answer",
            pages: "{number: 1, total: total, size: 2, backwards: true}", answers: [answer([1])],
            asked: again + ["failed: the reply is no page of facts: the answer to things has no count at total"]),
        Row(
            testDescription: "offsets up to the total", pages: "{offset: 0, total: total}",
            answers: [answer([1, 2], #","total":3"#), answer([3], #","total":3"#)], asked: ["?page=0", "?page=2"]),
        Row(
            testDescription: "a total that may be missing and is not, at another of its places",
            pages: #"{offset: 0, total: [all.of?, total?]}"#,
            answers: [answer([1, 2], #","total":"3""#), answer([3], #","all":{"of":3}"#)],
            asked: ["?page=0", "?page=2"]),
        Row(
            testDescription: "without the total that may be missing until an empty page",
            pages: #"{offset: 0, total: "total?"}"#, answers: [answer([1, 2]), answer([3]), answer([])],
            asked: ["?page=0", "?page=2", "?page=3"]),
        Row(
            testDescription: "numbers without the total that may be missing until an empty page",
            pages: #"{number: 1, total: "total?", size: 2}"#, answers: [answer([1]), answer([2], #","total":3"#)],
            asked: ["?page=1", "?page=2"]),
        Row(
            testDescription: "without a list where there is no more", pages: "{number: 0, more: at.more}",
            answers: [#"{"at":{"more":false}}"#], asked: ["?page=0"]),
        Row(
            testDescription: "an object that holds nothing is an empty list", pages: "{number: 1}",
            answers: [answer([1]), #"{"list":{}}"#], asked: ["?page=1", "?page=2"]),
        Row(
            testDescription: "offsets until an empty page, also after short ones", pages: "{offset: 0}",
            answers: [answer([1, 2]), answer([3]), answer([])], asked: ["?page=0", "?page=2", "?page=3"]),
        Row(
            testDescription: "cursors, the first left out", pages: "{cursor: next}", query: #"{cursor: "{cursor}"}"#,
            answers: [answer([1], #","next":"a b""#), answer([2], #","next":null"#)], asked: ["", "?cursor=a%20b"]),
        Row(
            testDescription: "cursors, the first of its own word and an end of its own",
            pages: #"{cursor: next, first: "start", ends: [nomore]}"#, query: #"{cursor: "{cursor}"}"#,
            answers: [answer([1], #","next":"c""#), answer([2], #","next":"nomore""#)],
            asked: ["?cursor=start", "?cursor=c"]),
        Row(
            testDescription: "an empty first cursor is sent", pages: #"{cursor: next, first: ""}"#,
            query: #"{cursor: "{cursor}"}"#, answers: [answer([1], #","next":"""#)], asked: ["?cursor="]),
        Row(
            testDescription: "cursors only while there are more", pages: "{cursor: next, more: more}",
            query: #"{cursor: "{cursor}"}"#,
            answers: [answer([1], #","next":"c","more":true"#), answer([2], #","next":"d","more":false"#)],
            asked: ["", "?cursor=c"]),
        Row(
            testDescription: "a query of the platform's own in place of ours", pages: "{query: next}",
            query: #"{from: "{from}", limit: "2"}"#,
            answers: [answer([1], #","next":"?limit=2&at=x%2Fy""#), answer([2], #","next":"limit=2""#), answer([3])],
            asked: ["?from=2026-01-30T10%3A00%3A00Z&limit=2", "?limit=2&at=x%2Fy", "?limit=2"]),
        Row(
            testDescription: "links under the address", pages: "{link: next}",
            answers: [answer([1], #","next":"https://shop.example/things?p=2""#), answer([2], #","next":null"#)],
            asked: ["", "?p=2"]),
        Row(testDescription: "all in one", pages: "", answers: [answer([1, 2])], asked: [""]),
    ]

    @Test("what is asked after what was answered", arguments: rows)
    func asked(_ row: Row) async throws {
        let pages = row.pages.isEmpty ? "" : "pages: \(row.pages)\nquery: \(row.query)\n"
        let stream = "\(pages)items: list\nfacts: [{kind: rating, id: id}]"
        #expect(try await MadeUpPack.queries(stream, answers: row.answers) == row.asked)
    }

    @Test("a list under another name is read, or ends the pull; what says that there is no more makes it no empty one")
    func otherName() async throws {
        let stream = "pages: {cursor: next, more: more}\nitems: data.list\nfacts: [{kind: rating, id: id}]"
        func ended(_ data: String) async throws -> [String] {
            try await MadeUpPack.queries(stream, answers: [#"{"data":{\#(data)},"more":false}"#])
        }
        #expect(try await ended("") == [""])
        #expect(try await ended(#""things":[],"hints":{"a":1}"#) == [""])
        #expect(try await ended(#""things":[{"id":1},{"id":2}]"#) == [""])
        for odd in [#""things":[{"number":1}]"#, #""things":[{"id":1}],"others":[{"id":2}]"#] {
            let asked = try await ended(odd)
            #expect(asked.last?.contains("has no list at data.list, and another at data.things") == true, "\(asked)")
        }
        let page = try MadeUpPack.page(stream, #"{"data":{"things":[{"id":1},{"id":2}]},"more":false}"#)
        #expect(page.facts.map(\.id) == ["1", "2"])
    }

    @Test("a list that ends before as many came as the answer counts is cut off, and no list")
    func cutOff() async throws {
        for (pages, query) in [("{cursor: next}", "query: {page: \"{cursor}\"}\n"), ("{query: next}", "")] {
            let stream = "pages: \(pages)\n\(query)count: total\nitems: list\nfacts: [{kind: rating, id: id}]"
            func ended(_ last: String) async throws -> String? {
                let answers = [Self.answer([1, 2], #","total":3,"next":"?page=b""#), Self.answer([3], last)]
                return try await MadeUpPack.queries(stream, answers: answers).last
            }
            #expect(try await ended(#","total":3"#)?.hasPrefix("?page=") == true)
            #expect(try await ended("")?.hasPrefix("?page=") == true, "without a count nothing is held against it")
            #expect(try await ended(#","total":4"#)?.contains("ends after 3 of 4") == true)
        }
    }

    @Test("an item that is a bare text or number is asked for by it")
    func bare() async throws {
        let stream = """
            items: list
            facts: []
            details:
              item: id
              streams: {part: {get: /part, query: {of: "{item}"}, facts: [{kind: rating, id: id}]}}
            """
        let answers = [#"{"list":["x",7,{"id":"y"}]}"#] + (1...3).map { #"{"id":\#($0)}"# }
        #expect(try await MadeUpPack.queries(stream, answers: answers) == ["", "?of=x", "?of=7", "?of=y"])
    }

    @Test("an object that holds nothing around a list is an empty one, and the whole answer is not")
    func around() async throws {
        func ends(_ answer: String) async throws -> [String] {
            try await MadeUpPack.queries(
                "pages: {number: 1}\nquery: {page: \"{page}\"}\nitems: all.list\nfacts: [{kind: rating, id: id}]",
                answers: [answer])
        }
        #expect(try await ends(#"{"all":{}}"#) == ["?page=1"])
        #expect(try await ends(#"{"all":{"list":null}}"#) == ["?page=1"])
        for strange in ["{}", #"{"all":{"other":1}}"#] {
            #expect(try await ends(strange).last?.hasPrefix("failed: ") ?? false, "\(strange)")
        }
    }

    @Test("of its own figures a platform may have none")
    func readings() async throws {
        let stream = "items: all.list\nfacts: [{kind: measure, name: {value: n}, at: at, value: v}]"
        for none in [#"{"all":{"list":null}}"#, #"{"all":{"other":1}}"#, #"{"all":{"list":[]}}"#] {
            #expect(try await MadeUpPack.queries(stream, answers: [none]) == [""], "\(none)")
        }
    }

    @Test("what is asked once for each of a list, and in windows, is asked of every pair")
    func lists() async throws {
        let stream = """
            list: {state: [open, done]}
            window: 20d
            query: {state: "{state}", from: "{from}", until: "{until}"}
            moments: unix
            items: list
            facts: [{kind: rating, id: id}]
            """
        // 31 days before 2026-03-02T10:00:00Z, and 20 days later.
        let (first, edge, last) = (1_769_767_200, 1_771_495_200, 1_772_445_600)
        #expect(
            try await MadeUpPack.queries(stream, answers: [Self.answer([])])
                == ["open", "done"].flatMap { state in
                    ["?state=\(state)&from=\(first)&until=\(edge)", "?state=\(state)&from=\(edge)&until=\(last)"]
                })
    }
}
