import Synchronization

typealias ExchangeResult = Result<RawReply, TransportError>

/// What is sent.
enum Sending: Sendable {
    case web(Request)
    case mail(Mail)

    var limits: Limits {
        switch self {
        case .web(let request): request.limits
        case .mail(let mail): mail.limits
        }
    }
}

/// One request on its way, known to its caller and to the loop. It is settled once, by whoever comes first: the loop
/// with a result, or the caller's cancellation.
final class Exchange: Sendable {
    let sending: Sending
    let address: Address
    /// Where the loop keeps it while it is under way; -1 before and after. Only the loop writes it.
    let slot = Atomic<Int>(-1)

    private enum Stage {
        case fresh
        case waiting(CheckedContinuation<ExchangeResult, Never>)
        case settled
    }
    private let stage = Mutex(Stage.fresh)

    init(_ sending: Sending, _ address: Address) {
        self.sending = sending
        self.address = address
    }

    /// Hands itself to the loop and waits, suspended, for the result.
    func run(through mailbox: Mailbox) async -> ExchangeResult {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let begun = stage.withLock { stage in
                    guard case .fresh = stage else { return false }
                    stage = .waiting(continuation)
                    return true
                }
                if !begun {
                    continuation.resume(returning: .failure(.cancelled))
                } else if !mailbox.post(.start(self)) {
                    settle(.failure(.shutDown))
                }
            }
        } onCancel: {
            settle(.failure(.cancelled))
            // Refused only by a mailbox whose loop has ended, and with it the transfer.
            _ = mailbox.post(.cancel(self))
        }
    }

    /// Resumes the caller, unless that was done before.
    func settle(_ result: ExchangeResult) {
        let continuation = stage.withLock { stage -> CheckedContinuation<ExchangeResult, Never>? in
            defer { stage = .settled }
            guard case .waiting(let continuation) = stage else { return nil }
            return continuation
        }
        continuation?.resume(returning: result)
    }

    var isSettled: Bool {
        stage.withLock { stage in
            guard case .settled = stage else { return false }
            return true
        }
    }
}
