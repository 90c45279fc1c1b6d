package import Curl
import Synchronization

/// Answers requests from a list or by a rule, and keeps them. Nothing leaves the process.
package final class CannedTransport: Transport {
    package typealias Answer = Result<Reply, TransportError>

    private let answer: @Sendable (Request, Int) -> Answer
    private let seen = Mutex<[Request]>([])

    /// - Parameter answer: is given the request and how many came before it.
    package init(answer: @escaping @Sendable (Request, Int) -> Answer) { self.answer = answer }

    /// The answers in order; the last one is given from then on.
    package convenience init(_ answers: [Answer]) {
        precondition(!answers.isEmpty, "a canned transport needs an answer")
        self.init { _, index in answers[min(index, answers.count - 1)] }
    }

    /// In the order they came.
    package var requests: [Request] { seen.withLock { $0 } }

    package func send(_ request: Request) async throws(TransportError) -> Reply {
        let index = seen.withLock { seen in
            seen.append(request)
            return seen.count - 1
        }
        if Task.isCancelled { throw .cancelled }
        return try answer(request, index).get()
    }
}
