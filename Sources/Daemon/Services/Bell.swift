package import Facts

/// Wakes waiting services before their time: something they care for has happened.
///
/// Rings are counted, so that one that comes while a service is at work is not missed: it notes the count before it
/// looks, and waits for more than that.
package actor Bell {
    /// How often it has rung.
    package private(set) var rings = 0
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiter = 0

    package init() {}

    package func ring() {
        rings += 1
        for waiter in waiters.values { waiter.resume() }
        waiters = [:]
    }

    /// Returns when it has rung more than `heard` times, or when the moment has come. Throws only when the task is
    /// canceled.
    package func wait(after heard: Int, until moment: Timestamp, clock: any WallClock) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.listen(after: heard) }
            group.addTask { try? await clock.sleep(until: moment) }
            _ = await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }

    private func listen(after heard: Int) async {
        guard rings <= heard else { return }
        let number = nextWaiter
        nextWaiter += 1
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation that came before this had nobody to release yet.
                if rings > heard || Task.isCancelled { continuation.resume() } else { waiters[number] = continuation }
            }
        } onCancel: {
            Task { await self.release(number) }
        }
    }

    private func release(_ number: Int) { waiters.removeValue(forKey: number)?.resume() }
}
