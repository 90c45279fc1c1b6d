package import Facts
import Language
import Rules

/// Why a task could not be done, in words for the person who asked for it.
package struct TaskError: Error, Sendable, CustomStringConvertible {
    package var words: Words
    /// Whether what was asked for was wrong, rather than the world.
    package var isUsage: Bool

    package init(_ words: Words, isUsage: Bool = false) { (self.words, self.isUsage) = (words, isUsage) }

    /// Nobody watches the store that was named.
    static func unwatched(_ store: String, among known: some Sequence<String>) -> TaskError {
        TaskError(
            Words(
                en: "no entry of the configuration watches a store '\(store)'", zh: "配置中没有监控店铺“\(store)”的条目")
                + NearestName.words(for: store, among: known), isUsage: true)
    }

    /// No store that is watched has an id of the form.
    static func noneFits(_ glob: String, among known: some Sequence<String>) -> TaskError {
        TaskError(
            Words(en: "no watched store fits '\(glob)'", zh: "没有符合“\(glob)”的监控店铺")
                + NearestName.words(for: glob, among: known), isUsage: true)
    }

    /// The rule that was named is none of the store's.
    ///
    /// - Parameter listsAll: says which there are.
    static func noRule(_ rule: String, in pack: Pack, listsAll: Bool = false) -> TaskError {
        let known = pack.rules.map(\.id)
        let all =
            listsAll
            ? Words(en: "; there are \(known.joined(separator: ", "))", zh: "；现有 \(known.joined(separator: "、"))")
            : Words("")
        return TaskError(
            Words(en: "the pack '\(pack.name)' has no rule '\(rule)'", zh: "规则包“\(pack.name)”中没有规则“\(rule)”")
                + NearestName.words(for: rule, among: known) + all, isUsage: true)
    }

    package var message: String { words.en }
    package var description: String { words.en }
}
