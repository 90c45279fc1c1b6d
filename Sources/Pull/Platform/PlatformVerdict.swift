import Curl
import Facts
import HTTPTypes
import Rules

/// Whether a platform's answer is one: the body goes before the status, since many say their errors with 200.
struct PlatformVerdict {
    let plan: PullPlan
    let credentials: PlatformCredentials

    /// nil: it is an answer.
    func error(in reply: Reply, _ document: JSONDocument?, now: Timestamp) -> PullError? {
        let status = reply.status.code
        if let document {
            for check in plan.errors {
                guard let saying = saying(check, document, status) else { continue }
                var said = saying
                // Where nobody has classed the code, the status says what to do.
                said.meaning = said.meaning ?? meaning(of: status)
                if said.meaning == .throttled || said.meaning == .busy, said.wait == nil {
                    // Also with 200: the header holds whatever the status says.
                    said.wait =
                        reply.retryAfter(now: now.microseconds / 1_000_000).map { .seconds($0) }
                        ?? usualWait(check, document)?.from(now)
                }
                return .said(said)
            }
        }
        return byStatus(reply, now)
    }

    /// Where several codes of one answer are classed, what somebody has to do goes before asking again: a service that
    /// failed because a consent is over fails each time.
    private static let order: [PullPlan.ErrorClass] = [.throttled, .expired, .refused, .busy, .nothing]

    private func meaning(of status: Int) -> PullPlan.ErrorClass? {
        switch status {
        case 401: plan.token == nil ? .refused : .expired
        case 403: .refused
        case 429: .throttled
        case 501, 505: nil
        case 408, 425, 500...: .busy
        default: nil
        }
    }

    private func byStatus(_ reply: Reply, _ now: Timestamp) -> PullError? {
        let status = reply.status.code
        if status == 204 { return nil }
        if status == 401, plan.token != nil {
            return .said(PlatformSaying(status: status, code: "", message: "", meaning: .expired))
        }
        return PullError(reply, now: now)
    }

    private func saying(_ check: PullPlan.ErrorCheck, _ document: JSONDocument, _ status: Int) -> PlatformSaying? {
        let found = document.root[check.at]
        if let good = check.good {
            if good.contains(found?.text ?? "") { return nil }
        } else if found.map({ $0.isNull || $0.text == "" || $0.isArray && $0.elements.isEmpty }) ?? true {
            return nil
        }
        let codes = check.by.compactMap { document.root[$0]?.text }.filter { !$0.isEmpty }
        let message = check.message.lazy.compactMap { document.root[$0]?.text }.first { !$0.isEmpty } ?? ""
        let fitting = Self.order.filter { word in
            check.classes.contains { other, texts in
                other == word
                    && texts.contains { text in codes.contains { Self.is($0, like: text) } }
            }
        }
        let byCode = fitting.first
        let spoken = message.lowercased()
        let meaning = byCode ?? check.says.first { $0.1.contains { spoken.contains($0.lowercased()) } }?.0
        var saying = PlatformSaying(
            status: status, code: credentials.masked(codes.joined(separator: "/")),
            message: credentials.masked(message), meaning: meaning,
            wait: meaning == .throttled ? wait(check, document) : nil)
        saying.mayLackRight =
            meaning == .expired && fitting.contains(.refused) && !saysExpired(check, document)
        saying.whose =
            check.whose.first { _, texts in
                texts.contains { text in codes.contains { Self.is($0, like: text) } }
            }?.0
        return saying
    }

    private func usualWait(_ check: PullPlan.ErrorCheck, _ document: JSONDocument) -> PullPlan.ErrorCheck.Wait? {
        let codes = check.by.compactMap { document.root[$0]?.text }
        return check.waits.first { text, _ in codes.contains { Self.is($0, like: text) } }?.1
    }

    /// Whether the platform's words leave no doubt that it is the token.
    private func saysExpired(_ check: PullPlan.ErrorCheck, _ document: JSONDocument) -> Bool {
        let spoken = check.message.compactMap { document.root[$0]?.text }.joined(separator: "\n").lowercased()
        return check.says.contains { word, texts in
            word == .expired && texts.contains { spoken.contains($0.lowercased()) }
        }
    }

    /// `105*` is what begins so, `*_number` what ends so, and each `?` one character: `105???` is of six, and `10?*` of three
    /// and more.
    static func `is`(_ code: String, like pattern: String) -> Bool {
        if pattern.count > 1, pattern.hasPrefix("*") {
            let end = pattern.dropFirst()
            return code.count >= end.count && zip(code.reversed(), end.reversed()).allSatisfy { $0 == $1 || $1 == "?" }
        }
        let isBeginning = pattern.hasSuffix("*")
        let head = isBeginning ? pattern.dropLast() : pattern[...]
        let fits = isBeginning ? code.count >= head.count : code.count == head.count
        return fits && zip(code, head).allSatisfy { $0 == $1 || $1 == "?" }
    }

    /// Until a query of that cost can be paid, by what GraphQL answers tell of it, in whole seconds.
    private func wait(_ check: PullPlan.ErrorCheck, _ document: JSONDocument) -> TimeSpan? {
        func number(_ names: String...) -> Int64? {
            check.cost.flatMap { document.root[$0 + names]?.text }.flatMap { FixedPoint($0) }?.millionths
        }
        guard let cost = number("requestedQueryCost"), let there = number("throttleStatus", "currentlyAvailable"),
            let rate = number("throttleStatus", "restoreRate"), rate > 0
        else { return nil }
        let (missing, overflow) = cost.subtractingReportingOverflow(there)
        if overflow { return nil }
        let seconds = max(0, missing) / rate + (max(0, missing) % rate > 0 ? 1 : 0)
        return .seconds(min(seconds, 3600))
    }
}
