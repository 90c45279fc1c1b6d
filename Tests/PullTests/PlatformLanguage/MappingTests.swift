import Curl
import Facts
import HTTPTypes
import Pull
import Rules
import Testing

@Suite("An item becomes facts as its mapping says")
struct MappingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var mapping: String
        var item: String
        var facts: [String]
    }

    private static func refund(_ id: String, _ members: String = "") -> String {
        #"{"kind":"refund","store":"s","id":"\#(id)"\#(members.isEmpty ? "" : "," + members)}"#
    }

    static let rows: [Row] = [
        Row(
            testDescription: "the first term that gives a value",
            mapping: "kind: refund\nid: [a, b.0.c]\namount: [x, y]",
            item: #"{"b":[{"c":7}],"x":"","y":"1.50"}"#, facts: [refund("7", #""amount":"1.5""#)]),
        Row(
            testDescription: "null and the empty text are no value",
            mapping: "kind: refund\nid: id\nproduct: p\norder: o",
            item: #"{"id":1,"p":null,"o":""}"#, facts: [refund("1")]),
        Row(
            testDescription: "without an id it is none", mapping: "kind: refund\nid: id", item: #"{"id":null}"#,
            facts: ["no: without id"]),
        Row(
            testDescription: "each of a list in a list, with what holds it",
            mapping: "kind: refund\neach: lines[].refunds\nid: id\nproduct: ^sku\norder: ^^number",
            item:
                #"{"number":9,"lines":[{"sku":"a","refunds":[{"id":1},{"id":2}]},{"sku":"b","refunds":null},{"sku":"c","refunds":[{"id":3}]}]}"#,
            facts: [
                refund("1", #""order":"9","product":"a""#), refund("2", #""order":"9","product":"a""#),
                refund("3", #""order":"9","product":"c""#),
            ]),
        Row(
            testDescription: "a list that has to be there", mapping: "kind: refund\neach: lines\nid: id",
            item: #"{"number":9}"#, facts: ["no: no list at lines"]),
        Row(
            testDescription: "a list that may be missing", mapping: "kind: refund\neach: lines?\nid: id",
            item: #"{"number":9}"#, facts: []),
        Row(
            testDescription: "a list that may be missing in some",
            mapping: "kind: refund\neach: lines[].refunds?\nid: id",
            item: #"{"lines":[{},{"refunds":[{"id":1}]}]}"#, facts: [refund("1")]),
        Row(
            testDescription: "what may be missing and is no list is none",
            mapping: "kind: refund\neach: lines?\nid: id", item: #"{"lines":7}"#, facts: ["no: no list at lines"]
        ),
        Row(
            testDescription: "one that stands there without brackets is a list of one, and has to have an id",
            mapping: "kind: refund\neach: lines?\nid: id", item: #"{"lines":{"id":1}}"#, facts: [refund("1")]),
        Row(
            testDescription: "what has none is no such thing",
            mapping: "kind: refund\neach: lines?\nid: id", item: #"{"lines":{"0":{}}}"#, facts: ["no: without id"]),
        Row(
            testDescription: "only where it holds", mapping: "kind: refund\nid: id\nwhere: {state: [done]}",
            item: #"{"id":1,"state":"open"}"#, facts: []),
        Row(
            testDescription: "what cannot be told is set aside",
            mapping: "kind: refund\nid: id\nwhere: {state: [done]}",
            item: #"{"id":1}"#, facts: ["no: without state"]),
        Row(
            testDescription: "an empty text stands for what is not there",
            mapping: "kind: refund\nid: id\nwhere: {state: [done, \"\"]}", item: #"{"id":1}"#, facts: [refund("1")]),
        Row(
            testDescription: "unless it holds", mapping: "kind: refund\nid: id\nunless: {state: [\"\", test]}",
            item: #"{"id":1,"state":null}"#, facts: []),
        Row(
            testDescription: "conditions of a parent",
            mapping: "kind: refund\neach: lines\nid: id\nwhere: {^test: [\"false\"]}",
            item: #"{"test":false,"lines":[{"id":1}]}"#, facts: [refund("1")]),
        Row(
            testDescription: "what stands in lists: the first that has something",
            mapping: "kind: refund\nid: id\nproduct: lines[].parts[].sku\norder: tags[]",
            item:
                #"{"id":1,"lines":[{"parts":[]},{},{"parts":[{"sku":null},{"sku":""},{"sku":"b"},{"sku":"c"}]}],"tags":["","t"]}"#,
            facts: [refund("1", #""order":"t","product":"b""#)]),
        Row(
            testDescription: "what stands in lists: of none no value",
            mapping: "kind: refund\nid: id\nproduct: lines[].sku\norder: tags[]",
            item: #"{"id":1,"lines":[{}],"tags":null}"#, facts: [refund("1")]),
        Row(
            testDescription: "where one of a list has it",
            mapping: "kind: refund\nid: id\nwhere:\n  lines[].states[].word: [done]",
            item: #"{"id":1,"lines":[{"states":[{"word":"open"}]},{"states":[{"word":"open"},{"word":"done"}]}]}"#,
            facts: [refund("1")]),
        Row(
            testDescription: "where not one of a list has it",
            mapping: "kind: refund\nid: id\nwhere:\n  lines[].word: [done]",
            item: #"{"id":1,"lines":[{"word":"open"},{}]}"#, facts: []),
        Row(
            testDescription: "where it is a list of none",
            mapping: "kind: refund\nid: id\nwhere:\n  lines[].word: [done]",
            item: #"{"id":1,"lines":[]}"#, facts: []),
        Row(
            testDescription: "where a list of none is not there, as is said",
            mapping: "kind: refund\nid: id\nwhere:\n  lines[].word: [\"\"]", item: #"{"id":1,"lines":[]}"#,
            facts: [refund("1")]),
        Row(
            testDescription: "where the list is not there",
            mapping: "kind: refund\nid: id\nwhere:\n  lines[].states[].word: [done]", item: #"{"id":1}"#,
            facts: ["no: without lines[].states[].word"]),
        Row(
            testDescription: "where no element of the list has it any more",
            mapping: "kind: refund\nid: id\nwhere:\n  lines[].word: [done]", item: #"{"id":1,"lines":[{},{}]}"#,
            facts: ["no: without lines[].word"]),
        Row(
            testDescription: "unless one of a list has it",
            mapping: "kind: refund\nid: id\nunless:\n  lines[].word: [done]",
            item: #"{"id":1,"lines":[{"word":"open"},{"word":"done"}]}"#, facts: []),
        Row(
            testDescription: "unless not one of a list has it",
            mapping: "kind: refund\nid: id\nunless:\n  lines[].word: [done]",
            item: #"{"id":1,"lines":[{"word":"open"},{}]}"#, facts: [refund("1")]),
        Row(
            testDescription: "all of a list have it",
            mapping: "kind: refund\nid: id\nall:\n  lines[].states[].word: [done, gone]",
            item: #"{"id":1,"lines":[{"states":[{"word":"done"}]},{"states":[{"word":"gone"},{"word":"done"}]}]}"#,
            facts: [refund("1")]),
        Row(
            testDescription: "not all of a list have it, as one does not say",
            mapping: "kind: refund\nid: id\nall:\n  lines[].word: [done]",
            item: #"{"id":1,"lines":[{"word":"done"},{}]}"#, facts: []),
        Row(
            testDescription: "all of a list of none do not",
            mapping: "kind: refund\nid: id\nall:\n  lines[].word: [done]", item: #"{"id":1,"lines":[]}"#, facts: []),
        Row(
            testDescription: "the list of what holds the element",
            mapping: "kind: refund\neach: parts\nid: id\nproduct: ^lines[].sku\nunless:\n  ^lines[].word: [done]",
            item: #"{"parts":[{"id":1}],"lines":[{"word":"open"},{"sku":"b"}]}"#,
            facts: [refund("1", #""product":"b""#)]),
        Row(
            testDescription: "a value of each element of a list, with what holds of that one",
            mapping: """
                kind: refund
                id: id
                amount: {each: "lines[].parts", path: cents, shift: 2, where: {word: [done]}, unless: {^free: ["true"]}}
                opened_at: {each: lines, path: at, moments: unix, where: {word: [done]}}
                status: {each: lines, path: word, words: {done: refunded}, otherwise: none}
                order: {each: lines, template: "{^id}-{no}", where: {word: [done]}}
                """,
            item:
                #"{"id":1,"lines":[{"word":"open","no":1,"at":1772445600,"free":true,"parts":[{"word":"done","cents":100}]},{"word":"done","no":2,"at":1772445660,"parts":[{"word":"open","cents":200},{"word":"done","cents":300}]}]}"#,
            facts: [
                refund("1", #""order":"1-2","opened_at":"2026-03-02T10:01:00Z","status":"refunded","amount":"3""#)
            ]),
        Row(
            testDescription: "a value of each element of a list that is not there",
            mapping: "kind: refund\nid: id\norder: {each: lines, path: no, where: {word: [done]}}", item: #"{"id":1}"#,
            facts: [refund("1")]),
        Row(
            testDescription: "a text that begins so",
            mapping: "kind: refund\nid: id\nunless: {id: [\"-*\", \"7\"]}", item: #"{"id":-12}"#, facts: []),
        Row(
            testDescription: "a text that does not begin so, as nothing does not",
            mapping: "kind: refund\nid: id\nunless: {id: [\"-*\"], no: [\"*\"]}", item: #"{"id":12,"no":null}"#,
            facts: [refund("12")]),
        Row(
            testDescription: "what has to be there is, by one of its names, be it null",
            mapping:
                "kind: refund\nid: id\nneeds: [updated_at, disputed, order]\nupdated_at: [t, u]\ndisputed: {path: d, words: {\"1\": \"true\"}, otherwise: none}\norder: lines[].no",
            item: #"{"id":1,"u":null,"d":0,"lines":[{"no":null}]}"#, facts: [refund("1")]),
        Row(
            testDescription: "what has to be there and is not",
            mapping:
                "kind: refund\nid: id\nneeds: [refunded_at]\nrefunded_at: {path: t, where: {s: [done]}}\ndisputed: d",
            item: #"{"id":1,"s":"open","d":true}"#, facts: ["no: without refunded_at"]),
        Row(
            testDescription: "what has to be there in one of the elements and is not",
            mapping: "kind: refund\nid: id\nneeds: [product]\nproduct: {each: lines, path: sku}",
            item: #"{"id":1,"lines":[{}]}"#, facts: ["no: without product"]),
        Row(
            testDescription: "a change without its time, where it has to have one",
            mapping: "kind: refund\nid: id\nneeds: [updated_at]\nupdated_at: t", item: #"{"id":1}"#,
            facts: ["no: without updated_at"]),
        Row(
            testDescription: "words, and one that nobody knows",
            mapping: "kind: refund\nid: id\nstatus: {path: s, words: {ok: refunded}}", item: #"{"id":1,"s":"odd"}"#,
            facts: ["no: status: the platform's word 'odd' is none that the pack knows"]),
        Row(
            testDescription: "what a person wrote is not quoted",
            mapping: "kind: refund\nid: id\nreason: {path: r, words: {bad: damaged}}",
            item: #"{"id":1,"r":"call me, Wang"}"#,
            facts: ["no: reason: the platform's word is none that the pack knows"]),
        Row(
            testDescription: "nor what a person may be known by",
            mapping: "kind: refund\nid: id\nreason: {path: r, words: {bad: damaged}}",
            item: #"{"id":1,"r":"13800138000"}"#,
            facts: ["no: reason: the platform's word is none that the pack knows"]),
        Row(
            testDescription: "nor what is to become no word of ours",
            mapping: "kind: refund\nid: id\nproduct: {path: p, words: {bad: damaged}}",
            item: #"{"id":1,"p":"odd"}"#,
            facts: ["no: product: the platform's word is none that the pack knows"]),
        Row(
            testDescription: "words, and one that a person passed over",
            mapping: "kind: refund\nid: id\nstatus: [{path: s, words: {ok: refunded}, otherwise: none}, {value: open}]",
            item: #"{"id":1,"s":"odd"}"#, facts: [refund("1", #""status":"open""#)]),
        Row(
            testDescription: "the beginning of a word",
            mapping: "kind: refund\nid: id\nreason: {path: r, prefix: 3, words: {PDD: damaged}}",
            item: #"{"id":1,"r":"PDD9549"}"#, facts: [refund("1", #""reason":"damaged""#)]),
        Row(
            testDescription: "hundredths, without sign",
            mapping: "kind: refund\nid: id\namount: {path: a, shift: 2, absolute: true}",
            item: #"{"id":1,"a":-1999}"#, facts: [refund("1", #""amount":"19.99""#)]),
        Row(
            testDescription: "an integer and its divisor",
            mapping: "kind: refund\nid: id\namount: {path: m.amount, divisor: m.divisor}",
            item: #"{"id":1,"m":{"amount":12345,"divisor":1000}}"#, facts: [refund("1", #""amount":"12.345""#)]),
        Row(
            testDescription: "a divisor of one", mapping: "kind: refund\nid: id\namount: {path: a, divisor: d}",
            item: #"{"id":1,"a":500,"d":1}"#, facts: [refund("1", #""amount":"500""#)]),
        Row(
            testDescription: "a divisor that is none", mapping: "kind: refund\nid: id\namount: {path: a, divisor: d}",
            item: #"{"id":1,"a":500,"d":3}"#, facts: ["no: amount: its divisor is no power of ten"]),
        Row(
            testDescription: "hours as days",
            mapping: "kind: measure\nid: id\nname: {value: a}\nat: {now: true}\nvalue: {path: h, divisor: 24}",
            item: #"{"id":1,"h":3.5}"#,
            facts: [#"{"kind":"measure","store":"s","id":"1","name":"a","at":"2026-03-02T10:00:00Z","value":0.145833}"#]
        ),
        Row(
            testDescription: "hours that are no number",
            mapping: "kind: measure\nid: id\nname: {value: a}\nat: {now: true}\nvalue: {path: h, divisor: 24}",
            item: #"{"id":1,"h":"3 h"}"#, facts: ["no: value is no decimal number"]),
        Row(
            testDescription: "an amount that is no number",
            mapping: "kind: refund\nid: id\namount: {path: a, shift: 2}",
            item: #"{"id":1,"a":"12 元"}"#, facts: ["no: amount is no decimal number"]),
        Row(
            testDescription: "a sum over lists in lists, exact",
            mapping: "kind: refund\nid: id\namount: {sum: \"lines[].charges[].amount\"}",
            item:
                #"{"id":1,"lines":[{"charges":[{"amount":0.1},{"amount":"0.2"}]},{"charges":[]},{"charges":[{"amount":7}]}]}"#,
            facts: [refund("1", #""amount":"7.3""#)]),
        Row(
            testDescription: "a sum of nothing is no amount",
            mapping: "kind: refund\nid: id\namount: {sum: \"lines[].amount\"}",
            item: #"{"id":1,"lines":[]}"#, facts: [refund("1")]),
        Row(
            testDescription: "an id made of several, each of which has to be there",
            mapping: "kind: refund\nid: [{template: \"{a}-{b.c}\"}, {template: \"x-{a}\"}]",
            item: #"{"a":1,"b":{"c":""}}"#,
            facts: [refund("x-1")]),
        Row(
            testDescription: "several ways to write a time, and one that is none of them",
            mapping:
                "kind: refund\nid: id\nopened_at: {path: t, moments: [unix, china]}\nclosed_at: {path: u, moments: [unix, china]}",
            item: #"{"id":1,"t":"2018-04-10 17:03:29","u":"0"}"#,
            facts: [refund("1", #""opened_at":"2018-04-10T09:03:29Z""#)]),
        Row(
            testDescription: "a time written otherwise is set aside",
            mapping: "kind: refund\nid: id\nopened_at: {path: t, moments: [unix, china]}",
            item: #"{"id":1,"t":"soon"}"#,
            facts: ["no: opened_at: a time is not written as unix or china"]),
        Row(
            testDescription: "the moment of the pull",
            mapping: "kind: measure\nname: {value: a.b}\nat: {now: true}\nvalue: v",
            item: #"{"v":4.70}"#,
            facts: [
                #"{"kind":"measure","store":"s","id":"a.b@2026-03-02T10:00:00Z","name":"a.b","at":"2026-03-02T10:00:00Z","value":4.7}"#
            ]),
        Row(
            testDescription: "a reading without a value of its name is none",
            mapping: "kind: measure\nname: n\nat: {now: true}\nvalue: v", item: #"{"v":1}"#, facts: ["no: without name"]
        ),
        Row(
            testDescription: "truths and numbers as they are, texts in quotes, and numbers in texts",
            mapping: "kind: rating\nid: id\nscore: s\nexcluded: x", item: #"{"id":"a\"b\\\n","s":"5","x":true}"#,
            facts: [#"{"kind":"rating","store":"s","id":"a\"b\\\n","score":5,"excluded":true}"#]),
        Row(
            testDescription: "labels that the pack allows",
            mapping: "kind: rating\nid: id\nlabels: {category: [{path: c, words: {\"1\": shoes}}], other: o}",
            item: #"{"id":1,"c":1,"o":"x"}"#,
            facts: [#"{"kind":"rating","store":"s","id":"1","labels":{"category":"shoes"}}"#]),
    ]

    @Test("each way to say it", arguments: rows)
    func facts(_ row: Row) throws { #expect(try MadeUpPack.facts(row.mapping, of: row.item) == row.facts) }

    @Test("a divisor that does not divide and a member that is not told are errors of the pack")
    func errors() {
        func errors(_ member: String) -> [String] {
            MadeUpPack.errors("items: list\nfacts:\n  - {kind: refund, id: id, \(member)}")
        }
        #expect(errors("amount: {path: a, divisor: 1}").first?.contains("must be 2 to 1000000, not 1") == true)
        let needs = errors("order: o, needs: [oder]")
        #expect(needs.first?.contains("not 'oder'; did you mean 'order'?") == true, "\(needs)")
        #expect(errors("order: o, needs: [order]") == [])
    }

    private func page(_ body: String) throws -> Page {
        let source = try MadeUpPack.source(
            "items: list\nfacts:\n  - {kind: refund, id: id, status: {path: s, words: {ok: refunded}}}")
        var state = PullState()
        state.begin(at: PulledFeed.start)
        return try source.page(from: Reply(status: .ok, body: Array(body.utf8)), after: state, at: PulledFeed.start)
    }

    @Test("what is none is told by its list and, where it has one, its id")
    func place() throws {
        let page = try page(#"{"list":[{"id":1,"s":"ok"},{"id":4711,"s":"odd"},{"s":"odd"}]}"#)
        #expect(
            page.rejections.map(\.position) == ["page 1 of things, item 2 (refund 4711)", "page 1 of things, item 3"])
        #expect(page.rejections.map(\.rejection.id) == ["4711", nil])
        #expect(page.facts.count == 1)
    }

    @Test("a web page in place of an answer is told as one")
    func webPage() throws {
        let error = #expect(throws: PullError.self) { try self.page("\n <!doctype html><p>Back soon") }
        let words = error?.ofStore(path: "/things") ?? ""
        #expect(
            words.hasPrefix("the answer cannot be read: the answer to things is no JSON document: it begins with <"))
        #expect(words.contains("a maintenance page, or another address") && !words.contains("soon"), "\(words)")
    }
}
