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
            guard let left = stream.optional?.remainder, stream.isWithheld(readings) else { continue }
            let reach = Reach(of: expressions, in: vocabulary, sparing: Set(left.spares))
            if !reach.kinds.isDisjoint(with: stream.kinds) { return left.why }
        }
        return nil
    }

    /// Kinds of the lists that the platform withholds from a store.
    func withheldKinds(_ readings: [String: MeasureReading]) -> FactKinds {
        streams.reduce(into: []) { if $1.optional != nil, $1.isWithheld(readings) { $0.formUnion($1.kinds) } }
    }
}

extension PullPlan.Stream {
    fileprivate func isWithheld(_ readings: [String: MeasureReading]) -> Bool {
        optional?.other == nil && right.flatMap { readings[PullPlan.OptionalList.reading(of: $0)]?.isWithheld } ?? false
    }
}

extension MeasureReading {
    /// Of a reading that says whether a list is withheld.
    var isWithheld: Bool { value.map { $0.millionths != 0 } ?? false }
}
