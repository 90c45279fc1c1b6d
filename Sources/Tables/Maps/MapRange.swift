package import Facts

/// From when until when a file is complete, as its map finds it said.
package struct MapRange {
    let map: TableMap
    /// Of the store whose the file is, where one is; days are told by it unless the map names a zone.
    let calendar: StoreCalendar

    package enum Found: Sendable, Hashable {
        /// Nothing is proven by it.
        case nothing
        /// From the beginning until it was last changed.
        case wholeFile
        case interval(CoverageInterval)
    }

    func read(_ contents: FileContents, above: String) throws(TableError) -> Found {
        let places: [String: String]
        switch map.covers.range {
        case .none: return .nothing
        case .wholeFile: return .wholeFile
        case .told(let from, let until):
            return interval(
                from: from.map { .wall(WallTime(day: $0), isDay: true) },
                until: until.map { .wall(WallTime(day: $0), isDay: true) }, of: contents)
        case .fileName(let pattern):
            guard let found = pattern.match(contents.lastComponent) else {
                throw .noRange(contents.name, pattern: pattern.description)
            }
            places = found
        case .text(let pattern):
            guard let found = pattern.find(in: above) else {
                throw .noRange(contents.name, pattern: pattern.description)
            }
            places = found
        }
        var bounds: [String: DateForm.Reading] = [:]
        for (name, text) in places {
            let cell = Cell(text, isOpenEnded: true)
            // A name may write its days otherwise than the rows do: then in a way that can be read in one way only.
            let reading =
                (try? CellDate.reading(cell, map.covers.dates ?? (map.dates.isEmpty ? nil : map.dates)))
                ?? (map.covers.dates == nil ? try? CellDate.reading(cell, nil) : nil)
            guard let reading
            else {
                throw .noRange(contents.name, pattern: "{\(name)}: \(text.prefix(40))")
            }
            bounds[name] = reading
        }
        return interval(from: bounds["from"], until: bounds["until"], of: contents)
    }

    /// A day that is named as an end is the last that is covered.
    private func interval(from: DateForm.Reading?, until: DateForm.Reading?, of contents: FileContents) -> Found {
        let calendar = map.calendar ?? calendar
        var end: Timestamp?
        var lastDay: LocalDay?
        switch until {
        case .moment(let moment)?: end = moment
        case .wall(let wall, true)?:
            (end, lastDay) = (calendar.startOfDay(wall.day.advanced(by: 1)), wall.day)
        case .wall(let wall, false)?: (end, lastDay) = (wall.moment(in: calendar), wall.day)
        case nil: end = contents.modified
        }
        // A day that is named while it lasts is not over: nothing is proven of what came after the file was written.
        guard let end = [end, contents.modified].compactMap({ $0 }).min() else { return .nothing }
        var start: Timestamp?
        switch from {
        case .moment(let moment)?: start = moment
        case .wall(let wall, true)?: start = calendar.startOfDay(wall.day)
        case .wall(let wall, false)?: start = wall.moment(in: calendar)
        case nil:
            if let days = map.covers.days {
                let last = lastDay ?? calendar.day(of: end)
                start = calendar.startOfDay(last.advanced(by: 1 - days))
            }
        }
        if let start, start >= end { return .nothing }
        return .interval(CoverageInterval(from: start, until: end))
    }
}
