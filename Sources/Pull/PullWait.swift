package import Facts

/// A wait within a pull, before another attempt at the same page.
package struct PullWait: Sendable {
    /// Of the attempt before.
    package let failure: PullFailure
    package let until: Timestamp
    /// Where a pull goes on that begins meanwhile, in another process or after a reload: not before the wait is over. nil
    /// when the other side did not ask for it.
    package var state: PullState?

    init(failure: PullFailure, until: Timestamp) { (self.failure, self.until) = (failure, until) }
}
