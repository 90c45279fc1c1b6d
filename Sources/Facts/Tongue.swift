/// A language that people read.
package enum Tongue: String, Sendable, Hashable, CaseIterable {
    case english = "en"
    case chinese = "zh"

    package func callAsFunction(_ words: Words) -> String { self == .chinese ? words.zh : words.en }
    package func callAsFunction(_ en: String, _ zh: String) -> String { self == .chinese ? zh : en }
}
