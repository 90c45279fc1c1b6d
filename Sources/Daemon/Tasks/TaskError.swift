package import Facts

/// Why a task could not be done, in words for the person who asked for it.
package struct TaskError: Error, Sendable, CustomStringConvertible {
    package var words: Words
    /// Whether what was asked for was wrong, rather than the world.
    package var isUsage: Bool

    package init(_ message: String, isUsage: Bool = false) { self.init(Words(message), isUsage: isUsage) }
    package init(_ words: Words, isUsage: Bool = false) { (self.words, self.isUsage) = (words, isUsage) }

    package var message: String { words.en }
    package var description: String { words.en }
}
