package import Curl
import Synchronization

/// Answers requests from a list or by a rule, and keeps them. Nothing leaves the process.
package final class CannedTransport: Transport {
    package typealias Answer = Result<Reply, TransportError>

    private let answer: @Sendable (Request, Int) -> Answer
    private let seen = Mutex(Seen())

    private struct Seen {
        var requests: [Request] = []
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// - Parameter answer: is given the request and how many came before it.
    package init(answer: @escaping @Sendable (Request, Int) -> Answer) { self.answer = answer }

    /// The answers in order; the last one is given from then on.
    package convenience init(_ answers: [Answer]) {
        precondition(!answers.isEmpty, "a canned transport needs an answer")
        self.init { _, index in answers[min(index, answers.count - 1)] }
    }

    /// In the order they came.
    package var requests: [Request] { seen.withLock { $0.requests } }

    /// Returns when it was asked so many times.
    package func asked(times count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = seen.withLock { seen in
                if seen.requests.count < count { seen.waiting.append((count, continuation)) }
                return seen.requests.count >= count
            }
            if isThere { continuation.resume() }
        }
    }

    package func send(_ request: Request) async throws(TransportError) -> Reply {
        let (index, heard) = seen.withLock { seen in
            seen.requests.append(request)
            let heard = seen.waiting.filter { $0.count <= seen.requests.count }
            seen.waiting.removeAll { $0.count <= seen.requests.count }
            return (seen.requests.count - 1, heard.map(\.continuation))
        }
        for continuation in heard { continuation.resume() }
        if Task.isCancelled { throw .cancelled }
        return try answer(request, index).get()
    }
}
