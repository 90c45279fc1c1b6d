package import Facts

/// How far a pull has come.
package struct PullProgress: Sendable, Hashable {
    /// What is asked for, as the pack calls it.
    package var stream: String
    /// From 1, of so many.
    package var number: Int
    package var of: Int
    /// Stretches of time, and values of its list, from 1, of so many.
    package var part: Int
    package var parts: Int

    package var words: Words {
        Words(
            en: "\(stream) (\(number) of \(of)), \(part) of \(parts)",
            zh: "\(stream)（第 \(number)/\(of) 项），\(part)/\(parts)")
    }
}
