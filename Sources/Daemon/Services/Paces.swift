import Facts
import Notify

/// When something may be sent where services count: by the address, since several receivers may have one.
actor Paces {
    private var free: [ReceiverAddress: Timestamp] = [:]

    /// Takes the next moment at which an address may be sent something, and the pace after it.
    func reserve(_ address: ReceiverAddress, _ pace: TimeSpan, at now: Timestamp) -> Timestamp {
        // A moment further ahead than all that may wait is one of a clock that was set back.
        let next = free[address].map { $0 > now + .hours(1) ? now : max($0, now) } ?? now
        free[address] = next + pace
        return next
    }
}
