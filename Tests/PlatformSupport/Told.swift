import Facts
import Simulation

/// Times and money as an export writes them.
enum Told {
    static func time(_ seconds: Int64) -> String { Timestamp(seconds: seconds).description }

    /// The shortest decimal.
    static func money(_ cents: Int) -> String {
        let (whole, rest) = (cents / 100, cents % 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole)." + (rest < 10 ? "0" : "") + "\(rest)"
    }

    /// Why the money is wanted back, where the platform's reasons are the common ones.
    static func reason(_ reason: PlatformHistory.Reason) -> String {
        switch reason {
        case .quality: "quality"
        case .notAsDescribed: "not_as_described"
        case .notReceived: "not_received"
        case .changedMind: "changed_mind"
        case .other: "other"
        }
    }
}
