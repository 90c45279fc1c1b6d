import Foundation
import Language
import Logging
import Synchronization

/// Warnings about the configuration as a command tells them that ends by itself: each once, plainly, on standard error.
///
/// A daemon's log has a line for each instead.
final class ConfigurationWarnings: Sendable {
    private let told = Mutex(Set<String>())

    /// - Parameter logger: what it passes over is not told here either.
    func tell(_ warnings: [Diagnostic], _ logger: Logger) {
        guard logger.logLevel <= .warning else { return }
        for warning in warnings {
            let text = warning.render()
            guard told.withLock({ $0.insert(text).inserted }) else { continue }
            FileHandle.standardError.write(Data((text + "\n").utf8))
        }
    }
}
