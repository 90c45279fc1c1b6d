import Curl
import Facts
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Whose store a token is for is asked with the token")
struct TellingCallTests {
    private static func pack(_ tells: String) -> String {
        """
        pack: told
        timezone: UTC
        source:
          credentials: [app, access_token?, refresh_token?, shop?]
          address: https://api.platform.example
          authorization: {header: Authorization, value: "Bearer {access_token}"}
          token:
            refresh: {post: /token, form: {refresh_token: "{refresh_token}"}}
            access_token: token
            tells: \(tells)
          streams:
            orders: {get: "/{shop}/orders", items: list, facts: [{kind: order, id: id}]}
        """
    }

    private func call(
        _ tells: String =
            "{get: /shops, query: {app: \"{app}\"}, items: shops, name: name, market: region, credentials: {shop: id}}",
        market: String? = nil, _ given: [String: String] = ["app": "a", "access_token": "T-1"]
    ) throws -> TellingCall? {
        let text = SourceText(name: "p.yaml", text: Self.pack(tells))
        let (read, diagnostics) = PackReader.read(text, isBuiltIn: false)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        return TellingCall(
            plan: try #require(read?.pull), endpoint: nil, market: market, credentials: given.mapValues { Secret($0) })
    }

    private func answer(_ call: TellingCall?, _ body: String, _ status: Int = 200) throws -> [String: String] {
        try #require(call).answer(
            Reply(status: .init(code: status), body: Array(body.utf8)), at: PulledFeed.start)
    }

    @Test("it is asked as written, and only where the store does not give what it tells")
    func asked() throws {
        let asking = Asking(now: PulledFeed.start, nonce: 7)
        let request = try #require(try call()?.request(at: asking))
        #expect(request.head.path == "/shops?app=a" && request.head.headerFields[.authorization] == "Bearer T-1")
        #expect(try call(market: nil, ["app": "a", "access_token": "T-1", "shop": "9"]) == nil)
    }

    @Test("the one store that there is, or the one of the market")
    func told() throws {
        #expect(try answer(call(), #"{"shops":[{"id":9,"name":"North","region":"GB"}]}"#) == ["shop": "9"])
        let two = #"{"shops":[{"id":9,"name":"North","region":"GB"},{"id":8,"name":"South","region":"DE"}]}"#
        #expect(try answer(call(market: "de"), two) == ["shop": "8"])
        #expect(
            try answer(call("{get: /me, credentials: {shop: account.id}}"), #"{"account":{"id":"x"}}"#) == ["shop": "x"]
        )
    }

    static let unclear: [(String?, String)] = [
        (nil, "North (GB), South (DE), and the store names no market: name the store's `market:`, or give shop"),
        ("FR", "and 0 of them are of the market FR"),
    ]

    @Test("of several nobody can choose but a person, who is told which there are", arguments: unclear)
    func several(_ market: String?, _ words: String) throws {
        let two = #"{"shops":[{"id":9,"name":"North","region":"GB"},{"id":8,"name":"South","region":"DE"}]}"#
        let call = try call(market: market)
        let error = #expect(throws: PullError.self) { try answer(call, two) }
        #expect(error.map { "\($0)".contains(words) } ?? false, "\(error.map { "\($0)" } ?? "")")
        let none = #expect(throws: PullError.self) { try answer(call, #"{"shops":[]}"#) }
        #expect(none.map { "\($0)".contains("good for no store") } ?? false)
    }

    @Test("whose the token is its grant tells, where that is all that would be asked for")
    func owner() throws {
        func told(_ owner: String, _ tells: String, market: String? = nil) throws -> [String: String]? {
            let pack = Self.pack(tells).replacing("    tells:", with: "    owner_is: shop\n    tells:")
            let text = SourceText(name: "p.yaml", text: pack)
            let plan = try #require(PackReader.read(text, isBuiltIn: false).0?.pull)
            return TellingCall(
                plan: plan, endpoint: nil, market: nil, credentials: ["app": Secret("a"), "access_token": Secret("T")])?
                .told(by: owner)
        }
        #expect(try told("9", "{get: /me, credentials: {shop: id}}") == ["shop": "9"])
        #expect(try told("", "{get: /me, credentials: {shop: id}}") == nil)
        #expect(try told("9", "{get: /me, market: region, credentials: {shop: id}}") == nil)
        #expect(try told("9", "{get: /me, credentials: {app: id, shop: id}}") == nil)
        #expect(try call("{get: /me, credentials: {shop: id}}")?.told(by: "9") == nil, "nothing says who that is")
    }

    @Test("an answer that is none is an error like any other")
    func errors() throws {
        let expired = #expect(throws: PullError.self) { try answer(call(), "{}", 401) }
        #expect(expired?.isExpiry ?? false)
        for body in ["{}", "<html>", #"{"shops":[{"id":""}]}"#, #"{"shops":[{"name":"North"}]}"#] {
            let error = #expect(throws: PullError.self) { try answer(call(), body) }
            guard case .unreadable = error else {
                Issue.record("\(body): \(String(describing: error))")
                continue
            }
        }
    }
}
