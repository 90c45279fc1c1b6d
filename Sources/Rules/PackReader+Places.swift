import Facts
import Language

extension PackReading {
    /// Where a person finds readings, and between what they lie: `[{names: [shop.score], place: …, range: {from: 0, to: 100}},
    /// {place: …}]`. An entry without names is for all
    /// that no other names.
    ///
    /// - Parameter known: the measures that the pack reads; a name that it does not read is a slip.
    func places(_ cursor: YAMLCursor, known: (read: Set<String>, isAny: Bool)) -> [Pack.Place] {
        var (places, seen, hasRest) = ([Pack.Place](), Set<String>(), false)
        for item in cursor.items() ?? [] {
            guard let keys = item.keys(["names", "place", "range"], required: ["place"]) else { continue }
            var names: [String] = []
            for entry in keys["names"]?.items() ?? [] {
                guard let name = entry.string() else { continue }
                if !known.isAny, !known.read.contains(name) {
                    entry.warning("nothing reads a measure '\(name)'\(NearestName.hint(for: name, among: known.read))")
                }
                if !seen.insert(name).inserted { entry.error("the place of '\(name)' is told twice") }
                names.append(name)
            }
            if keys["names"] == nil {
                if hasRest { item.error("two places are for all the rest; name the measures of one") }
                hasRest = true
            } else if names.isEmpty {
                keys["names"]?.error("names no measure; leave 'names' out where the place is for all the rest")
            }
            if keys["names"] == nil {
                keys["range"]?.error("a range is one figure's; name the measures that lie in it")
            }
            let range = keys["range"].flatMap(self.range)
            if let place = keys["place"]?.words() {
                places.append(Pack.Place(names: names, place: place, range: range))
            }
        }
        return places
    }

    /// `{from: 0, to: 100}`: what lies outside is no reading, but a slip.
    private func range(_ cursor: YAMLCursor) -> ClosedRange<Fraction>? {
        guard let keys = cursor.keys(["from", "to"], required: ["from", "to"]) else { return nil }
        func number(_ cursor: YAMLCursor) -> Fraction? {
            guard let text = cursor.string() else { return nil }
            if let number = FixedPoint(text) { return Fraction(number) }
            cursor.error("\(cursor.path) must be a number such as 100 or 0.5, not '\(text)'")
            return nil
        }
        guard let low = keys["from"].flatMap(number), let high = keys["to"].flatMap(number) else { return nil }
        guard low < high else {
            cursor.error("'from' has to be less than 'to'")
            return nil
        }
        return low...high
    }
}
