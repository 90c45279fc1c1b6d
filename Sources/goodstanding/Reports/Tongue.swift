import Facts
import Foundation

/// The language of reports: Chinese where the environment says so (LC_ALL, LC_MESSAGES, LANG), else English.
enum Tongue {
    case english, chinese

    static let current = Tongue(environment: ProcessInfo.processInfo.environment)

    init(environment: [String: String]) {
        let setting = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        self = setting.lowercased().hasPrefix("zh") ? .chinese : .english
    }

    func callAsFunction(_ words: Words) -> String { self == .chinese ? words.zh : words.en }
    func callAsFunction(_ en: String, _ zh: String) -> String { self == .chinese ? zh : en }
}
