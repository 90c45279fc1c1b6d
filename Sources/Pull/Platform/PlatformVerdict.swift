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
                    said.wait = PullError(reply, now: now)?.asked
                }
                return .said(said)
            }
        }
        return byStatus(reply, now)
    }

    private func meaning(of status: Int) -> PullPlan.ErrorClass? {
        switch status {
        case 401: plan.token == nil ? .refused : .expired
        case 403: .refused
        case 429: .throttled
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
        let byCode = check.classes.first { _, texts in
            texts.contains { text in
                codes.contains { text.hasSuffix("*") ? $0.hasPrefix(String(text.dropLast())) : $0 == text }
            }
        }?.0
        let spoken = message.lowercased()
        let meaning = byCode ?? check.says.first { $0.1.contains { spoken.contains($0.lowercased()) } }?.0
        return PlatformSaying(
            status: status, code: credentials.masked(codes.joined(separator: "/")),
            message: credentials.masked(message), meaning: meaning,
            wait: meaning == .throttled ? wait(check, document) : nil)
    }

    /// Until a query of that cost can be paid, by what GraphQL answers tell of it.
    private func wait(_ check: PullPlan.ErrorCheck, _ document: JSONDocument) -> TimeSpan? {
        func number(_ names: String...) -> Double? {
            check.cost.flatMap { document.root[$0 + names]?.text }.flatMap(Double.init)
        }
        guard let cost = number("requestedQueryCost"), let there = number("throttleStatus", "currentlyAvailable"),
            let rate = number("throttleStatus", "restoreRate"), rate > 0
        else { return nil }
        return .seconds(Int64(min(max(0, cost - there) / rate, 3600).rounded(.up)))
    }
}
