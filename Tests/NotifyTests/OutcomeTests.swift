import Curl
import Facts
import HTTPTypes
import Notify
import TestSupport
import Testing

private enum Expected: Sendable, Hashable { case taken, soon, rarely, abandoned }

private let statuses: [(Int, Expected)] = [
    (200, .taken), (201, .taken), (202, .taken), (204, .taken), (299, .taken),
    (301, .rarely), (302, .rarely), (307, .rarely), (308, .rarely), (304, .rarely),
    (400, .rarely), (401, .rarely), (403, .rarely), (404, .rarely), (405, .rarely), (413, .rarely), (415, .rarely),
    (422, .rarely), (418, .rarely),
    (408, .soon), (425, .soon), (429, .soon),
    (500, .soon), (501, .soon), (502, .soon), (503, .soon), (504, .soon), (599, .soon),
    (410, .abandoned),
]

private let errors: [(TransportError, Expected)] = [
    (.couldNotResolve(host: "ops.example"), .soon), (.couldNotResolveProxy(host: "ops.example"), .soon),
    (.couldNotConnect(host: "ops.example"), .soon),
    (.timedOut(host: "ops.example", limit: .total, after: .seconds(15)), .soon), (.cutOff(host: "ops.example"), .soon),
    (.malformed(host: "ops.example"), .soon), (.failed(host: "ops.example", reason: "odd"), .soon),
    (.couldNotVerify(host: "ops.example", fault: .expired), .rarely),
    (.tooLarge(host: "ops.example", part: .body, limit: 1), .rarely),
    (.redirectRefused(host: "ops.example", fault: .otherOrigin), .rarely),
    (.unusableRequest(host: "ops.example"), .rarely),
]

private func check(_ outcome: Outcome, is expected: Expected, _ comment: String) {
    switch (outcome, expected) {
    case (.taken, .taken): break
    case (.retry(let wait, let failure), .soon):
        #expect(wait >= .seconds(1) && wait <= .seconds(2), "\(comment)")
        #expect(failure.kind == .passing, "\(comment)")
    case (.retry(let wait, let failure), .rarely):
        #expect(wait == .minutes(15), "\(comment)")
        #expect(failure.kind == .needsMending, "\(comment)")
    case (.abandoned(let failure), .abandoned): #expect(failure.kind == .needsMending, "\(comment)")
    default: Issue.record("\(comment) became \(outcome)")
    }
    switch outcome {
    case .taken: break
    case .retry(_, let failure), .abandoned(let failure):
        #expect(failure.description.contains("'ops'") && failure.description.contains("ops.example"), "\(comment)")
        for secret in ["t0ken", "hidden", "whsec", "8443"] {
            #expect(!failure.description.contains(secret), "\(comment)")
        }
    }
}

@Suite("outcomes")
struct OutcomeTests {
    @Test("of every status", arguments: statuses)
    fileprivate func status(_ status: Int, _ expected: Expected) async throws {
        let reply = Reply(status: .init(code: status))
        check(try await outcome(of: .success(reply)), is: expected, "status \(status)")
    }

    @Test("of every error of the transport", arguments: errors)
    fileprivate func error(_ error: TransportError, _ expected: Expected) async throws {
        check(try await outcome(of: .failure(error)), is: expected, "\(error)")
    }

    @Test("an attempt that the program's end cut short says nothing about the receiver", arguments: [
        TransportError.cancelled, .shutDown,
    ])
    func interrupted(_ error: TransportError) async throws {
        guard case .retry(let wait, let failure) = try await outcome(of: .failure(error)) else {
            Issue.record("not a retry")
            return
        }
        #expect(wait == .zero && failure.kind == .interrupted)
    }

    @Test("a wait that the receiver asks for is kept", arguments: [
        (503, "120", TimeSpan.seconds(120)), (429, "3600", .hours(1)), (404, "7200", .hours(2)),
        (404, "60", .minutes(15)),
        (503, "Mon, 02 Mar 2026 10:30:00 GMT", .minutes(30)), (503, "999999999999", .days(1)), (429, "86400", .days(1)),
    ])
    func retryAfter(_ status: Int, _ field: String, _ expected: TimeSpan) async throws {
        let reply = Reply(status: .init(code: status), headers: [.retryAfter: field])
        guard case .retry(let wait, _) = try await outcome(of: .success(reply)) else {
            Issue.record("not a retry")
            return
        }
        #expect(wait == expected)
    }

    @Test("a wait that is short, past or unreadable leaves our own", arguments: [
        "0", "1", "-5", "soon", "", "Mon, 02 Mar 2026 09:00:00 GMT", "Mon, 32 Foo 2026 09:00:00 GMT", "1.5",
        "99999999999999999999999",
    ])
    func unreadable(_ field: String) async throws {
        let reply = Reply(status: .init(code: 503), headers: [.retryAfter: field])
        check(try await outcome(of: .success(reply)), is: .soon, "Retry-After: \(field)")
    }

    @Test("waits begin within 2 s, grow, and end at 15 minutes")
    func backoff() {
        // Longest and shortest of the n-th wait, in seconds.
        let bounds: [(Int, Double, Double)] = [
            (1, 1, 2), (2, 2, 4), (3, 4, 8), (4, 8, 16), (5, 16, 32), (6, 32, 64), (7, 64, 128), (8, 128, 256),
            (9, 256, 512), (10, 450, 900), (11, 450, 900), (1000, 450, 900), (0, 1, 2),
        ]
        for seed in UInt64(1)...50 {
            var generator = SeededGenerator(seed: seed)
            for (failure, least, most) in bounds {
                let wait = DeliveryBackoff.wait(after: failure, using: &generator)
                let seconds = Double(wait.microseconds) / 1_000_000
                #expect(seconds >= least && seconds <= most, "failure \(failure), seed \(seed)")
            }
        }
    }

    @Test("two that failed together do not come back together")
    func jitter() {
        var generator = SeededGenerator(seed: 7)
        let waits = Set((0..<20).map { _ in DeliveryBackoff.wait(after: 10, using: &generator) })
        #expect(waits.count > 15)
    }
}
