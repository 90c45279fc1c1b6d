import Facts
import TestSupport
import Testing

@Suite struct FactDecoderTests {
    /// A store in euros whose pack lets `category` through.
    static func decoder() -> FactDecoder {
        FactDecoder(buyerKey: BuyerKey(bytes: Array("key".utf8))) { store in
            store == "elsewhere" ? .unwatched : StoreTerms(currency: "EUR", labels: ["category"])
        }
    }

    static func decode(_ line: String) -> DecodedFact {
        var decoder = decoder()
        return decoder.decode(line: line)
    }

    static func rejection(_ line: String) -> Rejection? {
        guard case .rejected(let rejection) = decode(line) else { return nil }
        return rejection
    }

    @Test(
        "what is a fact is read as what it says",
        arguments: [
            (
                #"{"kind":"order","store":"s","id":"o1","placed_at":"2026-03-02T10:00:00+08:00","status":"paid","amount":"12.50","currency":"EUR","units":2,"tracked":true,"fulfillment":"seller"}"#,
                order(
                    "o1",
                    [
                        "placed_at": "2026-03-02T02:00:00Z", "status": "paid", "amount": "12.5", "currency": "EUR",
                        "units": 2,
                        "tracked": true, "fulfillment": "seller",
                    ])
            ),
            (
                #"{"id":"r1","order":"o1","store":"s","kind":"refund","amount":3.2,"disputed":true,"reason":"not_received","updated_at":"2026-03-02T10:00:00.5Z","excluded":false,"appeal":"open","appeal_by":"2026-04-01T00:00:00Z"}"#,
                refund(
                    "r1", of: "o1", updatedAt: "2026-03-02T10:00:00.5Z",
                    [
                        "amount": "3.2", "disputed": true, "reason": "not_received", "excluded": false,
                        "appeal": "open",
                        "appeal_by": "2026-04-01T00:00:00Z",
                    ])
            ),
            // What was won on appeal is excluded, unless the source says that it counts.
            (
                #"{"id":"r1","store":"s","kind":"refund","appeal":"won"}"#,
                refund("r1", ["appeal": "won", "excluded": true])
            ),
            (
                #"{"id":"r1","store":"s","kind":"penalty","excluded":null,"appeal":"won"}"#,
                penalty("r1", ["appeal": "won", "excluded": true])
            ),
            (
                #"{"id":"r1","store":"s","kind":"refund","excluded":false,"appeal":"won"}"#,
                refund("r1", ["appeal": "won", "excluded": false])
            ),
            (
                #"{"id":"r1","store":"s","kind":"refund","appeal":"lost"}"#,
                refund("r1", ["appeal": "lost"])
            ),
            // null and the empty text are missing; unknown members are nothing.
            (
                #"{"kind":"rating","store":"s","id":"x","order":"","score":null,"product":null,"rated_at":null,"stars":5,"meta":{"a":[1,{}]}}"#,
                rating("x")
            ),
            (#"  { "kind" : "line" , "store" : "s" , "id" : "l1" , "units" : 1e2 }  "#, line("l1", ["units": 100])),
            (
                #"{"kind":"case","store":"s","id":"c","reason":"自由文本","type":"fault"}"#,
                serviceCase("c", ["reason": "自由文本", "type": "fault"])
            ),
            (
                #"{"kind":"measure","store":"s","id":"m","name":"stock","value":-0.25,"expected":1e-6}"#,
                measure("m", ["name": "stock", "value": "-0.25", "expected": "0.000001"])
            ),
            (
                #"{"kind":"penalty","store":"s","id":"p","type":"late","points":1.5,"currency":"eur"}"#,
                penalty("p", ["type": "late", "points": "1.5", "currency": "EUR"])
            ),
            (
                #"{"kind":"order","store":"elsewhere","id":"o","currency":"usd","labels":{"category":"x"}}"#,
                order("o", store: "elsewhere", ["currency": "USD"])
            ),
            (
                #"{"kind":"order","store":"s","id":"o","labels":{"category":"bags","vip":"Li Lei","size":3}}"#,
                order("o", labels: ["category": "bags"])
            ),
            (
                #"{"kind":"order","store":"s","id":"o","labels":null,"buyer":"h:00112233445566778899aabbccddeeff"}"#,
                order("o", ["buyer": "h:00112233445566778899aabbccddeeff"])
            ),
            // python3 -c 'import hmac;print(hmac.new(b"key",b"buyer-1","sha256").hexdigest()[:32])'
            (
                #"{"kind":"order","store":"s","id":"o","buyer":"buyer-1"}"#,
                order("o", ["buyer": "h:c8d3da917af60b02eff690ba1fbe5b1f"])
            ),
            // A deletion needs no more than its identity, and nothing else of it is read.
            (
                #"{"kind":"order","store":"s","id":"o","deleted":true,"placed_at":"nonsense","amount":-1}"#,
                deleted(.order, "o")
            ),
            (#"{"kind":"order","store":"s","id":"o","deleted":false,"units":1}"#, order("o", ["units": 1])),
            (#"{"kind":"order","store":"s","id":"o","deleted":null}"#, order("o")),
            (#"{"kind":"order","store":"\u5e97\ud83d\ude00","id":"a\"b\\\/\n"}"#, order("a\"b\\/\n", store: "店😀")),
        ] as [(String, Fact)])
    func decodes(line: String, expected: Fact) { #expect(FactDecoderTests.decode(line) == .fact(expected)) }

    @Test(
        "what makes no sense is rejected whole, with the reason",
        arguments: [
            (#"{"store":"s","id":"o"}"#, "kind is missing"),
            (#"{"kind":null,"store":"s","id":"o"}"#, "kind is missing"),
            (#"{"kind":"orders","store":"s","id":"o"}"#, #"kind "orders" is unknown"#),
            (#"{"kind":7,"store":"s","id":"o"}"#, "kind must be a text, and is a number"),
            (#"{"kind":"order","id":"o"}"#, "store is missing"),
            (#"{"kind":"order","store":"","id":"o"}"#, "store is missing"),
            (#"{"kind":"order","store":"s"}"#, "id is missing"),
            (#"{"kind":"order","store":"s","id":12}"#, "id must be a text, and is a number"),
            (#"{"kind":"order","store":"s","id":"a\u0000b"}"#, "id holds a NUL"),
            (#"{"kind":"line","store":"s","id":"a","order":"\u0000"}"#, "order holds a NUL"),
            (#"{"kind":"order","store":"s","id":"o","status":"sent"}"#, #"status "sent" is none of its words"#),
            (#"{"kind":"order","store":"s","id":"o","status":true}"#, "status must be a word, and is a bool"),
            (#"{"kind":"order","store":"s","id":"o","tracked":"yes"}"#, "tracked must be a bool, and is a text"),
            (#"{"kind":"order","store":"s","id":"o","tracked":1}"#, "tracked must be a bool, and is a number"),
            (#"{"kind":"order","store":"s","id":"o","units":"2"}"#, "units must be a number, and is a text"),
            (
                #"{"kind":"order","store":"s","id":"o","amount":[1]}"#,
                "amount must be a number or a decimal text, and is a list"
            ),
            (#"{"kind":"order","store":"s","id":"o","amount":"1,50"}"#, #"amount is not a decimal number: "1,50""#),
            (#"{"kind":"order","store":"s","id":"o","amount":1e13}"#, #"amount is too large: "1e13""#),
            (#"{"kind":"order","store":"s","id":"o","amount":"-0.01"}"#, "amount is negative: -0.01"),
            (#"{"kind":"rating","store":"s","id":"o","score":-1}"#, "score is negative: -1"),
            (
                #"{"kind":"order","store":"s","id":"o","paid_at":"2026-03-02T10:00:00"}"#,
                #"paid_at is a time without an offset: "2026-03-02T10:00:00""#
            ),
            (#"{"kind":"order","store":"s","id":"o","paid_at":1772445600}"#, "paid_at must be a time, and is a number"),
            (
                #"{"kind":"order","store":"s","id":"o","paid_at":"1970-01-01T00:00:00Z"}"#,
                #"paid_at lies outside 1995 to 2100: "1970-01-01T00:00:00Z""#
            ),
            (
                #"{"kind":"order","store":"s","id":"o","updated_at":"soon"}"#,
                #"updated_at is not an RFC 3339 time such as 2026-03-02T10:00:00Z: "soon""#
            ),
            (#"{"kind":"order","store":"s","id":"o","deleted":"true"}"#, "deleted must be a bool, and is a text"),
            (#"{"kind":"order","store":"s","id":"o","currency":"USD"}"#, "currency USD is not the store's, EUR"),
            (#"{"kind":"order","store":"s","id":"o","currency":"€"}"#, #"currency "€" is not an ISO 4217 code"#),
            (
                #"{"kind":"order","store":"s","id":"o","labels":["category"]}"#,
                "labels must be an object, and is a list"
            ),
            (
                #"{"kind":"order","store":"s","id":"o","labels":{"category":3}}"#,
                "label category must be a text, and is a number"
            ),
            (#"{"kind":"order","store":"s","id":"o","units":1,"units":1}"#, "units is given twice"),
            (#"{"kind":"order","store":"s","id":"o","id":"o"}"#, "id is given twice"),
            (#"{"kind":"order","store":"s","id":"o","units":NaN}"#, "not JSON at byte 45 of the fact"),
            (#"{"kind":"order","store":"s","id":"o","anything":01}"#, "not JSON at byte 48 of the fact"),
            (#"{"kind":"order","store":"s","id":"o","product":"\ud800"}"#, "not JSON at byte 47 of the fact"),
            ("{\"kind\":\"order\",\"store\":\"s\",\"id\":\"a\tb\"}", "invalid UTF-8 or a bare control character in it"),
            (#"[{"kind":"order","store":"s","id":"o"}]"#, "not a JSON object"),
            ("17", "not a JSON object"), ("", "an empty line"), (" \r\n", "an empty line"),
            (#"{"kind":"order","store":"s","id":"o""#, "not JSON, or cut off"),
            (#"{"kind":"order","store":"s","id":"o"}}"#, "not JSON, or cut off"),
            (#"{"kind":"order","store":"s","id":"o"} {}"#, "not JSON, or cut off"),
            ("{\"kind\":\"order\"\u{0},\"store\":\"s\"}", "not JSON, or cut off"),
            (#"{'kind':'order'}"#, "not JSON, or cut off"), ("kind,store,id", "not a JSON object"),
        ] as [(String, String)])
    func rejects(line: String, reason: String) throws {
        let rejection = try #require(FactDecoderTests.rejection(line))
        #expect(rejection.reason == reason)
    }

    @Test(
        "invalid UTF-8 rejects the fact",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]])
    func invalidUTF8(bytes: [UInt8]) {
        var decoder = FactDecoderTests.decoder()
        for place in [#"{"kind":"order","store":"s","id":"o~"}"#, #"{"kind":"order","store":"s","id":"o","note":"~"}"#]
        {
            let parts = place.split(separator: "~")
            let line = Array(parts[0].utf8) + bytes + Array(parts[1].utf8)
            guard case .rejected(let rejection) = line.withUnsafeBytes({ decoder.decode(line: $0) }) else {
                Issue.record("\(place) was taken")
                continue
            }
            #expect(rejection.reason == "invalid UTF-8 or a bare control character in it")
            #expect(rejection.store == "s")
        }
    }

    @Test("store, kind, id and order may have 200 bytes and no more", arguments: ["store", "id", "order"])
    func lengths(member: String) throws {
        for (text, isTaken) in [
            (String(repeating: "x", count: 200), true), (String(repeating: "x", count: 201), false),
            (String(repeating: "店", count: 66), true), (String(repeating: "店", count: 67), false),
        ] {
            var members = ["store": "s", "id": "l", "order": "o"]
            members[member] = text
            let line = #"{"kind":"line","# + members.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",") + "}"
            if isTaken {
                #expect(FactDecoderTests.rejection(line) == nil)
            } else {
                let rejection = try #require(FactDecoderTests.rejection(line))
                #expect(rejection.reason == "\(member) has 201 bytes, more than 200")
            }
        }
    }

    @Test("nesting and length have limits, and are no harm")
    func limits() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(
            FactDecoderTests.rejection(#"{"kind":"order","store":"s","id":"o","x":\#(deep)}"#)?.reason
                == "nested more than 64 deep")
        let long = String(repeating: "x", count: FactDecoder.greatestLineBytes)
        #expect(
            FactDecoderTests.rejection(#"{"kind":"order","store":"s","id":"o","x":"\#(long)"}"#)?.reason
                == "longer than 1048576 bytes")
        let huge = String(repeating: "9", count: 500_000)
        #expect(
            FactDecoderTests.rejection(#"{"kind":"order","store":"s","id":"o","units":\#(huge)}"#)?.reason
                == #"units is too large: "\#(huge.prefix(40))"…"#)
    }

    @Test(
        "a rejection keeps nothing personal",
        arguments: [
            (
                #"{"kind":"order","store":"s","id":"o","status":"?","name":"Li Lei","phone":"13800138000","buyer":"li@x.cn","address":{"street":"1 Main"},"labels":{"category":"bags","who":"Li Lei"},"Li Lei 13800138000":1}"#,
                #"{"kind":"order","store":"s","id":"o","status":"?","name":"…","phone":"…","buyer":"…","address":"…","labels":{"category":"bags","who":"…"},"…":"…"}"#
            ),
            (
                #"{"kind":"customer","store":"s","id":"o","name":"Li Lei","amount":5}"#,
                #"{"kind":"customer","store":"s","id":"o","name":"…","amount":"…"}"#
            ),
            (
                #"{"kind":"measure","store":"s","id":"o","name":"stock","value":"many"}"#,
                #"{"kind":"measure","store":"s","id":"o","name":"stock","value":"many"}"#
            ),
            // printf '…' | sha256sum
            (
                #"{"kind":"order","name":"Li Lei","phone":"138"#,
                #"44 bytes, SHA-256 6e1443d5eaf5fcf1…, like {"xxxx":"xxxxx","xxxx":"xx xxx","xxxxx":"000"#
            ),
        ] as [(String, String)])
    func masks(line: String, text: String) throws {
        let rejection = try #require(FactDecoderTests.rejection(line))
        #expect(rejection.text == text)
    }

    @Test("a rejection tells which store, kind and id it was")
    func identity() throws {
        let rejection = try #require(
            FactDecoderTests.rejection(#"{"amount":"x","kind":"refund","id":"r9","store":"s"}"#))
        #expect(rejection.store == "s" && rejection.kind == .refund && rejection.id == "r9")
    }

    @Test("personal members leave no trace in a fact")
    func personal() throws {
        let line = #"""
            {"kind":"order","store":"s","id":"o","name":"Li Lei","phone":"13800138000","address":"1 Main","email":"li@x.cn",
            "note":"ring twice","buyer":"li@x.cn","labels":{"receiver":"Li Lei"}}
            """#
        guard case .fact(let fact) = FactDecoderTests.decode(line) else {
            Issue.record("rejected")
            return
        }
        let text = "\(fact)" + FactEncoder.line(fact)
        for trace in ["Li", "138", "Main", "x.cn", "ring"] { #expect(!text.contains(trace)) }
        #expect(fact.texts.compactMap { $0 }.count == 1)
    }
}

@Suite struct PageTests {
    static func decode(_ page: String) throws(PageError) -> DecodedPage {
        var decoder = FactDecoderTests.decoder()
        let bytes = Array(page.utf8)
        do {
            return try bytes.withUnsafeBytes { try decoder.decode(page: $0) }
        } catch let error as PageError {
            throw error
        } catch {
            return DecodedPage()
        }
    }

    @Test("a page gives its good facts, its bad ones by place, and the cursor")
    func page() throws {
        let page = try PageTests.decode(
            """
            {"next":"c2","total":4,"facts":[
            {"kind":"order","store":"s","id":"o1"},
            {"kind":"order","store":"s","id":"o2","units":-1},
            "what",
            {"kind":"order","store":"s","id":"o3","units":Infinity},
            {"kind":"order","store":"s","id":"o\u{1}4"},
            {"kind":"order","store":"s","id":"\\udc00"},
            {"kind":"rating","store":"s","id":"o5","order":"o1"}]}
            """)
        #expect(page.facts == [order("o1"), rating("o5", of: "o1")])
        #expect(page.next == "c2")
        #expect(page.rejections.map(\.index) == [1, 2, 3, 4, 5])
        #expect(
            page.rejections.map(\.rejection.reason) == [
                "units is negative: -1", "not a JSON object", "not JSON at byte 46 of the fact",
                "invalid UTF-8 or a bare control character in it", "id must be a text, and is not JSON",
            ])
    }

    @Test(
        "the last page has no cursor",
        arguments: [
            #"{"facts":[],"next":null}"#, #"{"facts":[],"next":""}"#,
        ])
    func lastPage(text: String) throws {
        let page = try PageTests.decode(text)
        #expect(page.next == nil && page.facts.isEmpty && page.rejections.isEmpty)
    }

    @Test(
        "what is no page is one error",
        arguments: [
            ("", .empty), ("[]", .withoutFacts), ("{}", .withoutFacts), ("null", .withoutFacts),
            (#"{"facts":{}}"#, .withoutFacts), (#"{"facts":null}"#, .withoutFacts),
            (#"{"facts":[],"facts":[]}"#, .withoutFacts),
            (#"{"facts":[]}"#, .withoutNext), (#"{"facts":[],"next":"a","next":null}"#, .badCursor),
            (#"{"facts":[],"next":7}"#, .badCursor), (#"{"facts":[],"next":{}}"#, .badCursor),
        ] as [(String, PageError)])
    func errors(text: String, error: PageError) { #expect(throws: error) { try PageTests.decode(text) } }

    @Test("a page cut off anywhere is an error")
    func cutOff() {
        let page = Array(#"{"facts":[{"kind":"order","store":"s","id":"o1","units":1},{"kind":"x"}],"next":null}"#.utf8)
        var decoder = FactDecoderTests.decoder()
        for length in 1..<page.count {
            #expect(throws: PageError.self) {
                try page[..<length].withUnsafeBytes { try decoder.decode(page: $0) }
            }
        }
    }

    @Test("one decoder reads many stores, each with its terms")
    func manyStores() {
        var decoder = FactDecoder(buyerKey: BuyerKey(bytes: [])) {
            StoreTerms(currency: $0.hasSuffix("7") ? "CNY" : "EUR")
        }
        for round in 0..<2 {
            for number in 0..<1000 {
                let decoded = decoder.decode(
                    line: #"{"kind":"order","store":"store \#(number)","id":"\#(round)","currency":"EUR"}"#)
                if number % 10 == 7 {
                    guard case .rejected = decoded else { Issue.record("taken: \(decoded)"); continue }
                } else {
                    #expect(decoded == .fact(order("\(round)", store: "store \(number)", ["currency": "EUR"])))
                }
            }
        }
    }
}
