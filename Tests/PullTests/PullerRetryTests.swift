import Curl
import Facts
import HTTPTypes
import Pull
import TestSupport
import Testing

@Suite("trying a page again")
struct PullerRetryTests {
    private let feed = PulledFeed()

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answers: [CannedTransport.Answer]
        var error: PullError?
        var requests: Int
        /// What was slept in all, in seconds.
        var slept: ClosedRange<Int64>
        var notBefore: Int64?
        init(
            _ description: String, _ answers: [CannedTransport.Answer], _ error: PullError?, requests: Int,
            slept: ClosedRange<Int64>, notBefore: Int64? = nil
        ) {
            (testDescription, self.answers, self.error, self.requests) = (description, answers, error, requests)
            (self.slept, self.notBefore) = (slept, notBefore)
        }
    }

    private static let refusedConnection = TransportError.couldNotConnect(host: "erp.example")

    @Test(
        "what may go better soon is tried again, what cannot is not",
        arguments: [
            Row("500, then well", [reply(500), page([])], nil, requests: 2, slept: 0...1),
            Row("500 to the end", [reply(500)], .failing(status: 500), requests: 5, slept: 7...15),
            Row("no connection, then well", [.failure(refusedConnection), page([])], nil, requests: 2, slept: 0...1),
            Row(
                "no connection", [.failure(refusedConnection)], .transport(refusedConnection), requests: 5,
                slept: 7...15),
            Row(
                "not to be trusted", [.failure(.couldNotVerify(host: "h", fault: .expired))],
                .transport(.couldNotVerify(host: "h", fault: .expired)), requests: 1, slept: 0...0),
            Row("cut off, then well", [.failure(.cutOff(host: "h")), page([])], nil, requests: 2, slept: 0...1),
            Row("garbage, then well", [reply(200, "<html>"), page([])], nil, requests: 2, slept: 0...1),
            Row("401", [reply(401)], .refused(status: 401), requests: 1, slept: 0...0),
            Row("403", [reply(403)], .refused(status: 403), requests: 1, slept: 0...0),
            Row("404", [reply(404)], .rejected(status: 404), requests: 1, slept: 0...0),
            Row("a redirect", [reply(302)], .redirected(status: 302), requests: 1, slept: 0...0),
            Row("204", [reply(204)], .unexpected(status: 204), requests: 1, slept: 0...0),
            Row("429 with a wait", [reply(429, "", [.retryAfter: "30"]), page([])], nil, requests: 2, slept: 30...31),
            Row("429 without", [reply(429), page([])], nil, requests: 2, slept: 0...1),
            Row(
                "503 with a date", [reply(503, "", [.retryAfter: "Mon, 02 Mar 2026 10:01:00 GMT"]), page([])], nil,
                requests: 2, slept: 60...61),
            Row(
                "503 with nonsense", [reply(503, "", [.retryAfter: "later"]), page([])], nil, requests: 2, slept: 0...1),
            Row(
                "429 with a long wait", [reply(429, "", [.retryAfter: "3600"])],
                .throttled(status: 429, wait: .seconds(3600)), requests: 1, slept: 0...0, notBefore: 3600),
            Row(
                "429 to the end", [reply(429, "", [.retryAfter: "10"])], .throttled(status: 429, wait: .seconds(10)),
                requests: 5, slept: 40...50, notBefore: 55),
        ])
    func tries(_ row: Row) async throws {
        let kept = Kept()
        let pulled = try await feed.pull(row.answers, from: kept)
        #expect(pulled.failure?.error == row.error)
        #expect(pulled.requests.count == row.requests)
        #expect(pulled.sleeps.count == row.requests - 1)
        let slept = (feed.clock.now - PulledFeed.start).microseconds
        #expect(slept >= row.slept.lowerBound * 1_000_000 && slept <= row.slept.upperBound * 1_000_000, "\(slept)")
        if let notBefore = row.notBefore {
            let asked = try #require(pulled.failure?.notBefore)
            #expect(asked > feed.clock.now && asked <= PulledFeed.start + .seconds(notBefore + 5))
        } else {
            #expect(pulled.failure?.notBefore == nil)
        }
        if row.error == nil {
            #expect(
                await kept.pages.last?.finish?.until == PulledFeed.start,
                "covered to the first attempt, not to the one that went well")
        }
    }

    @Test("a failure says which source, which page, what came back, and no secret")
    func words() async throws {
        let kept = Kept()
        let failure = try await feed.pull([page([], next: "hush"), reply(500)], from: kept).failure
        #expect(
            failure.map(String.init(describing:))
                == "Pulling feed:erp failed at page 2 after 5 attempts: the server answered 500.")
    }
}
