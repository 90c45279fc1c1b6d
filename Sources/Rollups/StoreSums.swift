package import Facts

/// What was read of one store to answer its `Needs`.
package struct StoreSums: Sendable {
    /// Of the kept aggregates: an aggregate without an entry had no facts.
    package var cells: [Aggregate: DayCells]
    /// Of those computed from facts: each file once.
    package var files: [Aggregate: [OrderFile]]

    package init(cells: [Aggregate: DayCells] = [:], files: [Aggregate: [OrderFile]] = [:]) {
        (self.cells, self.files) = (cells, files)
    }

    /// What a ledger would have read: from the facts alone, for tests of packs and for moments in a made-up past.
    package init(reading needs: Needs, from all: [OrderFile], calendar: StoreCalendar) {
        self.init()
        for (aggregate, days) in needs.cells {
            let counter = FactReduction(aggregate, calendar)
            var kept = DayCells(days: days)
            for file in all {
                for fact in file.facts(of: aggregate.kind) where counter.passes(fact, in: file) {
                    guard let moment = counter.moment(of: fact, in: file), let cell = counter.cell(of: fact, in: file)
                    else { continue }
                    kept.add(cell, on: calendar.day(of: moment))
                }
            }
            cells[aggregate] = kept
        }
        for need in needs.facts {
            files[need.aggregate] = all.filter { !$0.facts(of: need.aggregate.kind).isEmpty }
        }
    }
}
