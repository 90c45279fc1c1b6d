package import Facts
import HeapModule
import Synchronization

/// Time for many who sleep side by side: it stands still while anybody works, and moves on to the next wake-up when all
/// are asleep. Days pass in seconds, in the same order each time.
///
/// It is also who runs them, on one thread, and so it knows when nobody works.
package final class VirtualClock: WallClock, TaskExecutor {
    private let state: Mutex<State>
    private let end: Timestamp

    private struct Sleeper: Comparable {
        var until: Timestamp
        var number: Int
        var continuation: CheckedContinuation<Void, any Error>

        static func < (a: Sleeper, b: Sleeper) -> Bool { (a.until, a.number) < (b.until, b.number) }
        static func == (a: Sleeper, b: Sleeper) -> Bool { a.number == b.number }
    }

    private struct State {
        var now: Timestamp
        var jobs: [UnownedJob] = []
        var sleepers: Heap<Sleeper> = []
        var number = 0
        /// Nobody sleeps any more.
        var isOver = false
        var isRunning = false
    }

    /// - Parameter end: who would sleep beyond it is canceled.
    package init(_ now: Timestamp, end: Timestamp) {
        state = Mutex(State(now: now))
        self.end = end
    }

    package var now: Timestamp { state.withLock { $0.now } }

    package func sleep(until moment: Timestamp) async throws {
        if moment <= now { return }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let isOver = state.withLock { state in
                if state.isOver { return true }
                state.number += 1
                state.sleepers.insert(Sleeper(until: moment, number: state.number, continuation: continuation))
                return false
            }
            if isOver { continuation.resume(throwing: CancellationError()) }
        }
    }

    /// Runs the work and all that it starts until it ends.
    package func run(_ work: @escaping @Sendable () async -> Void) async {
        await withTaskExecutorPreference(self) { await work() }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let begins = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if begins { Task.detached { self.runAll() } }
    }

    /// Until nobody works, nor sleeps.
    private func runAll() {
        while true {
            let jobs = state.withLock { state in
                defer { state.jobs = [] }
                return state.jobs
            }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
            guard jobs.isEmpty else { continue }
            let woken: [Sleeper]? = state.withLock { state in
                guard state.jobs.isEmpty else { return [] }
                guard let next = state.sleepers.popMin() else {
                    state.isRunning = false
                    return nil
                }
                guard next.until > end else {
                    state.now = max(state.now, next.until)
                    return [next]
                }
                state.isOver = true
                defer { state.sleepers = [] }
                return [next] + state.sleepers.unordered
            }
            guard let woken else { return }
            for sleeper in woken {
                if sleeper.until > end {
                    sleeper.continuation.resume(throwing: CancellationError())
                } else {
                    sleeper.continuation.resume()
                }
            }
        }
    }
}
