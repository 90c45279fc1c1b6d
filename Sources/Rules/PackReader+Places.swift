import Facts
import Language

extension PackReading {
    /// Where a person finds readings: `[{names: [shop.score], place: …}, {place: …}]`. An entry without names is for all
    /// that no other names.
    ///
    /// - Parameter known: the measures that the pack reads; a name that it does not read is a slip.
    func places(_ cursor: YAMLCursor, known: (read: Set<String>, isAny: Bool)) -> [Pack.Place] {
        var (places, seen, hasRest) = ([Pack.Place](), Set<String>(), false)
        for item in cursor.items() ?? [] {
            guard let keys = item.keys(["names", "place"], required: ["place"]) else { continue }
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
            if let place = keys["place"]?.words() { places.append(Pack.Place(names: names, place: place)) }
        }
        return places
    }
}
