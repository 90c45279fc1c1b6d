package import Facts
import Synchronization

/// Time for many who sleep side by side: it stands still while anybody works, and moves on to the next wake-up when all
/// are asleep. Days pass in seconds, in the same order each time.
package final class VirtualClock: WallClock {
    private let state: Mutex<State>

    private struct Sleeper {
        var until: Timestamp
        var number: Int
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        /// How many work.
        var awake: Int
        /// A heap, the earliest first.
        var sleepers: [Sleeper] = []
        var number = 0
        var isOver = false

        static func isEarlier(_ a: Sleeper, _ b: Sleeper) -> Bool { (a.until, a.number) < (b.until, b.number) }

        mutating func push(_ sleeper: Sleeper) {
            sleepers.append(sleeper)
            var place = sleepers.count - 1
            while place > 0, State.isEarlier(sleepers[place], sleepers[(place - 1) / 2]) {
                sleepers.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        }

        mutating func pop() -> Sleeper? {
            guard let first = sleepers.first else { return nil }
            let last = sleepers.removeLast()
            guard !sleepers.isEmpty else { return first }
            sleepers[0] = last
            var place = 0
            while true {
                var least = place
                for child in [2 * place + 1, 2 * place + 2] where child < sleepers.count {
                    if State.isEarlier(sleepers[child], sleepers[least]) { least = child }
                }
                guard least != place else { return first }
                sleepers.swapAt(place, least)
                place = least
            }
        }
    }

    private let end: Timestamp

    /// - Parameters:
    ///   - sleepers: how many tasks live by it; each sleeps one sleep at a time.
    ///   - end: who would sleep beyond it is canceled.
    package init(_ now: Timestamp, sleepers: Int, end: Timestamp) {
        state = Mutex(State(now: now, awake: sleepers))
        self.end = end
    }

    package var now: Timestamp { state.withLock { $0.now } }

    package func sleep(until moment: Timestamp) async throws {
        if moment <= now { return }
        try await withCheckedThrowingContinuation { continuation in
            let woken: [Sleeper] = state.withLock { state in
                if state.isOver {
                    return [Sleeper(until: moment, number: 0, continuation: continuation)]
                }
                state.number += 1
                state.push(Sleeper(until: moment, number: state.number, continuation: continuation))
                state.awake -= 1
                return moveOn(&state)
            }
            wake(woken)
        }
    }

    /// The next one wakes, when nobody is awake; at the end all of them.
    private func moveOn(_ state: inout State) -> [Sleeper] {
        guard state.awake <= 0 else { return [] }
        guard !state.isOver, let next = state.pop() else { return [] }
        if next.until > end {
            state.isOver = true
            defer { state.sleepers = [] }
            return [next] + state.sleepers
        }
        state.now = max(state.now, next.until)
        state.awake += 1
        return [next]
    }

    private func wake(_ woken: [Sleeper]) {
        let isOver = state.withLock { $0.isOver }
        for sleeper in woken {
            if isOver {
                sleeper.continuation.resume(throwing: CancellationError())
            } else {
                sleeper.continuation.resume()
            }
        }
    }
}
