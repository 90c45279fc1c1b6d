/// Why a task could not be done, in words for the person who asked for it.
package struct TaskError: Error, Sendable, CustomStringConvertible {
    package var message: String
    /// Whether what was asked for was wrong, rather than the world.
    package var isUsage: Bool

    package init(_ message: String, isUsage: Bool = false) { (self.message, self.isUsage) = (message, isUsage) }
    package var description: String { message }
}
