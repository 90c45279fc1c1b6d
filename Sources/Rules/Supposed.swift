import Facts
import Language
import Rollups

/// So many further facts of a class, each with a value.
struct Supposed {
    let found: FactClass
    let cell: (Reading, MetricReader) -> SupposedCell
    /// The figures that further facts of the class move.
    private let moved: Set<Reading>

    /// - Parameters:
    ///   - readings: those that are asked for.
    ///   - cell: what a kept figure holds.
    init(_ found: FactClass, among readings: [Reading], cell: @escaping (Reading, MetricReader) -> SupposedCell) {
        (self.found, self.cell) = (found, cell)
        moved = Set(readings.filter(found.moves))
    }

    /// What to suppose: for a mean the lowest and the highest of its scale, for all else that there are more.
    static func values(of aggregate: Aggregate) -> [Fraction?] {
        guard aggregate.reducer == .mean else { return [nil] }
        return aggregate.scale.map { [$0.lowerBound, $0.upperBound] } ?? []
    }

    func estimate(of reading: Reading, _ reader: MetricReader, more: ClosedRange<Int64>) -> Estimate? {
        let aggregate = reading.aggregate
        guard moved.contains(reading) else { return nil }
        let (a, b) = (
            self.value(of: reading, reader, more.lowerBound), self.value(of: reading, reader, more.upperBound)
        )
        guard let a, let b else { return nil }
        // Every figure here goes one way as there are more.
        return Estimate.either(
            .exact(a), .exact(b),
            aggregate.reducer == .count || aggregate.reducer == .distinct
                ? .number : aggregate.value?.type == .duration ? .duration : .number)
    }

    /// With exactly so many more; nil where nothing can be supposed.
    private func value(of reading: Reading, _ reader: MetricReader, _ more: Int64) -> Value? {
        let aggregate = reading.aggregate
        switch aggregate.reducer {
        case .count where aggregate.isKept: return cell(reading, reader).count.adding(Fraction(more)).map(Value.number)
        case .count, .distinct:
            guard case .number(let number) = reader.known(reading) else { return nil }
            return number.adding(Fraction(more)).map(Value.number)
        case .sum, .mean:
            let cell = reading.window == nil ? SupposedCell(reader.cellInForce(of: reading)) : cell(reading, reader)
            var added: Fraction?
            if aggregate.value == found.aggregate.value { added = found.value }
            if added == nil, aggregate.reducer == .mean { added = aggregate.scale?.lowerBound }
            let each =
                added.flatMap { $0.multiplied(by: Fraction(1_000_000)) } ?? cell.sum.divided(by: cell.count)
            guard let each, let sum = each.multiplied(by: Fraction(more))?.adding(cell.sum),
                let count = cell.count.adding(Fraction(more))
            else { return nil }
            return SupposedCell(count: count, sum: sum).value(of: aggregate)
        case .min, .max, .percentile, .latest: return nil
        }
    }
}

extension Aggregate {
    /// Between what its values lie, where the schema or its own form says so: scores, and shares.
    var scale: ClosedRange<Fraction>? {
        guard let value else { return nil }
        if value.type == .bool { return .zero ... .one }
        guard case .member(let member, _, _) = value.node else { return nil }
        return member.scale.map { Fraction($0.lowerBound)...Fraction($0.upperBound) }
    }
}
