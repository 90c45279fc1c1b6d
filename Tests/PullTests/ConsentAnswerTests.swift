import Pull
import Rules
import Testing

@Suite("What people paste after a consent is understood, or refused with a reason")
struct ConsentAnswerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var pasted: String
        var code = "abc"
        var state: String? = "s1"
        var owner: String?
        var isAddress = true
        var testDescription: String { pasted }
    }

    private static let plain = PullPlan.Consent(address: "https://platform.example/{state}")

    private static let understood = [
        Row(pasted: "https://made-up.example/back?code=abc&state=s1"),
        Row(pasted: "  <https://made-up.example/back?state=s1&code=abc>\n"),
        Row(pasted: "“http://localhost:8080/?code=abc&state=s1”"),
        Row(
            pasted: "https://made-up.example/?state=s1&code=v%5E1.1%23i%5E1%23p%3D%3D&expires_in=299",
            code: "v^1.1#i^1#p=="),
        // Pages that route by what stands behind a #.
        Row(pasted: "https://made-up.example/#/back?code=abc&state=s1"),
        Row(pasted: "https://made-up.example/back?code=abc&state=s1#/"),
        Row(pasted: "https://made-up.example/back?from=a&code=abc&state=s1&code=later"),
        // The address bar's end alone.
        Row(pasted: "?code=abc&state=s1"), Row(pasted: "code=abc&state=s1"), Row(pasted: "state=s1&code=abc"),
        Row(pasted: "https://made-up.example/back?code=abc", state: nil),
        Row(pasted: "abc", state: nil, isAddress: false),
        Row(pasted: "v%5E1.1%23i%5E1", code: "v^1.1#i^1", state: nil, isAddress: false),
        Row(pasted: "v^1.1#i^1#p^3==", code: "v^1.1#i^1#p^3==", state: nil, isAddress: false),
    ]

    @Test("an address in whatever dress, or a code alone", arguments: understood)
    func understands(_ row: Row) throws {
        let answer = try ConsentAnswer(row.pasted, of: Self.plain) { _ in nil }
        #expect(answer.code == row.code && answer.state == row.state && answer.isAddress == row.isAddress)
    }

    @Test("parameters by the platform's own names, and whose consent it is")
    func names() throws {
        var consent = Self.plain
        (consent.code, consent.owner) = ("spapi_oauth_code", "selling_partner_id")
        let answer = try ConsentAnswer(
            "https://made-up.example/?state=s1&selling_partner_id=A2&spapi_oauth_code=abc&code=other", of: consent
        ) { _ in nil }
        #expect(answer.code == "abc" && answer.owner == "A2" && answer.state == "s1")
    }

    private static let refused: [(String, ConsentAnswer.Fault)] = [
        ("", .empty), (" \n", .empty), ("\"\"", .empty), ("https://made-up.example/back", .noCode(parameter: "code")),
        ("https://made-up.example/back?code=&state=s1", .noCode(parameter: "code")),
        ("https://made-up.example/back?error=access_denied&state=s1", .declined("access_denied")),
        ("https://made-up.example/back?error_description=user%20said%20no", .declined("user said no")),
        ("here is the code abc", .unreadable),
        (
            "https://made-up.example/back?code=abc&state=s1&shop=2",
            .otherStore(parameter: "shop", credential: "shop_id")
        ),
    ]

    @Test("what is none", arguments: refused)
    func refuses(_ pasted: String, _ fault: ConsentAnswer.Fault) {
        var consent = Self.plain
        consent.same = [(credential: "shop_id", parameter: "shop")]
        #expect(throws: fault) {
            try ConsentAnswer(pasted, of: consent) { $0 == "shop_id" ? "1" : nil }
        }
    }

    @Test("a parameter that is not there, and a credential that is not given, are no other store")
    func notTold() throws {
        var consent = Self.plain
        consent.same = [(credential: "shop_id", parameter: "shop")]
        _ = try ConsentAnswer("https://made-up.example/?code=a&shop=2", of: consent) { _ in nil }
        _ = try ConsentAnswer("https://made-up.example/?code=a", of: consent) { _ in "1" }
    }
}
