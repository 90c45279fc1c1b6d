package import Facts

/// Wakes one waiting service before its time: something it cares for has happened. Rings while nobody waits are kept as
/// one.
package actor Bell {
    private var hasRung = false
    private var waiter: CheckedContinuation<Void, Never>?

    package init() {}

    package func ring() {
        hasRung = true
        release()
    }

    /// Returns when it rings, or when the moment has come. Throws only when the task is canceled.
    package func wait(until moment: Timestamp, clock: any WallClock) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.listen() }
            group.addTask { try? await clock.sleep(until: moment) }
            _ = await group.next()
            group.cancelAll()
        }
        hasRung = false
        try Task.checkCancellation()
    }

    private func listen() async {
        if hasRung { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation that came before this had nobody to release yet.
                if hasRung || Task.isCancelled { continuation.resume() } else { waiter = continuation }
            }
        } onCancel: {
            Task { await self.release() }
        }
    }

    private func release() {
        waiter?.resume()
        waiter = nil
    }
}
