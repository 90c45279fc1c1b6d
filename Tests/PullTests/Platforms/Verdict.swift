import Curl
import Facts
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

/// What an answer of a platform asks of whoever sent the question.
enum Verdict: Sendable, Hashable {
    /// It is one.
    case answer
    /// Soon, without being told when.
    case retry
    /// After so many seconds, as the platform says; nil: it does not say, and waits grow.
    case wait(Int64?)
    /// A new access token.
    case refresh
    /// Somebody has to mend what was configured.
    case configuration
    /// The same question never gets an answer.
    case permanent
    /// There is nothing, said as an error.
    case nothing
}

/// One answer and what it asks.
struct VerdictRow: Sendable, CustomTestStringConvertible {
    var verdict: Verdict
    var status: Int
    var body: String
    var retryAfter: String?

    init(_ verdict: Verdict, _ status: Int, _ body: String, retryAfter: String? = nil) {
        (self.verdict, self.status, self.body, self.retryAfter) = (verdict, status, body, retryAfter)
    }

    /// With 200.
    init(_ verdict: Verdict, _ body: String) { self.init(verdict, 200, body) }

    /// Each of these codes, said with 200.
    static func all(_ verdict: Verdict, _ codes: [Int], _ body: (Int) -> String) -> [VerdictRow] {
        codes.map { VerdictRow(verdict, body($0)) }
    }

    var testDescription: String { "\(status) \(body.prefix(120)) → \(verdict)" }

    /// HTTP's own ways to say so, wherever a platform's tokens are refreshed.
    static let byStatus = [
        VerdictRow(.refresh, 401, "{}"), VerdictRow(.configuration, 403, "{}"), VerdictRow(.permanent, 400, "{}"),
        VerdictRow(.permanent, 404, "<html>"), VerdictRow(.wait(nil), 429, ""),
        VerdictRow(.wait(30), 429, "", retryAfter: "30"), VerdictRow(.wait(7), 503, "", retryAfter: "7"),
        // 90 s after 2026-03-02T10:00:00Z.
        VerdictRow(.wait(90), 429, "{}", retryAfter: "Mon, 02 Mar 2026 10:01:30 GMT"),
        VerdictRow(.retry, 500, "<html>oops</html>"), VerdictRow(.retry, 502, ""), VerdictRow(.retry, 504, ""),
        VerdictRow(.retry, 408, ""), VerdictRow(.permanent, 302, ""), VerdictRow(.answer, 204, ""),
    ]
}

extension ShippedPlatform {
    /// What the platform's answer asks, by its body first and its status then.
    func verdict(_ row: VerdictRow) -> Verdict {
        var headers: HTTPFields = [:]
        if let wait = row.retryAfter { headers[.retryAfter] = wait }
        let reply = Reply(status: .init(code: row.status), headers: headers, body: Array(row.body.utf8))
        let document = reply.body.withUnsafeBytes { try? JSONDocument($0) }
        let error = PlatformVerdict(plan: plan, credentials: source.credentials).error(
            in: reply, document, now: Self.start)
        return error.map(Verdict.init) ?? .answer
    }

    /// What is told to people about an answer that is none.
    func words(_ row: VerdictRow) -> String {
        do {
            _ = try page(plan.streams[0].name, row.body, status: row.status)
            return ""
        } catch {
            return "\(error)"
        }
    }
}

extension Verdict {
    init(_ error: PullError) {
        self =
            switch error {
            case .said(let saying):
                switch saying.meaning {
                case .throttled: .wait(saying.wait.map { $0.microseconds / 1_000_000 })
                case .busy: saying.wait.map { Verdict.wait($0.microseconds / 1_000_000) } ?? .retry
                case .expired: .refresh
                case .refused: .configuration
                case .nothing: .nothing
                case nil: .permanent
                }
            case .refused, .needsConsent: .configuration
            case .throttled(_, let wait): .wait(wait.map { $0.microseconds / 1_000_000 })
            case .failing, .unreadable, .transport: .retry
            default: .permanent
            }
    }
}
