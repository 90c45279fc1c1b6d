import Curl
import Facts
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("What servers written after the same documents may do otherwise")
struct OtherServerTests {
    @Test(
        "an endpoint given with the one path of all calls is the same address",
        arguments: [("pinduoduo", "/api/router"), ("taobao", "/router/rest"), ("jd", "/routerjson")])
    func whole(_ pack: String, _ path: String) throws {
        for endpoint in ["https://gate.example", "https://gate.example\(path)", "https://gate.example\(path)/"] {
            let platform = try ShippedPlatform(pack, endpoint: endpoint)
            #expect(try platform.request(pack == "taobao" ? "trades" : "orders").head.path == path, "\(endpoint)")
        }
        let below = try ShippedPlatform(pack, endpoint: "https://gate.example/cn\(path)")
        #expect(try below.request(pack == "taobao" ? "trades" : "orders").head.path == "/cn" + path)
    }

    @Test("a platform with a path for each call keeps that of the endpoint")
    func paths() throws {
        let platform = try ShippedPlatform("kuaishou", endpoint: "https://gate.example/open/order/cursor/list/")
        let path = try platform.request("orders").head.path ?? ""
        #expect(path.hasPrefix("/open/order/cursor/list/open/order/cursor/list?"), "\(path)")
    }

    private func grant(_ pack: String, _ body: String, status: Int = 200) throws -> TokenCall.Grant {
        let plan = try ShippedPlatform(pack).plan
        let given = Dictionary(plan.credentials.map { ($0.name, Secret("given-\($0.name)")) }) { $1 }
        let call = try #require(TokenCall(plan: plan, endpoint: nil, credentials: given))
        return try call.grant(
            from: Reply(status: .init(code: status), body: Array(body.utf8)), at: ShippedPlatform.start)
    }

    @Test(
        "a token is one without the word that all is well, and with nothing beside it",
        arguments: [
            ("kuaishou", #"{"access_token":"a"}"#), ("kuaishou", #"{"result":1,"access_token":"a"}"#),
            ("jd", #"{"access_token":"a"}"#), ("taobao", #"{"access_token":"a"}"#),
            ("douyin", #"{"data":{"access_token":"a"}}"#),
            ("pinduoduo", #"{"pop_auth_token_refresh_response":{"access_token":"a"}}"#),
        ])
    func grants(_ pack: String, _ body: String) throws {
        let grant = try grant(pack, body)
        #expect(grant.accessToken == Secret("a") && grant.expiresAt == nil && grant.refreshToken == nil)
        #expect(throws: PullError.self) { try self.grant(pack, body, status: 500) }
    }

    @Test(
        "Pinduoduo's case by itself is read without a wrapper and in one",
        arguments: ["first-intervention", "intervention"])
    func wrapped(_ stream: String) throws {
        let platform = try ShippedPlatform("pinduoduo")
        let listed =
            #"{"kind":"refund","store":"s","id":"7","updated_at":"2026-03-01T10:00:00Z","status":"refunded"}"#
        let single = #"{"id":7,"updated_time":"2026-03-02 18:00:00","join_or_not":"1"}"#
        let flat = try platform.adding(stream, single, to: listed)
        #expect(flat.count == 1 && flat[0].contains(#""intervened":true"#), "\(flat)")
        #expect(try platform.adding(stream, #"{"refund_information_get_response":\#(single)}"#, to: listed) == flat)
    }

    @Test("Douyin's and Kuaishou's cases count also where a member is left out that may follow from others")
    func lacking() throws {
        func douyin(_ members: String) throws -> String {
            try ShippedPlatform("douyin").fact(
                "cases",
                #"{"code":10000,"data":{"total":1,"items":[{"aftersale_info":{"aftersale_id":7,"update_time":1772400000,\#(members)}}]}}"#
            )
        }
        let back = #""refunded_at":"2026-03-01T21:20:00Z""#
        #expect(try douyin(#""aftersale_status":12,"aftersale_type":0"#).says(back, #""status":"refunded""#))
        #expect(try douyin(#""aftersale_status":12,"aftersale_type":0,"refund_status":3"#).says(back))
        #expect(try !douyin(#""aftersale_status":12,"aftersale_type":0,"refund_status":2"#).contains("refunded_at"))
        #expect(try !douyin(#""aftersale_status":12,"aftersale_type":3"#).contains("refunded_at"))
        #expect(try douyin(#""aftersale_status":6,"aftersale_type":0"#).says(#""status":"open""#))
        let order = try ShippedPlatform("douyin").lines(
            "orders", #"{"code":10000,"data":{"total":1,"shop_order_list":[{"order_id":"1","order_status":2}]}}"#)
        #expect(order.count == 1 && order[0].contains(#""status":"paid""#), "\(order)")
        let paid = try ShippedPlatform("kuaishou").fact(
            "refunds",
            #"{"result":1,"data":{"refundOrderInfoList":[{"refundId":7,"updateTime":1772400000000,"status":60}]}}"#)
        #expect(paid.says(back, #""status":"refunded""#))
    }

    @Test(
        "Kuaishou's words of too many calls",
        arguments: ["请求过于频繁", "调用频率超限", "Rate limit exceeded", "Too Many Requests"])
    func throttled(_ words: String) throws {
        let platform = try ShippedPlatform("kuaishou")
        #expect(platform.verdict(VerdictRow(.wait(nil), #"{"result":9,"error_msg":"\#(words)"}"#)) == .wait(nil))
    }

    @Test("Kuaishou's refunds are asked about a day at once in a first pull")
    func windows() throws {
        let platform = try ShippedPlatform("kuaishou")
        let first = try platform.request("first-refunds")
        // 31 days before 2026-03-02T10:00:00Z, and a day later.
        let asked = query(first)["param"] ?? ""
        #expect(asked.says(#""beginTime":1769767200000"#, #""endTime":1769853600000"#), "\(asked)")
    }
}
