import Testing

@testable import Simulation

@Suite("Limits of an application are counted over its stores")
struct ApplicationLimitTests {
    private let history = PlatformHistory(seed: 1, from: 0, days: 1, orders: 1)

    @Test("what one store asked is gone for the other; a store's own limit is its own")
    func shared() {
        let application = ApplicationLedger()
        var desks = (0..<2).map { _ in PlatformDesk(history: history, credentials: [:], application: application) }
        for place in 0..<2 { desks[place].now = 1000 }
        let first = desks[0].admits("profile", 2, perApplication: 100)
        let second = desks[1].admits("profile", 2, perApplication: 100)
        let third = desks[0].admits("profile", 2, perApplication: 100)
        #expect(first && second && !third)
        #expect(desks.map(\.overruns) == [1, 0])
        // Half of it is there again after half the time.
        desks[1].now = 1050
        let fourth = desks[1].admits("profile", 2, perApplication: 100)
        let fifth = desks[1].admits("profile", 2, perApplication: 100)
        #expect(fourth && !fifth)
        let own = (0..<2).map { place in (0..<3).map { _ in desks[place].admits("orders", 2, per: 100) } }
        #expect(own == [[true, true, false], [true, true, false]])
    }

    /// Three calls a day for each of 34 stores are more than eBay's hundred.
    @Test("eBay's daily cap on profiles is that of all stores of the key")
    func ebay() async {
        let application = ApplicationLedger()
        var refused: [Int] = []
        for place in 0..<34 {
            let platform = MadeUpPlatform(.ebay, history: history, application: application) { 1000 }
            let token = await self.token(platform)
            for _ in 0..<3 where await profile(platform, token) == 429 { refused.append(place) }
            let overruns = await platform.desk.overruns
            #expect(overruns == refused.count { $0 == place })
        }
        #expect(refused == [33, 33])
    }

    private func token(_ platform: MadeUpPlatform) async -> String {
        let pair = Base64.text(of: "MadeUp-standing-PRD-0123456789:PRD-made-up-secret".utf8)
        let form = "grant_type=refresh_token&refresh_token=v%5E1.1%23i%5E1%23made-up-refresh"
        let call = PlatformCall(
            method: "POST", path: "/identity/v1/oauth2/token", query: [],
            headers: ["authorization": "Basic " + pair, "content-type": "application/x-www-form-urlencoded"],
            body: Array(form.utf8), origin: "")
        guard case .reply(let reply) = await platform.answer(call),
            let document = JSONText(reading: Array(reply.body.utf8))
        else { return "" }
        return document.member("access_token")?.words ?? ""
    }

    private func profile(_ platform: MadeUpPlatform, _ token: String) async -> Int {
        let call = PlatformCall(
            method: "GET", path: "/sell/analytics/v1/seller_standards_profile/PROGRAM_US/CURRENT", query: [],
            headers: ["authorization": "Bearer " + token], body: [], origin: "")
        guard case .reply(let reply) = await platform.answer(call) else { return 0 }
        return reply.status
    }
}
