package import Alerts
package import Curl
package import Facts
import Foundation
import HTTPTypes
import Synchronization

/// Sends a notice to its receiver, once, and says what became of it. When and in which order is the caller's business.
package struct Notifier: Sendable {
    let transport: any Transport
    let clock: any WallClock

    package init(transport: any Transport, clock: any WallClock) { (self.transport, self.clock) = (transport, clock) }

    /// One attempt: the notice's id and body as ever, signed anew with the moment of this attempt. Redirects are not
    /// followed: they would carry what is signed for one place to another.
    ///
    /// - Parameter attempt: 1 for the first.
    package func send(
        _ notice: Notice, to receiver: Receiver, attempt: Int, using generator: inout some RandomNumberGenerator
    ) async -> Outcome {
        switch receiver.address {
        case .mail(let mail):
            return await send(notice, by: mail, to: receiver, attempt: attempt, using: &generator)
        case .program(let words):
            return await run(words, with: notice, for: receiver, attempt: attempt, using: &generator)
        case .web where receiver.kind.hasMembers:
            return await tellMembers(notice.body, of: receiver, attempt: attempt, using: &generator)
        case .web:
            break
        }
        guard let request = request(for: notice, to: receiver) else {
            // `Receiver` proved the address; whoever comes here changed what an address is.
            return retry(
                .needsMending, "\(attempted(receiver, attempt)) failed: its address cannot be used.", attempt,
                using: &generator)
        }
        do {
            let reply = try await transport.send(request)
            if let chat = receiver.kind.chat, chat.isTooLarge(reply), receiver.shortened.insert(notice.id) {
                return retry(
                    .passing,
                    "\(attempted(receiver, attempt)) failed: it answered \(reply.status.code): the message is too long; a shorter one is sent.",
                    attempt, using: &generator)
            }
            let outcome = outcome(of: reply, from: receiver, attempt: attempt, using: &generator)
            if outcome.isTaken { receiver.shortened.remove(notice.id) }
            return outcome
        } catch .cancelled, .shutDown {
            return .interrupted
        } catch {
            return failed(error, receiver, attempt, using: &generator)
        }
    }

    /// No word came back.
    func failed(
        _ error: TransportError, _ receiver: Receiver, _ attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Outcome {
        let kind: Failure.Kind = error.isTransient ? .passing : .needsMending
        return retry(kind, "\(attempted(receiver, attempt)) failed: \(error).", attempt, using: &generator)
    }

    private func request(for notice: Notice, to receiver: Receiver) -> Request? {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let chat = receiver.kind.chat {
            let call = chat.call(receiver, body(of: notice, for: receiver, of: chat), at: clock.now)
            for field in call.headers { headers.append(field) }
            // What it says decides.
            return Request(
                method: .post, url: call.url, headers: headers, body: call.body, limits: Self.limits(body: 1 << 16))
        }
        let seconds = clock.now.microseconds / 1_000_000
        headers[.webhookID] = notice.id
        headers[.webhookTimestamp] = "\(seconds)"
        if let key = receiver.key {
            headers[.webhookSignature] = WebhookSignature.value(
                id: notice.id, seconds: seconds, body: notice.body, key: key)
        }
        var request = Request(
            method: .post, url: receiver.url.reveal(), headers: headers, body: notice.body,
            limits: Self.limits(body: 1 << 20))
        // A status of 2xx means taken, whatever is said beside it.
        request?.ignoresBody = true
        return request
    }

    /// What is sent later than it was made says so; its id stays the same.
    private func body(of notice: Notice, for receiver: Receiver, of chat: any ChatService) -> [UInt8] {
        let body = receiver.shortened.contains(notice.id) ? KeptBody.shortened(notice.body) : notice.body
        guard let words = Self.lateness(of: notice, at: clock.now) else { return body }
        return KeptBody.bytes(of: body, adding: receiver.language.text(words), at: chat.words)
    }

    /// A first attempt, and some after it, are no news.
    private static let late = TimeSpan.minutes(15)

    static func lateness(of notice: Notice, at now: Timestamp) -> Words? {
        guard notice.madeAt <= now, now - notice.madeAt >= late else { return nil }
        let minutes = (now - notice.madeAt).microseconds / TimeSpan.minutes(1).microseconds
        return switch minutes {
        case ..<120: Words(en: "(sent \(minutes) min late)", zh: "（延迟 \(minutes) 分钟送达）")
        case ..<(48 * 60): Words(en: "(sent \(minutes / 60) h late)", zh: "（延迟 \(minutes / 60) 小时送达）")
        default: Words(en: "(sent \(minutes / 1440) days late)", zh: "（延迟 \(minutes / 1440) 天送达）")
        }
    }

    static func limits(body: Int) -> Limits {
        Limits(connect: .seconds(5), total: .seconds(15), stall: .seconds(15), body: body)
    }

    /// Any 2xx of a webhook is success; of a service on which people read its own word is. Everything else is tried again, by
    /// one schedule: an answer that says "never" has been known to come from a proxy that was being restarted.
    func outcome(
        of reply: Reply, from receiver: Receiver, attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Outcome {
        let (status, chat) = (reply.status.code, receiver.kind.chat)
        let isGood = (200..<300).contains(status)
        let refusal = receiver.kind.hasMembers ? Self.memberRefusal(reply) : chat?.refusal(reply)
        switch isGood ? chat?.verdict(on: reply) ?? .taken() : refusal {
        case .taken(let said): return .taken(Self.answer("\(status) \(said)"))
        case .refused(let said, let advice, let wait):
            let words = "\(attempted(receiver, attempt)) failed: \(said)" + (advice.map { "; " + $0 } ?? "") + "."
            return retry(
                advice == nil ? .passing : .needsMending, words, attempt, asked: wait, rest: wait, using: &generator)
        case nil: break
        }
        let asked = reply.retryAfter(now: clock.now.microseconds / 1_000_000).map { TimeSpan.seconds($0) }
        let advice: String? =
            switch status {
            case 300..<400: "redirects are not followed; give the final address"
            case 401, 403: "it does not accept us; compare its secret and ours"
            case 404, 405, 410: "there is nothing at its address that takes notices; correct the address"
            case 408, 425, 429, 500...: nil
            case 413: "the message is too large for it; let it take a megabyte"
            default: "it does not take the message; its own log should say why"
            }
        var words = "\(attempted(receiver, attempt)) failed: it answered \(status)"
        if let advice { words += ": " + advice }
        if let asked { words += " and asks to wait \(asked) s" }
        // A chat service counts what comes to it, whichever message.
        let rest = chat == nil || status != 429 ? nil : asked
        return retry(
            advice == nil ? .passing : .needsMending, words + ".", attempt, asked: asked, rest: rest,
            using: &generator)
    }

    /// What a receiver said, for the journal: a line, of which the beginning is enough.
    static func answer(_ said: String) -> String {
        let line = said.map { $0.isNewline || $0.isWhitespace ? " " : $0 }
            .filter { $0.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } }
        return Message.cut(String(line.prefix(400)).trimmingCharacters(in: .whitespaces), most: 160)
    }

    func retry(
        _ kind: Failure.Kind, _ words: String, _ attempt: Int, asked: TimeSpan? = nil, rest: TimeSpan? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> Outcome {
        .retry(
            after: DeliveryBackoff.wait(after: attempt, asked: asked, using: &generator),
            because: Failure(kind, words, rest: rest.map { min($0, DeliveryBackoff.longestAsked) }))
    }

    func attempted(_ receiver: Receiver, _ attempt: Int) -> String {
        "Sending a notice to receiver '\(receiver.id)' at \(receiver.host) (attempt \(attempt))"
    }
}

extension HTTPField.Name {
    fileprivate static let webhookID = Self("webhook-id")!  // proof: a token
    fileprivate static let webhookTimestamp = Self("webhook-timestamp")!  // proof: a token
    fileprivate static let webhookSignature = Self("webhook-signature")!  // proof: a token
}

/// Of notices that were too large for their receiver, which. It lasts as long as the receiver: after a restart the whole is
/// tried again.
final class ShortenedNotices: Sendable {
    private let ids = Mutex<Set<String>>([])

    /// - Returns: whether it is new.
    func insert(_ notice: String) -> Bool { ids.withLock { $0.insert(notice).inserted } }
    func remove(_ notice: String) { ids.withLock { _ = $0.remove(notice) } }
    func contains(_ notice: String) -> Bool { ids.withLock { $0.contains(notice) } }
}
