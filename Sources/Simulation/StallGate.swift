/// Where answers wait that were told never to come, so that they end when the simulation does.
actor StallGate {
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var tickets = 0

    /// Returns when the task is canceled.
    func wait() async {
        tickets += 1
        let ticket = tickets
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume()
                } else {
                    waiting[ticket] = continuation
                }
            }
        } onCancel: {
            Task { await self.release(ticket) }
        }
    }

    /// Lets everything go on that waits.
    func releaseAll() {
        for continuation in waiting.values { continuation.resume() }
        waiting = [:]
    }

    private func release(_ ticket: Int) { waiting.removeValue(forKey: ticket)?.resume() }
}
