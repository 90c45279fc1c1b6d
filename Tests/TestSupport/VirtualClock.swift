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

        static func < (a: Sleeper, b: Sleeper) -> Bool { (a.until, a.number) < (b.until, b.number) }
    }

    private struct State {
        var now: Timestamp
        var jobs: [UnownedJob] = []
        var sleepers: Heap<Sleeper> = []
        /// Of those that were not canceled.
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
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
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isOver = state.withLock { state in
                    if state.isOver || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    state.sleepers.insert(Sleeper(until: moment, number: number))
                    return false
                }
                if isOver { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(throwing: CancellationError())
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
        // Detached, as it is the thread on which all others run: of their jobs none may run it.
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
            guard wakeNext() else { return }
        }
    }

    /// - Returns: false where nobody works, nor sleeps.
    private func wakeNext() -> Bool {
        let (goesOn, isOver, woken): (Bool, Bool, [CheckedContinuation<Void, any Error>]) = state.withLock { state in
            guard state.jobs.isEmpty else { return (true, false, []) }
            guard let next = state.sleepers.popMin() else {
                state.isRunning = false
                return (false, false, [])
            }
            // Of one that was canceled only the place is left.
            guard let continuation = state.waiting.removeValue(forKey: next.number) else { return (true, false, []) }
            if next.until > end {
                state.isOver = true
                defer { (state.sleepers, state.waiting) = ([], [:]) }
                return (true, true, [continuation] + state.waiting.values)
            }
            state.now = max(state.now, next.until)
            return (true, false, [continuation])
        }
        for continuation in woken {
            if isOver { continuation.resume(throwing: CancellationError()) } else { continuation.resume() }
        }
        return goesOn
    }
}
