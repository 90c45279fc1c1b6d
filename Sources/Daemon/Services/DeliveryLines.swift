import Facts
import Notify

/// How it stands with receivers, as long as the daemon runs: whether they are down, and until when they are left alone. A
/// reload changes nothing of it.
actor DeliveryLines {
    struct Line: Sendable {
        var circuit = Circuit()
        /// Nothing is sent before.
        var free: Timestamp?
        /// Nor before this though a person wants it sent: the service would not bear it, or asked for it.
        var freeAtOnce: Timestamp?
        /// When it was found to be down.
        var pausedAt: Timestamp?

        /// It is left alone for a while after an attempt.
        mutating func rest(from now: Timestamp, _ pace: TimeSpan, _ pause: TimeSpan?, asked: TimeSpan?) {
            let bare = now + max(pace, asked ?? .zero)
            (free, freeAtOnce) = (max(bare, now + (pause ?? .zero)), bare)
            pausedAt = pause == nil ? nil : now
        }

        /// Nothing but the service itself is waited for any more.
        mutating func hurry() {
            free = freeAtOnce
            pausedAt = nil
        }
    }

    /// By id and address: at another address somebody else listens.
    private struct Place: Hashable {
        var receiver: String
        var address: ReceiverAddress
    }

    private var lines: [Place: Line] = [:]

    func line(of receiver: String, at address: ReceiverAddress) -> Line {
        lines[Place(receiver: receiver, address: address)] ?? Line()
    }

    func keep(_ line: Line, of receiver: String, at address: ReceiverAddress) {
        lines[Place(receiver: receiver, address: address)] = line
    }
}
