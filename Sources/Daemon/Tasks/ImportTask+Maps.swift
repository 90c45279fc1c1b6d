import Facts
import Foundation
import Language
import Ledgers
import Pull
import Tables

/// Exports and pages of back ends.
extension ImportTask {
    /// That it is said once whose the rows are.
    func checkStore(of map: TableMap?, _ assembly: Assembly) throws {
        guard let store else {
            guard let map, map.store == nil else { return }
            throw TaskError(
                Words(
                    en: "the map '\(map.name)' does not say whose the file is: say --store",
                    zh: "映射“\(map.name)”未说明文件属于哪家店铺：请用 --store 指定"), isUsage: true)
        }
        guard let map else {
            throw TaskError(
                Words(
                    en: "--store is for --map: a line of facts names its store itself",
                    zh: "--store 仅用于 --map：每行数据自带店铺"), isUsage: true)
        }
        guard map.store == nil else {
            throw TaskError(
                Words(
                    en: "the map '\(map.name)' says itself whose each row is; leave --store out",
                    zh: "映射“\(map.name)”已说明各行所属店铺，无需 --store"), isUsage: true)
        }
        guard assembly.fleet.watched(store) != nil else {
            let known = assembly.fleet.listedIDs
            throw TaskError.unwatched(store, among: known)
        }
    }

    func take(
        _ argument: String, by map: TableMap, telling: FactBatch.Telling, into assembly: Assembly,
        _ decoding: FactDecoding, _ progress: (Words) -> Void
    ) async throws -> (ImportedFile, Tally) {
        var tally = Tally()
        let (now, book) = (assembly.clock.now, assembly.fleet.planBook(at: assembly.clock.now))
        let contents: FileContents
        var file: MappedFile
        do throws(TableError) {
            contents = try FileContents(argument: argument)
            file = try MappedFile(
                contents, map, store: store, isRangeTold: completeFrom != nil, decoder: decoding.decoder(),
                stores: Self.stores(of: assembly.fleet), now: now)
        } catch {
            return (ImportedFile(FileContents(name: argument, bytes: []), failure: error.words, at: now), tally)
        }
        do {
            while let batch = file.next() {
                try Task.checkCancellation()
                let rejections = batch.rejections.map {
                    RejectedText(position: $0.position, rejection: $0.rejection, factsBefore: $0.factsBefore)
                }
                let entries = begins(contents.name, &tally, assembly)
                let receipt = try await assembly.ledger.commit(
                    FactBatch(
                        source: .file, facts: batch.facts, rejections: rejections.map { $0.placed(in: contents.name) },
                        part: .more(of: telling), readAt: assembly.clock.now), under: book
                ) { _ in entries }
                tally.add(receipt, rejections)
                progress(
                    Words(
                        en: "\(contents.name): \(file.summary.rows) rows, \(tally.facts) facts",
                        zh: "\(contents.name)：\(file.summary.rows) 行，\(tally.facts) 条数据"))
            }
        } catch let error as LedgerError where !tally.isEmpty {
            throw broken(contents.name, tally, error)
        }
        let told = ImportedFile.Told(kinds: kinds, from: completeFrom, until: completeUntil)
        return (ImportedFile(file.summary, map, told, modified: min(contents.modified ?? now, now)), tally)
    }

    private static func stores(of fleet: Fleet) -> MappedFile.Stores {
        let named = Dictionary(grouping: fleet.listedIDs) { fleet.watched($0)?.store.name ?? "" }
        return MappedFile.Stores(
            idByName: { name in named[name].flatMap { $0.count == 1 ? $0[0] : nil } },
            calendar: { fleet.watched($0)?.calendar })
    }
}
