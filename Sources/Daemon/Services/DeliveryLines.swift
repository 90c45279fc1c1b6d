import Facts
import Notify

/// How it stands with receivers, as long as the daemon runs: whether they are down, and until when they are left alone. A
/// reload changes nothing of it.
actor DeliveryLines {
    struct Line: Sendable {
        var circuit = Circuit()
        /// Nothing is sent before.
        var free: Timestamp?
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
