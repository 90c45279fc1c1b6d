import Facts
import Language

/// A text as a passage of a file of its own.
func passage(_ text: String) -> Passage { Passage(SourceText(name: "test.yaml", text: text)) }

/// Short ways to declare what expressions name.
func declarations(
    labels: [String] = ["category"], parameters: [String: ParameterType] = [:], windows: [(String, String)] = [],
    kinds: [(String, String)] = [], metrics: [(String, String)] = []
) -> Declarations {
    func entries(_ pairs: [(String, String)]) -> [Declaration] {
        pairs.map { Declaration(name: $0.0, place: passage($0.0), text: passage($0.1)) }
    }
    return Declarations(
        labels: labels, parameters: parameters, windows: entries(windows), kinds: entries(kinds),
        metrics: entries(metrics))
}

/// The messages alone.
func messages(_ diagnostics: [Diagnostic]) -> [String] { diagnostics.map(\.message) }

/// The example of the design's chapter on the language.
let example = declarations(
    parameters: ["dispute_rate_limit": .rate, "review_window": .window],
    windows: [("look_back", "if(count(order by placed_at over 3mo) >= 400, 3mo, 12mo)")],
    kinds: [("dispute", "refund where disputed and not excluded and status == refunded")],
    metrics: [
        ("dispute_orders", "count(order by min(refunded_at of dispute) over 30d)"),
        ("paid_orders", "count(order by paid_at over 30d)"),
        ("dispute_rate", "dispute_orders / paid_orders"),
        ("dsr_description", "mean(description of rating by rated_at over 90d)"),
        (
            "odr",
            """
            count(order where has(rating where score <= 2) or has(refund where type in (claim, chargeback)) by placed_at over 60d offset 15d)
                   / count(order by placed_at over 60d offset 15d)
            """
        ),
        ("late_share", "mean(shipped_at > ship_by of order where shipped_at is not missing by shipped_at over 30d)"),
        ("points", "sum(points of penalty where not excluded from issued_at until expires_at)"),
        (
            "unanswered",
            "count(case where responded_at is missing or responded_at > opened_at + 48h by opened_at + 48h over 30d)"
        ),
        ("bad_day", "dispute_rate > 1%"),
        ("bad_days", "not (bad_day and bad_day offset 1d)"),
        (
            "refunded_whole",
            "count(order where sum(amount of refund where status == refunded) >= amount by paid_at over look_back)"
        ),
        ("refund_orders", "distinct(order of refund by opened_at over 30d)"),
        ("points_before", "sum(points of penalty from issued_at until expires_at) offset 5d"),
    ])
