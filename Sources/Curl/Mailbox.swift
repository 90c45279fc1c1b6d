import Synchronization

/// What other threads leave for the loop's thread, and the bell that wakes it.
final class Mailbox: Sendable {
    enum Message: Sendable {
        case start(Exchange)
        case cancel(Exchange)
    }

    private struct State {
        var messages: [Message] = []
        var isAsleep = false
        var isClosing = false
        /// nil once the loop has ended: from then on nobody rings.
        var bell: MultiHandle?
        var isOver = false
        var farewells: [CheckedContinuation<Void, Never>] = []
    }
    private let state: Mutex<State>

    init(bell: MultiHandle?) {
        state = Mutex(State(isClosing: bell == nil, bell: bell, isOver: bell == nil))
    }

    /// False when the loop has ended or is ending: then nobody will read the message.
    func post(_ message: Message) -> Bool {
        state.withLock { state in
            guard !state.isClosing else { return false }
            state.messages.append(message)
            Self.ring(&state)
            return true
        }
    }

    /// Asks the loop to end.
    func close() {
        state.withLock { state in
            state.isClosing = true
            Self.ring(&state)
        }
    }

    /// Asks the loop to end, and returns when it has.
    func closeAndWait() async {
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state in
                state.isClosing = true
                Self.ring(&state)
                if !state.isOver { state.farewells.append(continuation) }
                return state.isOver
            }
            if ended { continuation.resume() }
        }
    }

    /// Rings only when the loop sleeps: a ring is a system call.
    private static func ring(_ state: inout State) {
        guard state.isAsleep else { return }
        state.isAsleep = false
        state.bell?.wake()
    }

    // MARK: For the loop

    /// Takes all messages; true when the loop is to end.
    func take(into messages: inout [Message]) -> Bool {
        state.withLock { state in
            swap(&state.messages, &messages)
            return state.isClosing
        }
    }

    /// True when the loop may sleep: nothing was left since it last looked, and whatever comes now will wake it.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.messages.isEmpty && !state.isClosing
            return state.isAsleep
        }
    }

    func awake() {
        state.withLock { $0.isAsleep = false }
    }

    /// The loop has ended: nobody rings any more.
    func silence() {
        state.withLock { state in
            state.isClosing = true
            state.bell = nil
            state.messages = []
        }
    }

    /// Resumes those who wait for the end; to be called when all that the loop held is gone.
    func sayFarewell() {
        let farewells = state.withLock { state in
            state.isOver = true
            defer { state.farewells = [] }
            return state.farewells
        }
        for farewell in farewells { farewell.resume() }
    }
}
