package import Facts
package import Rules

/// How many calls a day the configuration comes to, by application, store and method, held against what the platforms
/// allow. A value of one moment; see `CallPlanner`.
package struct CallPlan: Sendable {
    /// One method of one store.
    package struct Line: Sendable, Hashable {
        package var application: String
        package var pack: String
        package var store: String
        package var stream: String
        /// nil: in the first pull alone.
        package var every: TimeSpan?
        /// Calls a day once the first pull is over.
        package var daily: Int64
        /// Calls of the first pull, where it is not over yet; else 0.
        package var first: Int64
    }

    /// One limit, and all that counts against it.
    package struct Use: Sendable {
        /// Of the bucket in which the calls are counted.
        package var key: String
        package var application: String
        package var pack: String
        package var stores: [String]
        package var limit: PullPlan.Limit
        package var daily: Int64
        /// What the limit allows a day.
        package var allowed: Int64
        /// Where it is too much, the nearest that fits; nil: nothing does.
        package var fits: Fit?

        /// A plan keeps to half of a limit: the other half is for first pulls, repeats and what people do beside it.
        package var isTooMuch: Bool { daily * 2 > allowed }
        /// Of the stores those that are pulled as long as it is too much.
        package var pulled: [String] {
            switch fits?.change {
            case .stores, .stream: stores
            case .fewer(let count, _): Array(stores.prefix(count))
            case nil: []
            }
        }

        /// In hundredths of the limit, rounded up.
        package var share: Int64 { (daily * 100 + allowed - 1) / allowed }
    }

    /// What would make it fit.
    package struct Fit: Sendable, Hashable {
        package enum Change: Sendable, Hashable {
            /// `every:` of the stores.
            case stores(TimeSpan)
            /// `every:` of this stream at the stores.
            case stream(String, TimeSpan)
            /// Of the stores only so many, at the slowest.
            case fewer(Int, TimeSpan)
        }
        package var change: Change
        /// Calls a day then.
        package var daily: Int64
    }

    package var lines: [Line] = []
    package var uses: [Use] = []
    /// Stores of which the ledger cannot tell yet how much happens there.
    package var assumed: [String] = []
    /// What was taken for them, in orders a day; nil: the least number of calls was reckoned.
    package var assumption: Int64?

    package var isTooMuch: Bool { uses.contains(where: \.isTooMuch) }
}
