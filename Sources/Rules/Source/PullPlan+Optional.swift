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
        for list in streams {
            if let why = list.lack(of: expressions, in: vocabulary, readings) { return why }
            for stream in list.details?.streams ?? [] where stream.isExtra {
                if let why = stream.lack(of: expressions, in: vocabulary, readings) { return why }
            }
        }
        return nil
    }

    /// The same of lists without which their kinds are not vouched for at all.
    func wholeListsWithheld(_ readings: [String: MeasureReading]) -> FactKinds {
        streams.reduce(into: []) {
            if $1.optional != nil, $1.optional?.remainder == nil, $1.isWithheld(readings) { $0.formUnion($1.kinds) }
        }
    }

    /// Kinds of the lists that the platform withholds from a store.
    func withheldKinds(_ readings: [String: MeasureReading]) -> FactKinds {
        streams.reduce(into: []) { if $1.optional != nil, $1.isWithheld(readings) { $0.formUnion($1.kinds) } }
    }
}

extension PullPlan.Stream {
    /// What adds to the facts of its items, and may be withheld by itself: the facts stand without it.
    package var extras: [PullPlan.Stream] {
        (details?.streams ?? []).filter { $0.isExtra && $0.right != nil }
    }

    private var addedMembers: Set<Reach.ReadMember> {
        Set(
            adds.flatMap { mapping in
                mapping.members.map { Reach.ReadMember(kind: mapping.kind, name: $0.member.name) }
            })
    }

    /// Why any of these is unknown, where this is withheld.
    fileprivate func lack(
        of expressions: some Sequence<TypedExpression>, in vocabulary: Vocabulary,
        _ readings: [String: MeasureReading]
    ) -> Words? {
        guard let left = optional?.remainder, isWithheld(readings) else { return nil }
        let reach = Reach(of: expressions, in: vocabulary, sparing: Set(left.spares))
        // Without what is extra a fact stands, less the members that it adds.
        let isReached =
            isExtra ? !reach.members.isDisjoint(with: addedMembers) : !reach.kinds.isDisjoint(with: kinds)
        return isReached ? left.why : nil
    }

    fileprivate func isWithheld(_ readings: [String: MeasureReading]) -> Bool {
        optional?.other == nil && right.flatMap { readings[PullPlan.OptionalList.reading(of: $0)]?.isWithheld } ?? false
    }
}

extension MeasureReading {
    /// Of a reading that says whether a list is withheld.
    var isWithheld: Bool { value.map { $0.millionths != 0 } ?? false }
}
