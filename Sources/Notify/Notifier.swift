package import Alerts
package import Curl
package import Facts
import HTTPTypes

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
            return outcome(of: try await transport.send(request), from: receiver, attempt: attempt, using: &generator)
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
            let call = chat.call(receiver, notice.body, at: clock.now)
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
        switch isGood ? chat?.verdict(on: reply) ?? .taken : refusal {
        case .taken: return .taken
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
