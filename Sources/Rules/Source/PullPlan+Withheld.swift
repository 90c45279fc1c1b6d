package import Facts
package import Language

extension PullPlan {
    /// Why a platform does not tell what any of these rests on; nil: it does.
    ///
    /// - Parameter readings: the newest of the store, by name.
    package func withheld(
        from expressions: some Sequence<TypedExpression>, in vocabulary: Vocabulary,
        _ readings: [String: MeasureReading]
    ) -> Words? {
        for stream in streams {
            guard let withheld = stream.withheld, stream.isRefused(readings) else { continue }
            let reach = Reach(of: expressions, in: vocabulary, sparing: Set(withheld.spares))
            if !reach.kinds.isDisjoint(with: stream.kinds) { return withheld.why }
        }
        return nil
    }

    /// Kinds of the lists that the platform refuses a store.
    func refused(_ readings: [String: MeasureReading]) -> FactKinds {
        streams.reduce(into: []) { if $1.mayBeRefused, $1.isRefused(readings) { $0.formUnion($1.kinds) } }
    }
}

extension PullPlan.Stream {
    fileprivate func isRefused(_ readings: [String: MeasureReading]) -> Bool {
        readings[PullPlan.Withheld.reading(of: name)]?.isWithheld ?? false
    }
}

extension MeasureReading {
    /// Of a reading that says whether a list is withheld.
    var isWithheld: Bool { value.map { $0.millionths != 0 } ?? false }
}
