package import Facts
import Rules

extension AlertStep {
    /// A step that moved nothing, of an alert that has grown graver since without standing elsewhere: what ends in two weeks
    /// is no longer what ends in a month. That is told as raised.
    ///
    /// - Parameter last: the alert before the step.
    package func raised(from last: Alert?, at moment: Timestamp) -> AlertStep {
        guard event == nil, let alert, let last, last.episode == alert.episode, alert.state == .firing,
            !alert.flapping.isHeld, alert.subject.severity.isGraver(than: last.subject.severity)
        else { return self }
        return Self.telling(.raised, alert.standing, because: .worsened, alert, at: moment, judgedTo: nil)
    }
}

extension Severity {
    fileprivate func isGraver(than other: Severity) -> Bool { place < other.place }
    // The gravest stands first.
    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
