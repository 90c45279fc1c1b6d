/// A language that people read.
package enum Tongue: String, Sendable, Hashable, CaseIterable {
    /// `en`: as it is written in Britain.
    case english = "en"
    /// `zh`: 简体中文.
    case chinese = "zh"

    package func callAsFunction(_ words: Words) -> String { self == .chinese ? words.zh : words.en }
    package func callAsFunction(_ en: String, _ zh: String) -> String { self == .chinese ? zh : en }
}
