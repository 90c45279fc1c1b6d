package import Facts

extension RollupPlan {
    /// Adds what `after` contributes and takes away what `before` contributed, for the aggregates that read one of the
    /// kinds `changed`; no other can have moved.
    ///
    /// Both files hold the changed facts (before: as they were, if they were) and all facts of `kindsNeeded(for:)`;
    /// other facts that are in both do no harm. A fact that moved from one file to another is two calls.
    package func change(
        from before: OrderFile, to after: OrderFile, changed: FactKinds, into change: inout RollupChange
    ) {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: depth + 1) { stack in
            // proof: the capacity is at least 1
            let base = stack.baseAddress!
            contribute(before, sign: -1, changed, base, &change)
            contribute(after, sign: 1, changed, base, &change)
        }
    }

    private func contribute(
        _ file: OrderFile, sign: Int64, _ changed: FactKinds, _ stack: UnsafeMutablePointer<Int64>,
        _ change: inout RollupChange
    ) {
        if let order = file.order { contribute(order, in: file, sign, changed, stack, &change) }
        for fact in file.children { contribute(fact, in: file, sign, changed, stack, &change) }
    }

    private func contribute(
        _ fact: Fact, in file: OrderFile, _ sign: Int64, _ changed: FactKinds, _ stack: UnsafeMutablePointer<Int64>,
        _ change: inout RollupChange
    ) {
        let plan = kinds[Int(fact.kind.rawValue)]
        guard !plan.kindsRead.isDisjoint(with: changed), !fact.isDeleted else { return }
        // What a filter or time gave for this fact, so that rows which share it ask once: for a filter 1 or 0, for a
        // time its day; `unasked` before.
        let unasked = Int64.max
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: plan.filters.count + plan.times.count) { answers in
            answers.initialize(repeating: unasked)
            for row in plan.rows where !row.kindsRead.isDisjoint(with: changed) {
                if let filter = row.filter {
                    if answers[filter] == unasked {
                        answers[filter] = plan.filters[filter].holds(for: fact, in: file, stack: stack) ? 1 : 0
                    }
                    guard answers[filter] == 1 else { continue }
                }
                let place = plan.filters.count + row.time
                if answers[place] == unasked {
                    let moment = plan.times[row.time].integer(of: fact, in: file, stack: stack)
                    answers[place] =
                        moment == Fact.missing
                        ? Fact.missing : Int64(calendar.day(of: Timestamp(microseconds: moment)).number)
                }
                let day = answers[place]
                guard day != Fact.missing else { continue }
                guard let value = row.value else {
                    change.add(count: sign, sum: 0, aggregate: row.aggregate, day: Int32(truncatingIfNeeded: day))
                    continue
                }
                let compiled = plan.values[value]
                let number = compiled.integer(of: fact, in: file, stack: stack)
                guard number != Fact.missing else { continue }
                let sum = Int128(compiled.isCondition ? number * 1_000_000 : number)
                change.add(
                    count: sign, sum: sign < 0 ? -sum : sum, aggregate: row.aggregate,
                    day: Int32(truncatingIfNeeded: day))
            }
        }
    }
}
