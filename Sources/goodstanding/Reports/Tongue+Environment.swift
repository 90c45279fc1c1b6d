import Facts
import Foundation

/// The language of reports: Chinese where the environment says so (LC_ALL, LC_MESSAGES, LANG), else English.
extension Tongue {
    static let current = Tongue(environment: ProcessInfo.processInfo.environment)

    init(environment: [String: String]) {
        let setting = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        self = setting.lowercased().hasPrefix("zh") ? .chinese : .english
    }
}
