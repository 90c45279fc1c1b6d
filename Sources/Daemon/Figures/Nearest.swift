import Facts
package import Language

extension Estimate {
    /// For output: nil unless it is one number, or one length of time (in seconds).
    package var nearest: Double? {
        switch self {
        case .exact(.number(let number)): number.double
        case .exact(.duration(let microseconds)): microseconds.double / 1_000_000
        default: nil
        }
    }
}
