import Synchronization

/// So many at once, and who comes too much is told so: it holds nobody up.
package final class Turnstile: Sendable {
    private let most: Int
    private let inside = Mutex(0)

    /// Each body of facts may hold 48 MiB while it is read.
    package static let pushes = 8

    init(_ most: Int) { self.most = most }

    /// One place; given back when nothing holds it any more.
    package final class Pass: Sendable {
        private let turnstile: Turnstile

        fileprivate init(_ turnstile: Turnstile) { self.turnstile = turnstile }

        deinit { turnstile.inside.withLock { $0 -= 1 } }
    }

    /// nil: all places are taken.
    package func enter() -> Pass? {
        inside.withLock { inside -> Bool in
            guard inside < most else { return false }
            inside += 1
            return true
        } ? Pass(self) : nil
    }
}
