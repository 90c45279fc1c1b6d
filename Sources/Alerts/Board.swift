package import Facts
package import Rules

/// How all stores of a receiver stand on one day, for whoever wants to hear once a day and no more.
package struct Board: Sendable, Hashable {
    /// A rule at a store, and what is to be said of it.
    package struct Line: Sendable, Hashable {
        package var key: AlertKey
        package var subject: AlertSubject
        package var standing: Standing
        package var words: [Words]

        package init(key: AlertKey, subject: AlertSubject, standing: Standing, words: [Words]) {
            (self.key, self.subject, self.standing, self.words) = (key, subject, standing, words)
        }
    }

    /// Of the receiver's zone.
    package var day: LocalDay
    /// How many stores stand where.
    package var standings: [Standing: Int]
    /// Outside ok, the worst first.
    package var outside: [Line]
    /// In order, the nearest to a limit first.
    package var near: [Line]
    /// What grew worse since a day ago, the latest first.
    package var worse: [Line]
    /// A page of all stores.
    package var link: String?
    /// How many alerts ended since.
    package var ended: Int
    /// What leaves a window within a week, and changes a figure.
    package var leaving: [Line]
    /// What people have to do: figures to enter, appeals, consents that end.
    package var due: [Words]
    /// Rules in order whose distance was not worked out: there are too many.
    package var notMeasured: Int

    package init(day: LocalDay) {
        self.day = day
        (standings, outside, near, worse, leaving, due) = ([:], [], [], [], [], [])
        (ended, notMeasured) = (0, 0)
    }
}
