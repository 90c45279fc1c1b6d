import Dispatch

/// A stretch of real time that a test lets pass beside a running program.
package enum Pause {
    package static func milliseconds(_ count: Int) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(count)) { continuation.resume() }
        }
    }
}
