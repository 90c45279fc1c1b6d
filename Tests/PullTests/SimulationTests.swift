import Facts
import Simulation
import Testing

@Suite("the made-up marketplace")
struct SimulationTests {
    private static let turn = LocalDay(year: 2026, month: 3, day: 1)

    @Test("tells the same from the same seed, and something else from another")
    func seeded() async {
        func history(_ seed: UInt64) async -> [String] {
            let stores = MadeUpStore.Story.allCases.map { MadeUpStore(id: $0.rawValue, story: $0, turn: Self.turn) }
            let days = Self.turn.advanced(by: -10)..<Self.turn.advanced(by: 10)
            return await MadeUpMarketplace(
                seed: seed, stores: stores, days: days, now: Timestamp(seconds: 1_773_000_000)
            ).history
        }
        let first = await history(1)
        #expect(first.count > 3_000)
        #expect(await history(1) == first)
        #expect(await history(2) != first)
    }

    @Test("a store's story is its own: another store beside it changes nothing")
    func independent() {
        let days = Self.turn..<Self.turn.advanced(by: 5)
        let store = MadeUpStore(id: "a", story: .sliding, turn: Self.turn)
        let whole = store.history(over: days, seed: 9).map(\.id)
        let parts = days.flatMap { store.history(over: $0..<$0.advanced(by: 1), seed: 9).map(\.id) }
        #expect(whole == parts)
        #expect(Set(whole).count == whole.count, "no id twice")
    }

    /// The published example of the Standard Webhooks specification's reference libraries.
    @Test("the listener reads signatures as the specification says")
    func signature() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let headers = [
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ]
        let then = Timestamp(seconds: 1_614_265_330)
        func read(_ headers: [String: String], _ body: [UInt8], now: Timestamp? = then) -> SignatureReading {
            SignatureReading.read(headers: headers, body: body, secret: secret, now: now)
        }
        #expect(read(headers, body) == .valid)
        #expect(read(headers, body + [10]) == .mismatch)
        #expect(read(headers, body, now: then + .minutes(6)) == .timestampTooFar)
        var changed = headers
        changed["webhook-id"] = "msg_other"
        #expect(read(changed, body) == .mismatch)
        changed = headers
        changed["webhook-signature"] = "v1,AAAA v1a,xyz \(headers["webhook-signature"] ?? "")"
        #expect(read(changed, body) == .valid)
        changed["webhook-timestamp"] = nil
        #expect(read(changed, body) == .headerMissing("webhook-timestamp"))
    }
}
