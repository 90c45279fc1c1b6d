/// Conditions in one flat list of steps: asked one after the other of many stores, they cost no more than their steps.
package final class CompiledConditions: Sendable {
    private let steps: ContiguousArray<CompiledCondition.Step>
    /// For each condition its steps.
    private let places: ContiguousArray<Range<Int>>
    private let depth: Int

    package init(_ conditions: [CompiledCondition]) {
        var (steps, places) = (ContiguousArray<CompiledCondition.Step>(), ContiguousArray<Range<Int>>())
        for condition in conditions {
            places.append(steps.count..<steps.count + condition.steps.count)
            steps += condition.steps
        }
        (self.steps, self.places) = (steps, places)
        depth = conditions.map(\.depth).max() ?? 1
    }

    /// Asks of one store: `verdict` takes the place of a condition in the list. Its sums must stand at the moment of
    /// evaluation (`ResidentRollups.roll`). nil when its days do not reach back far enough.
    @inline(__always)
    package func verdicts<Result>(
        over sums: RollingSums, _ body: (_ verdict: (Int) -> CompiledCondition.Verdict) -> Result
    ) -> Result? {
        guard sums.reachBack else { return nil }
        return sums.byReading.withUnsafeBufferPointer { sums in
            withUnsafeTemporaryAllocation(of: CompiledCondition.Quotient.self, capacity: depth + 1) { stack in
                steps.withUnsafeBufferPointer { steps in
                    places.withUnsafeBufferPointer { places in
                        // proof: the capacity is at least 1
                        let base = stack.baseAddress!
                        return body {
                            CompiledCondition.run(UnsafeBufferPointer(rebasing: steps[places[$0]]), sums, base)
                        }
                    }
                }
            }
        }
    }
}
