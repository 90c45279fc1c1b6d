package import Facts
package import Language

/// A condition over window sums as a flat list of integer steps: what the daemon runs for every store and rule.
///
/// Numbers are quotients of two 64-bit integers and are compared by cross-multiplication, so that the verdict is the
/// evaluator's to the last digit. It holds for complete data only: where coverage ends inside a window, and where a
/// number does not fit, the evaluator is asked.
package struct CompiledCondition: Sendable {
    package enum Verdict: Sendable, Hashable {
        case holds, fails, missing
        /// Could not be told in 64 bits.
        case beyond
    }

    struct Step: Sendable {
        var operation: Operation
        /// A place in the layout, or an integer.
        var first: Int64 = 0
        var second: Int64 = 1
    }

    enum Operation: UInt8, Sendable {
        case constant, count, sum, mean
        case negate, absolute, add, subtract, multiply, divide
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case isMissing, not, and, or, select, coalesce, least, greatest
        // What most conditions are made of, in one step each: a count against a whole number, a count by a count.
        case countLess, countLessOrEqual, countGreater, countGreaterOrEqual, ratio
    }

    var steps: [Step] = []
    private(set) var depth = 1
    /// The places of the figures it reads, each once.
    package internal(set) var readings: [Int] = []
    /// All kinds whose coverage it rests on.
    package internal(set) var kindsRead = FactKinds()
    /// Those of them that are read from elsewhere in the order file, where a fact of any age may stand.
    var wholeKinds = FactKinds()
    /// And those that are read so of orders, and come after them.
    var followingKinds = FactKinds()
    /// How long before its window a fact may have happened that counts in it (`by opened_at + 48h`).
    var lead = TimeSpan.zero
    /// That cannot be said of one of its figures: then everything from the beginning has to be complete.
    var leadIsUnknown = false

    /// nil when the condition reads something that is not kept rolling in `layout`, or says something that integers do
    /// not. Parameters are replaced by `set`'s values; one without a value is missing.
    package init?(_ condition: TypedExpression, set: MetricSet, layout: ResidentLayout) {
        let builder = Builder(set: set, layout: layout)
        guard builder.append(condition, shifts: [], to: &self) else { return nil }
        var (height, greatest) = (0, 0)
        for step in steps {
            switch step.operation {
            case .constant, .count, .sum, .mean, .countLess, .countLessOrEqual, .countGreater, .countGreaterOrEqual,
                .ratio:
                height += 1
            case .negate, .absolute, .isMissing, .not: break
            case .select: height -= 2
            default: height -= 1
            }
            greatest = max(greatest, height)
        }
        depth = max(greatest, 1)
    }

    /// What has to be complete for its verdict to be proven, with the days of every reading at the moment of evaluation
    /// (`ResidentLayout.ranges`). nil when it reads no day at all.
    package func demand(_ ranges: [Range<LocalDay>], in calendar: StoreCalendar) -> CoverageDemand? {
        let days = readings.map { ranges[$0] }.filter { !$0.isEmpty }
        guard let first = days.map(\.lowerBound).min(), let last = days.map(\.upperBound).max() else { return nil }
        let whole = calendar.range(of: first..<last)
        return CoverageDemand(
            kinds: kindsRead, range: whole.lowerBound - lead..<whole.upperBound,
            wholeKinds: leadIsUnknown ? kindsRead : wholeKinds, followingKinds: followingKinds)
    }
}

// MARK: - Running

extension CompiledCondition {
    /// A quotient; a divisor of 0 is missing. Conditions are 1 and 0 over 1.
    struct Quotient {
        var top: Int64
        var bottom: Int64
        static let missing = Quotient(top: 0, bottom: 0)
    }

    /// What the condition comes to over the store's rolling sums, which must stand at the moment of evaluation
    /// (`ResidentRollups.roll`).
    package func verdict(over sums: RollingSums) -> Verdict {
        CompiledConditions([self]).verdicts(over: sums) { $0(0) } ?? .beyond
    }

    /// Steps over sums, with room for `depth` quotients on the stack.
    @inline(__always)
    static func run(
        _ steps: UnsafeBufferPointer<Step>, _ sums: UnsafeBufferPointer<RollingSums.Sum>,
        _ stack: UnsafeMutablePointer<Quotient>
    ) -> Verdict {
        // One past the top.
        var top = stack
        for step in steps {
            switch step.operation {
            case .constant:
                top.pointee = Quotient(top: step.first, bottom: step.second)
                top += 1
            case .count:
                top.pointee = Quotient(top: sums[Int(step.first)].count, bottom: 1)
                top += 1
            case .countLess, .countLessOrEqual, .countGreater, .countGreaterOrEqual:
                let count = sums[Int(step.first)].count
                let holds =
                    switch step.operation {
                    case .countLess: count < step.second
                    case .countLessOrEqual: count <= step.second
                    case .countGreater: count > step.second
                    default: count >= step.second
                    }
                top.pointee = Quotient(top: holds ? 1 : 0, bottom: 1)
                top += 1
            case .ratio:
                let (a, b) = (sums[Int(step.first)].count, sums[Int(step.second)].count)
                // Counts are never negative; divided by none it is missing.
                top.pointee = b == 0 ? .missing : Quotient(top: a, bottom: b)
                top += 1
            case .sum:
                let sum = sums[Int(step.first)]
                guard sum.sum != RollingSums.wide else { return .beyond }
                top.pointee = Quotient(top: sum.sum, bottom: step.second)
                // A negative unit marks a measure: of no reading the sum is missing.
                if step.second < 0 {
                    top.pointee = sum.count == 0 ? .missing : Quotient(top: sum.sum, bottom: -step.second)
                }
                top += 1
            case .mean:
                let sum = sums[Int(step.first)]
                guard sum.sum != RollingSums.wide else { return .beyond }
                let (bottom, isOver) = sum.count.multipliedReportingOverflow(by: step.second)
                guard !isOver else { return .beyond }
                top.pointee = Quotient(top: sum.sum, bottom: bottom)
                top += 1
            case .negate:
                guard top[-1].top != .min else { return .beyond }
                top[-1].top = -top[-1].top
            case .absolute:
                guard top[-1].top != .min else { return .beyond }
                top[-1].top = abs(top[-1].top)
            case .add, .subtract, .multiply, .divide:
                top -= 1
                guard let result = result(step.operation, top[-1], top[0]) else { return .beyond }
                top[-1] = result
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
                top -= 1
                top[-1] = compare(step.operation, top[-1], top[0])
            case .isMissing:
                top[-1] = Quotient(top: top[-1].bottom == 0 ? 1 : 0, bottom: 1)
            case .not:
                top[-1].top = 1 - top[-1].top
            case .and:
                top -= 1
                let (a, b) = (top[-1], top[0])
                if a.bottom != 0 && a.top == 0 || b.bottom != 0 && b.top == 0 {
                    top[-1] = Quotient(top: 0, bottom: 1)
                } else if a.bottom == 0 || b.bottom == 0 {
                    top[-1] = .missing
                }
            case .or:
                top -= 1
                let (a, b) = (top[-1], top[0])
                if a.bottom != 0 && a.top == 1 || b.bottom != 0 && b.top == 1 {
                    top[-1] = Quotient(top: 1, bottom: 1)
                } else if a.bottom == 0 || b.bottom == 0 {
                    top[-1] = .missing
                }
            case .select:
                top -= 2
                if top[-1].bottom != 0 { top[-1] = top[-1].top == 1 ? top[0] : top[1] }
            case .coalesce:
                top -= 1
                if top[-1].bottom == 0 { top[-1] = top[0] }
            case .least, .greatest:
                top -= 1
                if top[-1].bottom == 0 || top[0].bottom == 0 {
                    top[-1] = .missing
                } else {
                    let isLess = compare(.less, top[0], top[-1]).top == 1
                    if isLess == (step.operation == .least) { top[-1] = top[0] }
                }
            }
        }
        return stack.pointee.bottom == 0 ? .missing : stack.pointee.top == 1 ? .holds : .fails
    }

    @inline(__always)
    private static func compare(_ operation: Operation, _ a: Quotient, _ b: Quotient) -> Quotient {
        guard a.bottom != 0, b.bottom != 0 else { return .missing }
        // Divisors are above zero, and two 64-bit factors fit 128 bits.
        let isLess: Bool
        let isEqual: Bool
        if a.bottom == b.bottom {
            (isLess, isEqual) = (a.top < b.top, a.top == b.top)
        } else {
            let left = Int128(a.top) * Int128(b.bottom)
            let right = Int128(b.top) * Int128(a.bottom)
            (isLess, isEqual) = (left < right, left == right)
        }
        let holds =
            switch operation {
            case .equal: isEqual
            case .notEqual: !isEqual
            case .less: isLess
            case .lessOrEqual: isLess || isEqual
            case .greater: !isLess && !isEqual
            default: !isLess
            }
        return Quotient(top: holds ? 1 : 0, bottom: 1)
    }

    /// nil when it does not fit.
    @inline(__always)
    private static func result(_ operation: Operation, _ a: Quotient, _ b: Quotient) -> Quotient? {
        guard a.bottom != 0, b.bottom != 0 else { return .missing }
        switch operation {
        case .multiply:
            let (top, isOver) = a.top.multipliedReportingOverflow(by: b.top)
            let (bottom, isBelow) = a.bottom.multipliedReportingOverflow(by: b.bottom)
            return isOver || isBelow ? nil : Quotient(top: top, bottom: bottom)
        case .divide:
            guard b.top != 0 else { return .missing }
            guard a.top != .min, b.top != .min else { return nil }
            let sign: Int64 = b.top < 0 ? -1 : 1
            // Equal units cancel: sums of money would not fit when multiplied.
            if a.bottom == b.bottom { return Quotient(top: a.top * sign, bottom: b.top * sign) }
            let (top, isOver) = (a.top * sign).multipliedReportingOverflow(by: b.bottom)
            let (bottom, isBelow) = a.bottom.multipliedReportingOverflow(by: b.top * sign)
            return isOver || isBelow ? nil : Quotient(top: top, bottom: bottom)
        default:
            guard b.top != .min else { return nil }
            let right = operation == .subtract ? -b.top : b.top
            if a.bottom == b.bottom {
                let (top, isOver) = a.top.addingReportingOverflow(right)
                return isOver ? nil : Quotient(top: top, bottom: a.bottom)
            }
            let (x, isOverX) = a.top.multipliedReportingOverflow(by: b.bottom)
            let (y, isOverY) = right.multipliedReportingOverflow(by: a.bottom)
            let (bottom, isBelow) = a.bottom.multipliedReportingOverflow(by: b.bottom)
            let (top, isOver) = x.addingReportingOverflow(y)
            return isOverX || isOverY || isBelow || isOver ? nil : Quotient(top: top, bottom: bottom)
        }
    }
}
