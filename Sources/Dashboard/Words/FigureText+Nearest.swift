import Alerts
import Facts
import Language

extension FigureText {
    /// A figure that was kept for output: a number, a share, or a length of time in seconds.
    static func text(nearest number: Double, isPercent: Bool, isDuration: Bool) -> String {
        let millionths = (number * 1_000_000).rounded()
        guard millionths.magnitude < 1e30, let exact = Fraction(Int128(millionths), over: 1_000_000) else { return "–" }
        guard isDuration else { return text(.number(exact), isPercent: isPercent) }
        return exact.multiplied(by: Fraction(1_000_000)).map { text(.duration($0)) } ?? "–"
    }
}
