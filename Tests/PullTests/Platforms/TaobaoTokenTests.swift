import Curl
import Facts
import HTTPTypes
import Rules
import Testing

@testable import Pull

@Suite("What Taobao says with a token")
struct TaobaoTokenTests {
    private func grant(_ members: String) throws -> TokenCall.Grant {
        let plan = try ShippedPlatform("taobao").plan
        let given = Dictionary(plan.credentials.map { ($0.name, Secret("given-\($0.name)")) }) { $1 }
        let call = try #require(TokenCall(plan: plan, endpoint: nil, credentials: given))
        let body = #"{"access_token":"a","refresh_token":"r","expires_in":86400\#(members)}"#
        return try call.grant(from: Reply(status: .ok, body: Array(body.utf8)), at: ShippedPlatform.start)
    }

    @Test("the levels of rights end at moments in milliseconds, or so many seconds from now")
    func levels() throws {
        let end = ShippedPlatform.start + .days(30)
        let milliseconds = end.microseconds / 1000
        #expect(try grant(#","r1_valid":\#(milliseconds),"w1_valid":0"#).ends == ["r1": end])
        #expect(try grant(#","r2_valid":\#(milliseconds / 1000)"#).ends == ["r2": end])
        #expect(try grant(#","r1_expires_in":2592000"#).ends == ["r1": end])
    }

    @Test("a refresh token that was given for no time is not over as soon as it is given")
    func refresh() throws {
        #expect(try grant(#","re_expires_in":0"#).refreshExpiresAt == nil)
        #expect(try grant(#","re_expires_in":86400"#).refreshExpiresAt == ShippedPlatform.start + .days(1))
    }
}
