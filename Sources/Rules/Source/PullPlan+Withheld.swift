package import Facts

extension PullPlan {
    /// Why a platform does not tell what any of these metrics rests on; nil: it does.
    ///
    /// - Parameter readings: the newest of the store, by name.
    package func withheld(from metrics: Set<String>, _ readings: [String: MeasureReading]) -> Words? {
        for stream in streams {
            guard let withheld = stream.withheld, !metrics.isDisjoint(with: withheld.metrics),
                readings[Withheld.reading(of: stream.name)]?.isWithheld ?? false
            else { continue }
            return withheld.why
        }
        return nil
    }
}

extension MeasureReading {
    /// Of a reading that says whether a list is withheld.
    var isWithheld: Bool { value.map { $0.millionths != 0 } ?? false }
}
