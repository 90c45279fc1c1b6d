import CCurl
import Glibc
import Synchronization

/// The only thread that touches libcurl. It reads the mailbox, starts whose turn it is, and settles what has ended.
///
/// What waits is requests; bytes are held for at most `maxConcurrent` exchanges, each within its size limit.
final class CurlLoop {
    private let mailbox: Mailbox
    private let multi: MultiHandle
    private let configuration: CurlConfiguration
    private var lanes: Lanes<Exchange>
    /// By slot; made when first needed.
    private var handles: [EasyHandle] = []
    private var free: [EasyHandle] = []
    private var nextLook = ContinuousClock.now

    /// How often the stall limits are looked at, in milliseconds.
    private static let lookEvery: Int32 = 100

    init(mailbox: Mailbox, multi: MultiHandle, configuration: CurlConfiguration) {
        self.mailbox = mailbox
        self.multi = multi
        self.configuration = configuration
        self.lanes = Lanes(perLane: configuration.maxConnectionsPerHost, overall: configuration.maxConcurrent)
    }

    /// Starts the thread, which keeps the loop alive until it ends. False when there can be no further thread.
    func start() -> Bool {
        let context = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                var loop: CurlLoop? = Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue()
                let mailbox = loop?.mailbox
                loop?.run()
                // Only with the last connection closed is it over.
                loop = nil
                mailbox?.sayFarewell()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        // Signals are for other threads; a connection closed by its peer must not raise SIGPIPE here.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)

        var messages: [Mailbox.Message] = []
        while !mailbox.take(into: &messages) {
            for message in messages {
                switch message {
                case .start(let exchange): lanes.add(exchange, to: exchange.address.origin)
                case .cancel(let exchange): cancel(exchange)
                }
            }
            messages.removeAll(keepingCapacity: true)
            startNext()
            multi.perform()
            if settleEnded() { continue }
            endStalled()
            guard mailbox.fallAsleep() else { continue }
            multi.poll(milliseconds: free.count == handles.count ? 60_000 : Self.lookEvery)
            mailbox.awake()
        }
        end(leaving: messages)
    }

    private func startNext() {
        while let (exchange, lane) = lanes.next() {
            guard !exchange.isSettled else {
                lanes.leave(lane)
                continue
            }
            guard let handle = freeHandle() else {
                lanes.leave(lane)
                exchange.settle(.failure(.failed(host: exchange.address.origin.host, reason: "out of memory")))
                continue
            }
            let fault = handle.begin(exchange, in: lane)
            exchange.slot.store(handle.slot, ordering: .relaxed)
            if let fault {
                settle(handle, .failure(fault))
            } else if !multi.add(handle) {
                settle(handle, .failure(.failed(host: exchange.address.origin.host, reason: "libcurl refused it")))
            }
        }
    }

    private func freeHandle() -> EasyHandle? {
        if let handle = free.popLast() { return handle }
        guard let handle = EasyHandle(slot: handles.count, configuration: configuration) else { return nil }
        handles.append(handle)
        return handle
    }

    /// True when any has ended: its caller may already have left the next request.
    private func settleEnded() -> Bool {
        var any = false
        while let (handle, code) = multi.nextEnded() {
            any = true
            multi.remove(handle)
            switch handle.ending(code) {
            case .settled(let result): settle(handle, result)
            case .again where multi.add(handle): break
            case .again: settle(handle, .failure(.failed(host: "", reason: "libcurl refused it")))
            }
        }
        return any
    }

    private func endStalled() {
        let now = ContinuousClock.now
        guard now >= nextLook else { return }
        nextLook = now + .milliseconds(Self.lookEvery)
        for handle in handles where handle.exchange != nil {
            guard let result = handle.stalled(at: now) else { continue }
            multi.remove(handle)
            settle(handle, result)
        }
    }

    private func cancel(_ exchange: Exchange) {
        let slot = exchange.slot.load(ordering: .relaxed)
        guard slot >= 0, handles[slot].exchange === exchange else { return }
        multi.remove(handles[slot])
        settle(handles[slot], .failure(.cancelled))
    }

    private func settle(_ handle: EasyHandle, _ result: ExchangeResult) {
        let (exchange, lane) = (handle.exchange, handle.lane)
        handle.end()
        free.append(handle)
        if let lane { lanes.leave(lane) }
        exchange?.slot.store(-1, ordering: .relaxed)
        exchange?.settle(result)
    }

    private func end(leaving messages: [Mailbox.Message]) {
        for case .start(let exchange) in messages { exchange.settle(.failure(.shutDown)) }
        for exchange in lanes.removeAll() { exchange.settle(.failure(.shutDown)) }
        for handle in handles where handle.exchange != nil {
            multi.remove(handle)
            settle(handle, .failure(.shutDown))
        }
        handles = []
        free = []
        mailbox.silence()
    }
}
