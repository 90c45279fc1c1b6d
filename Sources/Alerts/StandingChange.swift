package import Facts
package import Rules

/// A rule at a store stood elsewhere than before: what was known then and what it rested on, kept so that one can say
/// later what was shown, and why.
package struct StandingChange: Sendable, Hashable {
    package var key: AlertKey
    /// The clock's moment.
    package var judgedAt: Timestamp
    /// The evaluated moment: up to when the rule's inputs were known to be complete.
    package var at: Timestamp
    /// nil when it was judged for the first time.
    package var before: Standing?
    /// As it was shown: the breach of a limit that nobody confirmed, or that somebody answers for, as a warning.
    package var standing: Standing
    /// The last local day that was judged; nil when nothing was.
    package var judgedTo: LocalDay?
    /// The condition with its parameters replaced.
    package var limit: String
    /// The metrics that the rule reads, as they are shown; one that is not wholly known is left out.
    package var values: [String: String]
    /// Why it stood there.
    package var because: Words
    /// Digests of the pack and of the configuration.
    package var pack: String
    package var configuration: String

    package init(
        key: AlertKey, judgedAt: Timestamp, at: Timestamp, before: Standing?, standing: Standing, judgedTo: LocalDay?,
        limit: String, values: [String: String], because: Words, pack: String, configuration: String
    ) {
        (self.key, self.judgedAt, self.at, self.before, self.standing) = (key, judgedAt, at, before, standing)
        (self.judgedTo, self.limit, self.values, self.because) = (judgedTo, limit, values, because)
        (self.pack, self.configuration) = (pack, configuration)
    }
}
