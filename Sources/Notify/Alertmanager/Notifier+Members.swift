import Alerts
import Curl
import Facts
import HTTPTypes

/// Alertmanager, all members of its cluster: they tell one another of what they sent, and not of what they were told.
extension Notifier {
    /// A notice is taken when one of them took it. The others hear of it as soon as they can be reached, by `goOn`.
    func tellMembers(
        _ kept: [UInt8], of receiver: Receiver, attempt: Int, using generator: inout some RandomNumberGenerator
    ) async -> Outcome {
        var failure: Outcome?
        for answer in await post([AlertmanagerBody.sent(kept, until: clock.now + receiver.hold)], to: receiver) {
            let outcome: Outcome
            switch answer {
            case .success(let reply):
                outcome = self.outcome(of: reply, from: receiver, attempt: attempt, using: &generator)
            case .failure(.cancelled), .failure(.shutDown): outcome = .interrupted
            case .failure(let error): outcome = failed(error, receiver, attempt, using: &generator)
            }
            if outcome.isTaken { return outcome }
            failure = failure ?? outcome
        }
        return failure ?? .interrupted
    }

    /// Says once more what goes on, and what has ended not long ago, so that neither a restart of theirs nor one of ours is
    /// taken for a recovery.
    ///
    /// - Returns: of each member that did not take it, why.
    package func goOn(_ told: [(kept: [UInt8], isBlind: Bool)], at receiver: Receiver) async -> [String] {
        let end = clock.now + receiver.hold
        let lists = told.map { AlertmanagerBody.sent($0.kept, until: end, isBlind: $0.isBlind) }
        return await post(lists, to: receiver).compactMap { answer in
            switch answer {
            case .success(let reply):
                (200..<300).contains(reply.status.code) ? nil : "\(receiver.host) answered \(reply.status.code)"
            case .failure(.cancelled), .failure(.shutDown): nil
            case .failure(let error): "\(error)"
            }
        }
    }

    /// The answer of each member.
    private func post(_ lists: [[UInt8]], to receiver: Receiver) async -> [Result<Reply, TransportError>] {
        guard case .web(let urls, _) = receiver.address else { return [] }
        let body = Array("[".utf8) + lists.joined(separator: Array(",".utf8)) + Array("]".utf8)
        return await withTaskGroup(of: Result<Reply, TransportError>.self) { group in
            for url in urls {
                group.addTask { [transport] in
                    let address = url.reveal()
                    guard
                        let request = Request(
                            method: .post, url: address + (address.hasSuffix("/") ? "" : "/") + "api/v2/alerts",
                            headers: [.contentType: "application/json"], body: body, limits: Self.limits(body: 1 << 16))
                    else { return .failure(.unusableRequest(host: receiver.host)) }
                    do throws(TransportError) { return .success(try await transport.send(request)) } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// What it says of a body that it will never take.
    static func memberRefusal(_ reply: Reply) -> ChatVerdict? {
        guard [400, 422].contains(reply.status.code) else { return nil }
        let words = String(decoding: reply.body.prefix(200), as: UTF8.self).map { $0.isNewline ? " " : String($0) }
            .joined()
        return .needsMending(
            "it answered \(reply.status.code): \(words)", "a label of the store may be one that it does not take")
    }
}
