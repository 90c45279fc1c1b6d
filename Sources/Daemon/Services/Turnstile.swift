import Synchronization

/// So many at once, and who comes too much is told so: it holds nobody up.
package final class Turnstile: Sendable {
    private let most: Int
    /// How many places each has taken.
    private let inside = Mutex<[String: Int]>([:])

    /// Each body of facts may hold 48 MiB while it is read.
    package static let pushes = 8

    init(_ most: Int) { self.most = most }

    /// Nobody takes more: one who never gets done leaves places to the others.
    private var mostEach: Int { max(1, most / 2) }

    /// One place; given back when nothing holds it any more.
    package final class Pass: Sendable {
        private let turnstile: Turnstile
        private let who: String

        fileprivate init(_ turnstile: Turnstile, _ who: String) { (self.turnstile, self.who) = (turnstile, who) }

        deinit {
            turnstile.inside.withLock { inside in
                let rest = inside[who, default: 0] - 1
                inside[who] = rest > 0 ? rest : nil
            }
        }
    }

    /// nil: all places are taken, or all that one may take.
    package func enter(_ who: String) -> Pass? {
        inside.withLock { inside -> Bool in
            guard inside.values.reduce(0, +) < most, inside[who, default: 0] < mostEach else { return false }
            inside[who, default: 0] += 1
            return true
        } ? Pass(self, who) : nil
    }
}
