/// What came of it.
package struct FireOutcome: Sendable {
    package var alerts = 0
    package var kills = 0
    package var fulls = 0
    package var isDiskReal = false
    package var seconds = 0
    package var receivers: [Receiver] = []
    /// What is not as it should be.
    package var wrong: [String] = []

    package struct Receiver: Sendable {
        package var id: String
        /// Firings and resolves that it was owed.
        package var owed = 0
        package var notices = 0
        package var requests = 0
        /// Taken once more, under the id and with the words of the first time.
        package var repeats = 0
        package var refusals: [String: Int] = [:]
    }

    package var report: String {
        let disk = isDiskReal ? "the disk was full \(fulls) times" : "the disk was never filled"
        var lines = [
            "\(alerts) alerts, each fired and resolved; the daemon was killed \(kills) times; \(disk); \(seconds) s"
        ]
        for receiver in receivers {
            let refusals = receiver.refusals.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append(
                "  \(receiver.id): owed \(receiver.owed) events in \(receiver.notices) notices; \(receiver.requests) requests, \(receiver.repeats) repeats; met: \(refusals.joined(separator: ", "))"
            )
        }
        lines += wrong.prefix(20).map { "  WRONG: \($0)" }
        if !isDiskReal {
            lines.append("NOT RUN: the full disk. Mounting takes root; nothing is known of it from here.")
        }
        lines.append(
            wrong.isEmpty
                ? "Every firing and every resolve reached every receiver it was owed, in order; repeats under one id."
                : "Not as it should be: \(wrong.count) faults.")
        return lines.joined(separator: "\n")
    }
}
