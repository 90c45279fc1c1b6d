import Curl
import Facts
import HTTPTypes
import Notify
import TestSupport
import Testing

/// Whatever is not taken is tried again soon; what differs is whether somebody has to mend something.
private enum Expected: Sendable, Hashable { case taken, passing, mending }

private let statuses: [(Int, Expected)] = [
    (200, .taken), (201, .taken), (202, .taken), (204, .taken), (299, .taken),
    (301, .mending), (302, .mending), (307, .mending), (308, .mending), (304, .mending),
    (400, .mending), (401, .mending), (403, .mending), (404, .mending), (405, .mending), (413, .mending),
    (415, .mending),
    (422, .mending), (418, .mending),
    (408, .passing), (425, .passing), (429, .passing),
    (500, .passing), (501, .passing), (502, .passing), (503, .passing), (504, .passing), (599, .passing),
    (410, .mending),
]

private let errors: [(TransportError, Expected)] = [
    (.couldNotResolve(host: "ops.example"), .passing), (.couldNotResolveProxy(host: "ops.example"), .passing),
    (.couldNotConnect(host: "ops.example"), .passing),
    (.timedOut(host: "ops.example", limit: .total, after: .seconds(15)), .passing),
    (.cutOff(host: "ops.example"), .passing),
    (.malformed(host: "ops.example"), .passing), (.failed(host: "ops.example", reason: "odd"), .passing),
    (.couldNotVerify(host: "ops.example", fault: .expired), .mending),
    (.tooLarge(host: "ops.example", part: .body, limit: 1), .mending),
    (.redirectRefused(host: "ops.example", fault: .otherOrigin), .mending),
    (.unusableRequest(host: "ops.example"), .mending),
]

private func check(_ outcome: Outcome, is expected: Expected, _ comment: String) {
    switch (outcome, expected) {
    case (.taken, .taken): break
    case (.retry(let wait, let failure), .passing), (.retry(let wait, let failure), .mending):
        #expect(wait >= TimeSpan(microseconds: 500_000) && wait <= .seconds(1), "\(comment)")
        #expect(failure.kind == (expected == .passing ? .passing : .needsMending), "\(comment)")
        #expect(failure.description.contains("'ops'") && failure.description.contains("ops.example"), "\(comment)")
        for secret in ["t0ken", "hidden", "whsec", "8443"] {
            #expect(!failure.description.contains(secret), "\(comment)")
        }
    default: Issue.record("\(comment) became \(outcome)")
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

    @Test(
        "an attempt that the program's end cut short says nothing about the receiver",
        arguments: [
            TransportError.cancelled, .shutDown,
        ])
    func interrupted(_ error: TransportError) async throws {
        #expect(try await outcome(of: .failure(error)) == .interrupted)
    }

    @Test(
        "a wait that the receiver asks for is kept",
        arguments: [
            (503, "120", TimeSpan.seconds(120)), (429, "3600", .hours(1)), (404, "7200", .hours(2)),
            (404, "60", .minutes(1)), (410, "60", .minutes(1)),
            (503, "Mon, 02 Mar 2026 10:30:00 GMT", .minutes(30)), (503, "999999999999", .days(1)),
            (429, "86400", .days(1)),
        ])
    func retryAfter(_ status: Int, _ field: String, _ expected: TimeSpan) async throws {
        let reply = Reply(status: .init(code: status), headers: [.retryAfter: field])
        guard case .retry(let wait, _) = try await outcome(of: .success(reply)) else {
            Issue.record("not a retry")
            return
        }
        #expect(wait == expected)
    }

    @Test(
        "a wait that is short, past or unreadable leaves our own",
        arguments: [
            "0", "-5", "soon", "", "Mon, 02 Mar 2026 09:00:00 GMT", "Mon, 32 Foo 2026 09:00:00 GMT", "1.5",
            "99999999999999999999999",
        ])
    func unreadable(_ field: String) async throws {
        let reply = Reply(status: .init(code: 503), headers: [.retryAfter: field])
        check(try await outcome(of: .success(reply)), is: .passing, "Retry-After: \(field)")
    }

    @Test("waits begin within 2 s, grow, and end at 15 minutes")
    func backoff() {
        // Longest and shortest of the n-th wait, in seconds.
        let bounds: [(Int, Double, Double)] = [
            (1, 0.5, 1), (2, 1, 2), (3, 2, 4), (4, 4, 8), (5, 8, 16), (6, 16, 32), (7, 32, 64), (8, 64, 128),
            (9, 128, 256), (10, 256, 512), (11, 450, 900), (12, 450, 900), (1000, 450, 900), (0, 0.5, 1),
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
