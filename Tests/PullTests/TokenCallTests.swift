import Curl
import Facts
import Foundation
import HTTPTypes
import Language
import Pull
import Rules
import Testing

@Suite("What a pack says of tokens is read strictly, asked as written, and answers are taken in")
struct TokenCallTests {
    private static let pack = """
        pack: consented
        timezone: UTC
        source:
          credentials:
            - client_id
            - client_secret
            - access_token?
            - refresh_token?
            - redirect_uri?
            - shop?
            - host: auth.platform.example
          address: https://api.platform.example
          authorization: {header: Authorization, value: "Bearer {access_token}"}
          token:
            refresh:
              post: /token
              form: {grant_type: refresh_token, refresh_token: "{refresh_token}", client_secret: "{client_secret}"}
            exchange:
              post: /token
              form: {grant_type: authorization_code, code: "{code}", redirect_uri: "{redirect_uri}"}
            own:
              post: /token
              form: {grant_type: own, shop: "{shop}"}
            consent:
              address: https://{host}/authorize
              query: {client_id: "{client_id}", scope: read all, redirect_uri: "{redirect_uri}", state: "{state}"}
            access_token: [created.token, refreshed.token]
            refresh_token: [created.next, refreshed.next]
            expires_in: created.seconds
            expires_at: created.moment
            refresh_lives: 30d
            ends_in: {r1: created.r1, w1: created.w1}
            ends_at: {subscription: created.ordered_until}
            owner: created.shop
            scopes: created.scopes
          streams:
            orders: {get: /orders, pages: {number: 1}, items: list, facts: [{kind: order, id: id}]}
        """

    private func plan(_ pack: String = pack) throws -> PullPlan {
        let (read, diagnostics) = PackReader.read(SourceText(name: "p.yaml", text: pack), isBuiltIn: false)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        return try #require(read?.pull)
    }

    private func call(_ more: [String: String] = ["redirect_uri": "https://made-up.example/back?a=1"]) throws
        -> TokenCall
    {
        let given = ["client_id": "me & you", "client_secret": "QvXz-1"].merging(more) { $1 }
        return try #require(TokenCall(plan: try plan(), endpoint: nil, credentials: given.mapValues { Secret($0) }))
    }

    private let asking = Asking(now: Timestamp(seconds: 1_772_409_600), nonce: 7)

    @Test("the address of a consent, every part encoded, and what it lacks by name")
    func address() throws {
        let address = try call().consent(state: "s+1", at: asking)
        #expect(
            address
                == "https://auth.platform.example/authorize?client_id=me%20%26%20you&scope=read%20all"
                + "&redirect_uri=https%3A%2F%2Fmade-up.example%2Fback%3Fa%3D1&state=s%2B1")
        #expect(try call([:]).consent(state: "s", at: asking) == nil)
        #expect(try call([:]).consentLacks == ["redirect_uri"])
        #expect(try call().askedScopes == ["read", "all"])
    }

    @Test("the code goes into the body, and so does the secret")
    func bodies() throws {
        let request = try #require(try call().exchange(code: "a b", at: asking))
        #expect(request.head.path == "/token" && request.head.method == .post)
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self)
                == "grant_type=authorization_code&code=a%20b&redirect_uri=https%3A%2F%2Fmade-up.example%2Fback%3Fa%3D1")
        #expect(try call().refresh(at: asking) == nil, "there is nothing to refresh with")
    }

    @Test("of several places the first that holds something; moments before lengths of time; 0 is no right")
    func grant() throws {
        let answer = """
            {"refreshed": {"token": "t2", "next": "n2"},
             "created": {"token": "", "seconds": 60, "moment": 1772413200, "r1": "86400", "w1": 0,
                         "ordered_until": 1772500000, "shop": 4711, "scopes": "read,write all"}}
            """
        let reply = Reply(status: .ok, body: Array(answer.utf8))
        let grant = try call().grant(from: reply, at: asking.now)
        #expect(grant.accessToken == Secret("t2") && grant.refreshToken == Secret("n2"))
        #expect(grant.expiresAt == Timestamp(seconds: 1_772_413_200))
        #expect(grant.refreshExpiresAt == asking.now + .days(30))
        #expect(
            grant.ends == ["r1": asking.now + .days(1), "subscription": Timestamp(seconds: 1_772_500_000)])
        #expect(grant.owner == "4711" && grant.scopes == ["read", "write", "all"])
    }

    @Test("a shop of one's own is named in place of a consent, unless there is one or what it was refreshed with")
    func own() throws {
        let call = try call(["shop": "7"])
        #expect(call.isOwn && call.givenKey != nil)
        #expect(try call.givenKey != self.call(["shop": "8"]).givenKey)
        let request = try #require(call.refresh(at: asking))
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == "grant_type=own&shop=7")
        let reply = Reply(
            status: .ok, body: Array(#"{"created": {"token": "t", "next": "n", "seconds": 60}}"#.utf8))
        let grant = try call.grant(from: reply, at: asking.now)
        #expect(grant.accessToken == Secret("t") && grant.refreshToken == nil && grant.refreshExpiresAt == nil)
        for more in [["redirect_uri": "https://made-up.example/"], ["refresh_token": "r"]] {
            let other = try self.call(["shop": "7"].merging(more) { $1 })
            #expect(!other.isOwn)
        }
        #expect(try !self.call([:]).isOwn)
    }

    private static let answers: [(status: Int, body: String, words: String)] = [
        (400, #"{"error": "invalid_grant"}"#, "invalid_grant"),
        (200, #"{"code": 400, "msg": "code is over, QvXz-1"}"#, "code is over, …"),
        (200, #"{"created": {}}"#, "has none at created.token, refreshed.token"),
        (200, "<html>", "no JSON document: it begins with <"),
    ]

    @Test("an answer without a token says why, without what was configured", arguments: answers)
    func refused(_ row: (status: Int, body: String, words: String)) throws {
        let reply = Reply(status: .init(code: row.status), body: Array(row.body.utf8))
        let error = #expect(throws: PullError.self) { try call().grant(from: reply, at: asking.now) }
        #expect(error?.description.contains(row.words) ?? false, "\(String(describing: error))")
        #expect(!(error?.description.contains("QvXz") ?? true))
    }

    @Test("tokens are kept by what is given: the same for the same, and another once something else is")
    func keys() throws {
        #expect(try call().givenKey == nil)
        let one = try call(["refresh_token": "a"]).givenKey
        let same = try call(["refresh_token": "a", "access_token": "x"]).givenKey
        let other = try call(["refresh_token": "b"]).givenKey
        #expect(one != nil && one == same && one != other)
        let keys = try ["shop", "outlet"].map { try call().consentKey(of: $0) }
        #expect(keys[0] != keys[1])
        let applications = try [call(), call(["client_id": "other"])].map(\.application)
        #expect(applications[0] != applications[1] && !applications[0].contains("me"))
    }

    private static let mistakes: [(old: String, new: String, words: String)] = [
        (#", state: "{state}"}"#, "}", "carries {state}"),
        ("https://{host}/authorize", "http://{host}/authorize", "begins with https://"),
        ("https://{host}/authorize", "https://{hots}/authorize", "did you mean 'host'?"),
        ("owner: created.shop", "owner: created.shop\n    owner_is: clientid", "did you mean 'client_id'?"),
        ("    exchange:\n", "    exchanged:\n", "did you mean 'exchange'?"),
        ("refresh_lives: 30d", "refresh_lives: long", "must be a length of time"),
    ]

    @Test("what cannot be meant is an error with the nearest right name", arguments: mistakes)
    func wrong(_ row: (old: String, new: String, words: String)) throws {
        #expect(Self.pack.contains(row.old))
        let text = Self.pack.replacing(row.old, with: row.new)
        let (_, diagnostics) = PackReader.read(SourceText(name: "p.yaml", text: text), isBuiltIn: false)
        #expect(
            diagnostics.contains { $0.severity == .error && $0.message.contains(row.words) },
            "\(diagnostics.map { $0.render() })")
    }
}
