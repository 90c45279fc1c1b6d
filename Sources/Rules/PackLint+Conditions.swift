import Facts
import Language
import Rollups

/// Rules tried on made-up figures.
extension PackLint {
    /// Tried on figures of all sizes, so that what never fails, or never holds, shows.
    static func conditions(of rule: Rule, in pack: Pack) -> [Diagnostic] {
        guard !rule.reach.kinds.isEmpty else { return [] }
        var (holds, fails, warns, isMadeUp) = (0, 0, 0, false)
        var reached: Set<String> = []
        // Under the first rows of all parameters, then under the second ones, …: what holds for one market need not for all.
        let rows = max(
            rule.limits.allSatisfy { pack.parameter($0)?.rows.isEmpty == false } ? 1 : 3,
            pack.parameters.map(\.rows.count).max() ?? 1)
        for row in 0..<min(rows, 6) {
            let written = Dictionary(
                pack.parameters.compactMap { parameter in
                    parameter.rows.isEmpty ? nil : (parameter.name, parameter.rows[row % parameter.rows.count].value)
                }, uniquingKeysWith: { first, _ in first })
            // What the platform shows each store is tried with a few values; of such limits it cannot be told that they
            // never or always hold, but that a preference lies behind them.
            let open = rule.limits.filter { written[$0] == nil }
            isMadeUp = isMadeUp || !open.isEmpty
            let values = written.merging(pack.madeUp(open, row: row)) { $1 }
            guard rule.limits.allSatisfy({ values[$0] != nil }) else { return [] }
            let set = PackValuation(pack, values).metrics
            var dice = Dice(state: 0x9E37_79B9_7F4A_7C15)
            for _ in 0..<3000
            where holds == 0 || fails == 0 || warns == 0 && rule.prefer != nil || reached.count < rule.levels.count {
                let size = dice.next(below: 6)
                let reader = MetricReader(
                    sums: StoreSums(), set: set, calendar: .utc, at: Timestamp(seconds: 1_772_445_600), coverage: nil,
                    parameter: { name, _ in values[name]?.value ?? .missing },
                    supposing: { reading, _ in .exact(dice.figure(of: reading.aggregate, size: size)) })
                let (standing, _) = Evaluation.standing(of: rule, reader)
                if standing != .unjudged, standing != .unknown, let level = Evaluation.level(of: rule, reader) {
                    reached.insert(level)
                }
                switch standing {
                case .ok: holds += 1
                case .warning: warns += 1
                case .breach: fails += 1
                case .unjudged, .unknown: break
                }
            }
        }
        var warnings: [Diagnostic] = []
        if holds + warns + fails == 0 { return [] }
        if fails == 0, !isMadeUp {
            warnings.append(
                warn(
                    "rule '\(rule.id)' never fails: 'require' holds for all figures tried", pack,
                    at: rule.require.written))
        }
        if holds + warns == 0, !isMadeUp {
            warnings.append(
                warn(
                    "rule '\(rule.id)' always fails: 'require' holds for none of the figures tried", pack,
                    at: rule.require.written))
        }
        if let prefer = rule.prefer, warns == 0, holds > 0 {
            warnings.append(
                warn(
                    "'prefer' of rule '\(rule.id)' never warns: it holds wherever 'require' does", pack,
                    at: prefer.written))
        }
        for level in rule.levels where !reached.isEmpty && !reached.contains(level.name) && !isMadeUp {
            warnings.append(
                warn(
                    "level '\(level.name)' of rule '\(rule.id)' is reached by none of the figures tried: what holds for it holds for a level before it",
                    pack, at: level.condition.written))
        }
        return warnings
    }

    /// Figures as they may be, the same on every run.
    private struct Dice {
        var state: UInt64
        private var last: Int64 = 0

        init(state: UInt64) { self.state = state }

        mutating func next(below limit: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % limit)
        }

        mutating func figure(of aggregate: Aggregate, size: Int64) -> Value {
            let limit = UInt64([3, 12, 60, 600, 20_000, 1_000_000][Int(size)])
            // Nothing, all, and exactly one are what limits are often about.
            switch next(below: 10) {
            case 0: return Value.of(.zero, aggregate)
            case 1: return Value.of(.one, aggregate)
            case 2, 3:
                if aggregate.reducer != .count {
                    return Value.of(Fraction(Int128(next(below: 1001)), over: 1000) ?? .one, aggregate)
                }
            default: break
            }
            switch aggregate.reducer {
            case .count, .distinct:
                // Of two counts one is often nearly all of the other.
                let isNear = last > 0 && next(below: 3) == 0
                last = isNear ? max(0, last - next(below: UInt64(last / 50 + 2))) : next(below: limit)
                return .number(Fraction(last))
            default: break
            }
            if aggregate.value?.type == .duration {
                return .duration(Fraction(next(below: limit) * 60_000_000))
            }
            if let scale = aggregate.scale {
                let width = scale.upperBound.subtracting(scale.lowerBound) ?? .one
                let share = Fraction(Int128(next(below: 1001)), over: 1000) ?? .one
                return share.multiplied(by: width)?.adding(scale.lowerBound).map(Value.number) ?? .missing
            }
            return Fraction(Int128(next(below: limit * 1000)), over: 1000).map(Value.number) ?? .missing
        }
    }
}

extension Value {
    /// A figure of an aggregate; of durations in hours.
    fileprivate static func of(_ number: Fraction, _ aggregate: Aggregate) -> Value {
        guard aggregate.reducer != .count, aggregate.value?.type == .duration else { return .number(number) }
        return number.multiplied(by: Fraction(3_600_000_000)).map(Value.duration) ?? .missing
    }
}

extension Pack {
    /// Values of parameters that have none, small in the first row and larger in those after it.
    fileprivate func madeUp(_ names: [String], row: Int) -> [String: ParameterValue] {
        let shares: [Int128] = [1, 5, 50]
        let numbers: [Int128] = [3, 20, 500]
        var values: [String: ParameterValue] = [:]
        for name in names {
            switch parameter(name)?.type {
            case .rate?:
                values[name] = .literal(.number(Fraction(shares[row % 3]), isPercent: true))
            case .number?: values[name] = .literal(.number(Fraction(numbers[row % 3]), isPercent: false))
            case .duration?: values[name] = .literal(.duration(Int64([1, 24, 72][row % 3]), .hour))
            default: break
            }
        }
        return values
    }
}
