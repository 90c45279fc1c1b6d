package import Facts
import Language
import Ledgers
import Rules
import Tables

/// Readings as people enter them in a form: what is right goes in, and what is not comes back with its reason.
extension MeasureTask {
    /// What somebody wrote into one field.
    package struct Written: Sendable, Hashable {
        package var store: String
        package var name: String
        package var value: String
        package var expected: String
        package var at: String
        /// He has seen what is doubtful about it, and means it.
        package var isMeant: Bool

        package init(
            store: String, name: String, value: String, expected: String = "", at: String = "", isMeant: Bool = false
        ) {
            (self.store, self.name, self.value) = (store, name, value)
            (self.expected, self.at, self.isMeant) = (expected, at, isMeant)
        }
    }

    /// What was not taken, and why.
    package struct Left: Sendable {
        package var written: Written
        package var because: Words
        /// It is taken once somebody says that it is meant.
        package var isDoubt: Bool
    }

    /// - Parameter mayEnter: whether whoever asks may say anything of this store; of others it says that there is none.
    package func enter(
        _ written: [Written], mayEnter: @Sendable (Store) -> Bool
    ) async throws -> (outcome: Outcome, left: [Left]) {
        let assembly = try opening.assembly()
        let now = assembly.clock.now
        var (left, readings): ([Left], [(reading: HandReading, watched: Watched, written: Written)]) = ([], [])
        var seen: [[String]: HandReading] = [:]
        for entry in written where !entry.value.isEmpty || !entry.expected.isEmpty {
            do throws(HandReading.Fault) {
                guard let watched = assembly.fleet.watched(entry.store), mayEnter(watched.store) else {
                    throw HandReading.Fault(words: Words(en: "there is no such store", zh: "没有这家店铺"))
                }
                let reading = try HandReading(
                    of: watched, entry.name, value: entry.value, expected: entry.expected, at: entry.at, now: now)
                if let known = seen.updateValue(reading, forKey: [reading.store, reading.id]) {
                    // The same twice says nothing more; anything else is for the person to sort out.
                    guard known != reading else { continue }
                    throw HandReading.Fault(words: Words(en: "it stands here twice, with two values", zh: "重复出现且数值不同"))
                }
                readings.append((reading, watched, entry))
            } catch {
                left.append(Left(written: entry, because: error.words, isDoubt: false))
            }
        }
        let newest = try await newest(of: readings.map(\.watched), assembly)
        var certain: [(HandReading, Watched)] = []
        for (reading, watched, entry) in readings {
            let before = newest[watched.store.id]?[reading.name]
            let doubt =
                reading.doubt(in: watched.pack, before: before) ?? reading.jump(in: watched.pack, before: before)
            if let doubt, !entry.isMeant {
                left.append(Left(written: entry, because: doubt, isDoubt: true))
            } else {
                certain.append((reading, watched))
            }
        }
        var outcome = Outcome()
        try await keep(certain, assembly, &outcome) { _ in }
        return (outcome, left)
    }

    /// The newest readings of stores, by store and name.
    package func newest(_ stores: [String]) async throws -> [String: [String: MeasureReading]] {
        let assembly = try opening.assembly(.read)
        return try await newest(of: stores.compactMap { assembly.fleet.watched($0) }, assembly)
    }

    /// A table as somebody pastes it out of a spreadsheet: cells between tabs (or commas), as `measure import` reads it; or
    /// without a heading, then a row is a store, a figure and its value. Figures may bear the names that people call them.
    ///
    /// - Parameter at: the moment that all of it holds for; empty: now.
    package func pasted(_ text: String, at: String) throws -> [Written] {
        let assembly = try opening.assembly(.read)
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        guard let first = lines.first else { return [] }
        var delimiter: Character = "\t"
        if !text.contains(delimiter) { delimiter = text.contains(";") ? ";" : "," }
        func cells(_ line: Substring) -> [String] {
            line.split(separator: delimiter, omittingEmptySubsequences: false).map { cell in
                String(
                    cell.trimmingPrefix(while: \.isWhitespace).reversed().trimmingPrefix(while: \.isWhitespace)
                        .reversed())
            }
        }
        let heading = cells(first)
        let isHeading = ["store", "店铺"].contains(heading[0].lowercased())
        let names = heading.map { $0.lowercased() }
        let columns = (
            name: names.firstIndex { ["name", "figure", "指标"].contains($0) },
            value: names.firstIndex { ["value", "数值"].contains($0) }
        )
        return lines.dropFirst(isHeading ? 1 : 0).flatMap { line -> [Written] in
            let row = cells(line)
            func cell(_ column: Int?) -> String { column.flatMap { $0 < row.count ? row[$0] : nil } ?? "" }
            let store = Self.store(row[0], assembly)
            func written(_ name: String, _ value: String) -> Written {
                Written(store: store, name: Self.figure(name, of: store, assembly), value: value, at: at)
            }
            guard isHeading else { return [written(cell(1), cell(2))] }
            if let name = columns.name, let value = columns.value { return [written(cell(name), cell(value))] }
            return heading.indices.dropFirst().map { written(heading[$0], cell($0)) }.filter { !$0.name.isEmpty }
        }
    }

    /// By its id, or by its name where only one bears it.
    private static func store(_ text: String, _ assembly: Assembly) -> String {
        if assembly.fleet.watched(text) != nil { return text }
        let named = assembly.fleet.listedIDs.filter { assembly.fleet.watched($0)?.store.name == text }
        return named.count == 1 ? named[0] : text
    }

    /// By its name, or by what people call it.
    private static func figure(_ text: String, of store: String, _ assembly: Assembly) -> String {
        guard let watched = assembly.fleet.watched(store), !watched.pack.measureNames.contains(text) else {
            return text
        }
        let needs = watched.pack.measureNeeds(on: watched.calendar.day(of: assembly.clock.now), watched.overrides)
        let called = needs.filter { need in
            watched.pack.title(of: need).map { $0.en == text || $0.zh == text } ?? false
        }
        return called.count == 1 && called[0].names.count == 1 ? called[0].names[0] : text
    }
}

extension HandReading {
    /// It is far from what it was: more than twice or less than half as much, and of scores a fifth of the scale.
    func jump(in pack: Pack, before: MeasureReading?) -> Words? {
        guard let value, let last = before?.value, last != value else { return nil }
        let (now, then) = (value.millionths.magnitude, last.millionths.magnitude)
        let isFar: Bool
        if case .between(let scale)? = pack.scale(ofMeasure: name) {
            let width = (scale.upperBound.double - scale.lowerBound.double) * 1_000_000
            isFar = abs(Double(value.millionths) - Double(last.millionths)) * 5 > width
        } else {
            isFar =
                then > 0 && (now / 2 > then || now < then / 2 || (value.millionths < 0) != (last.millionths < 0))
        }
        guard isFar else { return nil }
        return Words(en: "it was \(last) before; is \(value) meant?", zh: "上次为 \(last)；确认是 \(value)？")
    }
}
