package import Facts
import Rules

/// Why nobody was told of an event. It is kept with the event: the journal has all of them.
package enum Withholding: String, Sendable, Hashable, CaseIterable {
    /// The store or the rule is only observed.
    case observed
    /// Many stores of one source fail at once, and one alert speaks for them.
    case outage
    /// It comes and goes, which was told once.
    case flapping
    /// It ends what nobody was told of.
    case untold
}

extension Alert {
    /// The alert and its event as they are kept: with what receivers know of it from now on, or why they do not.
    ///
    /// The end of what they were told of is never withheld: whoever was called has to hear that it is over. The end of
    /// what nobody was told of is told to nobody.
    ///
    /// - Parameter withholding: why it is not to be told; nil: it is.
    package func telling(
        _ event: AlertEvent, unless withholding: Withholding?
    ) -> (alert: Alert, event: AlertEvent, isTold: Bool) {
        var (alert, event) = (self, event)
        if event.withheld != nil { return (alert, event, false) }
        if event.kind == .resolved {
            if told == nil { event.withheld = withholding ?? .untold }
        } else if let withholding {
            event.withheld = withholding
        } else {
            alert.told = event.standing
        }
        return (alert, event, event.withheld == nil)
    }

    /// Nobody knows of what is announced, or as what it is.
    package var isUntold: Bool { isOpen && announced != nil && told != announced }

    /// What is said of an alert once nothing withholds it any more: how it stands, as its last event would have said.
    package func catchingUp(at moment: Timestamp) -> (alert: Alert, event: AlertEvent)? {
        guard isUntold, let announced else { return nil }
        var alert = self
        alert.told = announced
        let kind: AlertEvent.Kind =
            switch told {
            case nil: .firing
            case .warning?: .raised
            default: .lowered
            }
        let event = AlertEvent(
            key: key, episode: episode, number: changes, kind: kind, reason: reason ?? .limit, standing: announced,
            since: since, at: moment, judgedTo: nil)
        return (alert, event)
    }

    /// What an alert that goes on was told as last, at another moment.
    package func reminder(at moment: Timestamp, judgedTo: LocalDay?) -> AlertEvent {
        AlertEvent(
            key: key, episode: episode, number: changes, kind: .firing, reason: reason ?? .limit,
            standing: announced ?? standing, since: since, at: max(moment, since), judgedTo: judgedTo)
    }
}
