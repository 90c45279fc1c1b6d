import Facts
import TestSupport
import Testing

@Suite("A mark is what our own people know of a fact, beside it")
struct MarkTests {
    static func mark(
        _ name: String, _ value: String, of key: FactKey = FactKey(kind: .refund, id: "r1"),
        at: String = "2026-03-01T10:00:00Z", until: String? = nil, undone: String? = nil
    ) throws -> Mark {
        let member = try #require(Mark.members(of: key.kind).first { $0.name == name })
        return Mark(
            store: "店铺 \"乙\"", fact: key, member: member, value: try #require(Mark.value(value, of: member)), by: "Kim",
            why: "told by phone\nand in writing", at: time(at), until: until.map { time($0) },
            undoing: undone.map { Mark.Undoing(at: time($0), by: "Lee", why: "a mistake") })
    }

    @Test("a mark is read back as it was written, with its undoing")
    func roundTrip() throws {
        for mark in [
            try Self.mark("excluded", "true"), try Self.mark("excluded", "false", until: "2026-04-01T00:00:00+08:00"),
            try Self.mark("liable", "carrier", undone: "2026-03-02T10:00:00.5Z"), try Self.mark("appeal", "won"),
            try Self.mark("appeal_by", "2026-03-31T00:00:00+08:00", of: FactKey(kind: .order, id: "a/b \"c\"")),
        ] {
            var bytes: [UInt8] = []
            FactEncoder.encode(mark, into: &bytes)
            var decoder = FactDecoderTests.decoder()
            #expect(
                bytes.withUnsafeBytes { decoder.decode(line: $0) } == .mark(mark),
                "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test("what no mark can be is set aside, with its reason and without its text")
    func refused() throws {
        let good = #""store":"s","of":"refund","id":"r","by":"Kim","why":"w","at":"2026-03-01T10:00:00Z""#
        for (members, reason) in [
            (#"\#(good),"member":"liable","value":"nobody""#, "liable cannot be what the mark says"),
            (#"\#(good),"member":"amount","value":"3""#, "amount of refunds cannot be marked"),
            (#"\#(good),"member":"liable""#, "a mark without value"),
            (
                #""store":"s","of":"refund","id":"r","why":"w","at":"2026-03-01T10:00:00Z","member":"excluded","value":"true""#,
                "a mark without by"
            ),
            (
                #""store":"s","of":"refundd","id":"r","by":"a","why":"w","at":"2026-03-01T10:00:00Z","member":"excluded","value":"true""#,
                "a mark of refundd, which is no kind of fact"
            ),
            (
                #""store":"s","of":"order","id":"r","by":"a","why":"w","at":"2026-03-01T10:00:00Z","member":"liable","value":"buyer""#,
                "liable of orders cannot be marked"
            ),
        ] {
            var decoder = FactDecoderTests.decoder()
            guard case .rejected(let rejection) = decoder.decode(line: #"{"kind":"mark",\#(members)}"#) else {
                Issue.record("taken: \(members)")
                continue
            }
            #expect(rejection.reason == reason)
            #expect(!rejection.text.contains("Kim"))
        }
    }

    @Test("a feed brings no marks")
    func feed() throws {
        var bytes = Array(#"{"facts":["#.utf8)
        FactEncoder.encode(try Self.mark("excluded", "true"), into: &bytes)
        bytes += Array(#"],"next":null}"#.utf8)
        var decoder = FactDecoderTests.decoder()
        let page = try bytes.withUnsafeBytes { try decoder.decode(page: $0) }
        #expect(page.facts.isEmpty && page.rejections.count == 1)
        #expect(page.rejections.first?.rejection.reason == "a mark is set by our own people, and no feed brings one")
    }

    @Test("of the marks on a member the last counts, until it ends; whatever the order in which they are told")
    func inForce() throws {
        let marks = [
            try Self.mark("liable", "carrier", at: "2026-03-01T10:00:00Z"),
            try Self.mark("liable", "buyer", at: "2026-03-02T10:00:00Z", until: "2026-03-10T00:00:00Z"),
            try Self.mark("excluded", "true", at: "2026-03-01T10:00:00Z", undone: "2026-03-03T10:00:00Z"),
        ]
        let key = FactKey(kind: .refund, id: "r1")
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let told = order.map { marks[$0] }
            let now = MarksInForce(told, at: time("2026-03-09T23:59:59Z"))
            #expect(now.byFact[key]?.map(\.valueText) == ["buyer"] && now.firstEnd == time("2026-03-10T00:00:00Z"))
            // What was said before does not come back.
            #expect(MarksInForce(told, at: time("2026-03-10T00:00:00Z")).isEmpty)
        }
    }

    @Test("an appeal marked as won is no longer counted, unless a mark says that it is")
    func won() throws {
        let refund = refund("r1", ["excluded": false, "liable": "seller", "appeal": "open"])
        let won = MarksInForce([try Self.mark("appeal", "won")], at: noon).applied(to: refund)
        #expect(won == TestSupport.refund("r1", ["excluded": true, "liable": "seller", "appeal": "won"]))
        let both = MarksInForce([try Self.mark("appeal", "won"), try Self.mark("excluded", "false")], at: noon)
        #expect(
            both.applied(to: refund)
                == TestSupport.refund("r1", ["excluded": false, "liable": "seller", "appeal": "won"]))
        let other = TestSupport.refund("r2", ["liable": "seller"])
        #expect(both.applied(to: other) == other)
    }

    private let noon = time("2026-03-05T12:00:00Z")
}
