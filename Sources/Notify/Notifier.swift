package import Alerts
package import Curl
package import Facts
import HTTPTypes

/// Sends a notice to its receiver, once, and says what became of it. When and in which order is the caller's business.
package struct Notifier: Sendable {
    private let transport: any Transport
    private let clock: any WallClock

    package init(transport: any Transport, clock: any WallClock) { (self.transport, self.clock) = (transport, clock) }

    /// One attempt: the notice's id and body as ever, signed anew with the moment of this attempt. Redirects are not
    /// followed: they would carry what is signed for one place to another.
    ///
    /// - Parameter attempt: 1 for the first.
    package func send(
        _ notice: Notice, to receiver: Receiver, attempt: Int, using generator: inout some RandomNumberGenerator
    ) async -> Outcome {
        guard let request = request(for: notice, to: receiver) else {
            // `Receiver` proved the address; whoever comes here changed what an address is.
            return .retry(
                after: DeliveryBackoff.longest,
                because: Failure(.needsMending, "\(attempted(receiver, attempt)) failed: its address cannot be used."))
        }
        do {
            let reply = try await transport.send(request)
            return outcome(of: reply, from: receiver, attempt: attempt, using: &generator)
        } catch {
            return outcome(of: error, from: receiver, attempt: attempt, using: &generator)
        }
    }

    private func request(for notice: Notice, to receiver: Receiver) -> Request? {
        let seconds = clock.now.microseconds / 1_000_000
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.webhookID] = notice.id
        headers[.webhookTimestamp] = "\(seconds)"
        if let key = receiver.key {
            headers[.webhookSignature] = WebhookSignature.value(
                id: notice.id, seconds: seconds, body: notice.body, key: key)
        }
        return Request(
            method: .post, url: receiver.url.reveal(), headers: headers, body: notice.body,
            limits: Limits(connect: .seconds(5), total: .seconds(15), stall: .seconds(15), body: 1 << 20))
    }

    private func outcome(
        of reply: Reply, from receiver: Receiver, attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Outcome {
        let asked = RetryAfter.span(in: reply, now: clock.now)
        let status = reply.status.code
        let answer = "\(attempted(receiver, attempt)) failed: it answered \(status)"
        switch status {
        case 200..<300:
            return .taken
        case 408, 425, 429, 500...:
            let wait = DeliveryBackoff.wait(after: attempt, asked: asked, using: &generator)
            let asking = asked.map { " and asks to wait \($0) s" } ?? ""
            return .retry(after: wait, because: Failure(.passing, "\(answer)\(asking)."))
        case 410:
            let advice = "it is gone and wants no more. The notice is kept; remove the receiver or correct it"
            return .abandoned(because: Failure(.needsMending, "\(answer): \(advice)."))
        default:
            let advice =
                switch status {
                case 300..<400: "redirects are not followed; give the final address"
                case 401, 403: "it does not accept us; compare its secret and ours"
                case 404, 405: "there is nothing at its address that takes notices; correct the address"
                default: "it does not take the message; its own log should say why"
                }
            return .retry(
                after: DeliveryBackoff.rarely(asked: asked), because: Failure(.needsMending, "\(answer): \(advice)."))
        }
    }

    private func outcome(
        of error: TransportError, from receiver: Receiver, attempt: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Outcome {
        let words = "\(attempted(receiver, attempt)) failed: \(error)."
        switch error {
        case .cancelled, .shutDown:
            return .retry(after: .zero, because: Failure(.interrupted, words))
        case .unusableRequest, .couldNotVerify, .redirectRefused, .tooLarge:
            return .retry(after: DeliveryBackoff.longest, because: Failure(.needsMending, words))
        case .couldNotResolve, .couldNotResolveProxy, .couldNotConnect, .timedOut, .cutOff, .malformed, .failed:
            let wait = DeliveryBackoff.wait(after: attempt, using: &generator)
            return .retry(after: wait, because: Failure(.passing, words))
        }
    }

    private func attempted(_ receiver: Receiver, _ attempt: Int) -> String {
        "Sending a notice to receiver '\(receiver.id)' at \(receiver.host) (attempt \(attempt))"
    }
}

extension HTTPField.Name {
    fileprivate static let webhookID = Self("webhook-id")!  // proof: a token
    fileprivate static let webhookTimestamp = Self("webhook-timestamp")!  // proof: a token
    fileprivate static let webhookSignature = Self("webhook-signature")!  // proof: a token
}
