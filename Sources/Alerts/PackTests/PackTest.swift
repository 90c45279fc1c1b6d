package import Facts
package import Rules

/// What a pack says of made-up facts: given these, at these moments, expect this.
package struct PackTest: Sendable {
    /// One sentence: what it shows.
    package var name: String
    package var store: Store
    package var overrides: StoreOverrides
    /// Each once, in the order written. All of them are known at every moment.
    package var facts: [Fact]
    /// In the order of time.
    package var moments: [Moment]
    /// Who is to hear, and what holds that back; nil: the test is of the pack alone.
    package var routing: Routing?

    /// As a configuration would have it.
    package struct Routing: Sendable {
        package var routes: [Route]
        package var inhibitions: [Inhibition] = []
        package var silences: [Silence] = []
        /// Of the store.
        package var windows: [StoreWindow] = []
    }

    package struct Moment: Sendable {
        package var at: Timestamp
        package var expectations: [Expectation]
    }

    package struct Expectation: Sendable {
        package var subject: Subject
        /// Where it stands, for messages about it.
        package var place: Range<Int>
    }

    package enum Figure: Sendable, Hashable {
        /// A number, the seconds of a duration, 1 and 0 for true and false.
        case number(Fraction)
        /// A word, a string, or a time as RFC 3339 in UTC.
        case text(String)
        case missing
    }

    package enum Subject: Sendable, Hashable {
        case store(Standing)
        case rule(String, Standing)
        case metric(String, Figure)
        case gate(String, Gate.State)
        /// Ours beside theirs, by metric; nil: there is no figure of the platform's.
        case reconcile(String, Comparison.Standing?)
        /// nil: there is no open alert.
        case alert(String, Alert.State?)
        /// Of a rule that is a ladder.
        case level(String, String)
        /// So many more of what a metric counts, each of a value for a mean, and the rule stands elsewhere; nil: however
        /// many, it does not.
        case headroom(String, of: String, each: Fraction?, more: Int64?)
        /// nil: not by waiting.
        case recovery(String, LocalDay?)
        /// The day on which it stands worse if all goes on; nil: on none.
        case forecast(String, LocalDay?)
        /// The same without one harmful fact more.
        case rollOff(String, LocalDay?)
        /// What a receiver was told since the moment before: messages, each with its events, as `firing late-shipment`.
        case told(String, [[String]])
    }
}
