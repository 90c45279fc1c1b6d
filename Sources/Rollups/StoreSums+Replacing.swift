package import Facts

extension StoreSums {
    /// The figures as they would be if some order files were others: facts marked, an appeal won, a fact as it was known
    /// on an earlier day.
    ///
    /// - Parameters:
    ///   - before: the files as these sums hold them, each whole.
    ///   - after: the same files as they would be; a fact may have left them or come to them, and whole files too.
    package func replacing(
        _ before: [OrderFile], by after: [OrderFile], for needs: Needs, calendar: StoreCalendar
    ) -> StoreSums {
        let (left, come) = (
            StoreSums(reading: needs, from: before, calendar: calendar),
            StoreSums(reading: needs, from: after, calendar: calendar)
        )
        var result = self
        for (aggregate, days) in needs.cells {
            var kept = cells[aggregate] ?? DayCells(days: days)
            for number in days.lowerBound.number..<days.upperBound.number {
                let day = LocalDay(number: number)
                let (old, new) = (left.cells[aggregate]?[day] ?? .zero, come.cells[aggregate]?[day] ?? .zero)
                guard old != new else { continue }
                kept.add(Cell(count: new.count - old.count, sum: new.sum - old.sum), on: day)
            }
            result.cells[aggregate] = kept
        }
        let replaced = Set((before + after).compactMap(\.identity))
        for need in needs.facts {
            var files = (self.files[need.aggregate] ?? []).filter { $0.identity.map { !replaced.contains($0) } ?? true }
            files += come.files[need.aggregate] ?? []
            result.files[need.aggregate] = files
        }
        return result
    }
}

extension OrderFile {
    /// What tells one file of a store from another; nil for an empty one.
    package var identity: Identity? {
        if let order { return .order(ByteText(order.id)) }
        guard let first = children.first else { return nil }
        return first.order.map { .order(ByteText($0)) } ?? .alone(first.key)
    }

    package enum Identity: Hashable, Sendable {
        case order(ByteText)
        /// A fact that names no order.
        case alone(FactKey)
    }
}
