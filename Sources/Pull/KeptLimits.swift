package import Facts

/// What a process leaves to the next of the limits of platforms.
package struct KeptLimits: Sendable, Hashable {
    /// Of those that a restart must not forget, by key, when they are full again.
    package var levels: [String: Timestamp]
    /// By key, what the platform said of it.
    package var learnt: [String: Learnt]

    /// How much there is, and what calls cost, as answers told it: by a shop's plan, say.
    package struct Learnt: Sendable, Hashable {
        /// One call, or point, more every so often.
        package var each: TimeSpan?
        /// How many there are at most.
        package var size: Int?
        /// Of calls, by stream.
        package var costs: [String: Int]
        /// When it was last told.
        package var at: Timestamp?

        package init(each: TimeSpan? = nil, size: Int? = nil, costs: [String: Int] = [:], at: Timestamp? = nil) {
            (self.each, self.size, self.costs, self.at) = (each, size, costs, at)
        }
    }

    package init(levels: [String: Timestamp] = [:], learnt: [String: Learnt] = [:]) {
        (self.levels, self.learnt) = (levels, learnt)
    }

    /// What nobody has told for so long is a store's that is no longer pulled.
    package func forgetting(at now: Timestamp) -> KeptLimits {
        let learnt = learnt.filter { $0.value.at.map { now - $0 < .days(90) } ?? true }
        return KeptLimits(levels: levels.filter { $0.value > now }, learnt: learnt)
    }
}
