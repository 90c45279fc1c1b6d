import Curl
import Facts
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite(
    "The platforms' samples of tokens are read",
    .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
struct TokenSampleTests {
    private func grant(_ pack: String, _ file: String) throws -> TokenCall.Grant {
        let plan = try ShippedPlatform(pack).plan
        let given = Dictionary(plan.credentials.map { ($0.name, Secret("given-\($0.name)")) }) { $1 }
        let call = try #require(TokenCall(plan: plan, endpoint: nil, credentials: given))
        let body = try SharedData.text("../fixtures/international/" + file)
        return try call.grant(from: Reply(status: .ok, body: Array(body.utf8)), at: ShippedPlatform.start)
    }

    @Test("Walmart's lives fifteen minutes and is refreshed with nothing")
    func walmart() throws {
        let grant = try grant("walmart", "walmart/token.json")
        #expect(grant.accessToken.reveal() == "DOC-SAMPLE-TOKEN-REDACTED" && grant.refreshToken == nil)
        #expect(grant.expiresAt == ShippedPlatform.start + .seconds(900))
    }

    @Test("Shopee's stands in no wrapper, and its refresh token replaces the one before")
    func shopee() throws {
        let grant = try grant("shopee", "shopee/public.refresh_access_token.json")
        #expect(grant.accessToken.reveal() == String(repeating: "0", count: 32))
        #expect(grant.refreshToken?.reveal() == String(repeating: "1", count: 32))
        #expect(grant.expiresAt == ShippedPlatform.start + .hours(4))
    }

    @Test("TikTok Shop's tells moments in fields that are named as if they were spans")
    func tiktok() throws {
        let grant = try grant("tiktok-shop", "tiktok/token-get-dummy.transcribed.json")
        #expect(grant.accessToken.reveal() == "DUMMY_ACCESS" && grant.refreshToken?.reveal() == "DUMMY_REFRESH")
        #expect(grant.expiresAt == Timestamp(seconds: 1_660_556_783))
        #expect(grant.refreshExpiresAt == Timestamp(seconds: 1_691_487_031))
    }
}
