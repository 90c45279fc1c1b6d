import Facts
import Foundation
import Language

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

/// A figure for people: shares and means to four digits behind the point, whole numbers whole, lengths of time in
/// words.
enum FigureText {
    static func text(_ estimate: Estimate) -> String {
        switch estimate {
        case .exact(let value): return text(value)
        case .range(let low, let high, _, let isDuration):
            func side(_ bound: Fraction?) -> String? { bound.map { text(isDuration ? .duration($0) : .number($0)) } }
            switch (side(low), side(high)) {
            case (let low?, let high?): return "\(low)…\(high)"
            case (let low?, nil): return "≥ \(low)"
            case (nil, let high?): return "≤ \(high)"
            case (nil, nil): return "?"
            }
        case .undecided, .anything: return "?"
        }
    }

    static func text(_ value: Value) -> String {
        switch value {
        case .missing: "–"
        case .number(let fraction): number(fraction)
        case .duration(let microseconds): duration(microseconds)
        case .time(let moment): moment.description
        case .bool(let truth): truth ? "true" : "false"
        case .word(let text), .string(let text): text
        }
    }

    private static func number(_ fraction: Fraction) -> String {
        guard fraction.denominator != 1 else { return fraction.description }
        return String(format: "%.4f", fraction.double).replacing(/0+$/, with: "").replacing(/\.$/, with: "")
    }

    private static func duration(_ microseconds: Fraction) -> String {
        let seconds = microseconds.double / 1_000_000
        return switch abs(seconds) {
        case ..<120: String(format: "%.0f s", seconds)
        case ..<7200: String(format: "%.0f min", seconds / 60)
        case ..<172_800: String(format: "%.1f h", seconds / 3600)
        default: String(format: "%.1f d", seconds / 86_400)
        }
    }
}
