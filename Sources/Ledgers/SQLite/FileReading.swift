import Facts
import GRDB
import Rollups

/// Order files of one store, read within one transaction.
struct FileReading {
    let store: Int64
    let storeID: String
    private let statements: FactStatements

    init(store: Int64, storeID: String, statements: FactStatements) {
        (self.store, self.storeID, self.statements) = (store, storeID, statements)
    }

    /// How many facts of each kind make up a stretch.
    static let stretch = 2_000

    /// Every file of the store, holding the facts of `kinds`, some thousand at a time.
    func forEachStretch(of kinds: FactKinds, _ body: ([OrderFile]) throws -> Void) throws {
        let inFiles = kinds.kinds.filter { $0 == .order || $0.belongsToOrder }
        var last = ""
        while !inFiles.isEmpty {
            // Up to the least of the orders at which a kind's stretch ends, every kind is read whole.
            let ends = try inFiles.compactMap { try orderAfter(last, in: $0) }
            let files = try filesBetween(last, ends.min() ?? FileReading.greatest, inFiles)
            if !files.isEmpty { try body(files) }
            guard let end = ends.min() else { break }
            last = end
        }
        for kind in kinds.kinds where kind != .order {
            try forEachAlone(kind) { facts in try body(facts.map { OrderFile(children: [$0]) }) }
        }
    }

    /// Above every id: ids are valid UTF-8, and no such text begins with this byte but by U+10FFFF.
    private static let greatest = "\u{10FFFF}\u{10FFFF}"

    private func orderAfter(_ last: String, in kind: FactKind) throws -> String? {
        let table = FactTable[kind]
        let column = kind == .order ? "id" : "order_id"
        let select = try statements.statement(
            "SELECT \(column) FROM \(table.name) WHERE store = ?1 AND \(column) > ?2 ORDER BY \(column) LIMIT 1 OFFSET ?3"
        )
        select.bind(store, at: 1)
        select.bind(last, at: 2)
        select.bind(Int64(FileReading.stretch), at: 3)
        guard try select.step() else { return nil }
        defer { select.reset() }
        return select.text(0)
    }

    private func filesBetween(_ from: String, _ to: String, _ kinds: [FactKind]) throws -> [OrderFile] {
        var (places, files): ([ByteText: Int], [OrderFile]) = ([:], [])
        for kind in kinds {
            let table = FactTable[kind]
            let select = try statements.statement(table.selectByOrderRange)
            select.bind(store, at: 1)
            select.bind(from, at: 2)
            select.bind(to, at: 3)
            defer { select.reset() }
            while try select.step() {
                let fact = try table.read(select, store: storeID).fact
                guard let order = fact.order else { continue }
                let place = places[ByteText(order)] ?? files.count
                if place == files.count {
                    places[ByteText(order)] = place
                    files.append(OrderFile())
                }
                if kind == .order { files[place].order = fact } else { files[place].children.append(fact) }
            }
        }
        return files
    }

    private func forEachAlone(_ kind: FactKind, _ body: ([Fact]) throws -> Void) throws {
        let table = FactTable[kind]
        var last = ""
        while true {
            let select = try statements.statement(table.selectWithoutOrder)
            select.bind(store, at: 1)
            select.bind(last, at: 2)
            select.bind(Int64(FileReading.stretch), at: 3)
            var facts: [Fact] = []
            while try select.step() { facts.append(try table.read(select, store: storeID).fact) }
            guard let end = facts.last else { return }
            try body(facts)
            last = end.id
        }
    }

    // MARK: The files behind one need

    /// Each file once that holds a fact whose time may lie in the need's range, with all facts of the kinds it reads.
    func files(for need: FactNeed) throws -> [OrderFile] {
        let kinds = need.aggregate.kindsRead
        guard !need.anchors.isEmpty else {
            var files: [OrderFile] = []
            try forEachStretch(of: kinds) { stretch in
                files += stretch.filter { $0.holds(need.aggregate.kind) }
            }
            return files
        }
        var (orders, alone): (Set<ByteText>, [FactKey: Fact]) = ([], [:])
        for anchor in need.anchors {
            let table = FactTable[anchor.kind]
            let values = anchor.values(for: need.range)
            let column = "\"\(anchor.member.name)\""
            let select = try statements.statement(
                "\(table.selectAll) WHERE store = ?1 AND \(column) >= ?2 AND \(column) < ?3 AND deleted = 0")
            select.bind(store, at: 1)
            select.bind(values.lowerBound.microseconds, at: 2)
            select.bind(values.upperBound.microseconds, at: 3)
            defer { select.reset() }
            while try select.step() {
                let fact = try table.read(select, store: storeID).fact
                if let order = fact.order { orders.insert(ByteText(order)) } else { alone[fact.key] = fact }
            }
        }
        var files = try orders.map(\.text).sorted().map { try file(of: $0, kinds) }.filter {
            $0.holds(need.aggregate.kind)
        }
        files += alone.values.filter { $0.kind == need.aggregate.kind }.sorted { $0.id < $1.id }
            .map { OrderFile(children: [$0]) }
        return files
    }

    /// Whole, each once; a fact that is not there has none.
    func files(holding keys: [FactKey]) throws -> [OrderFile] {
        var (files, orders): ([OrderFile], Set<ByteText>) = ([], [])
        for key in keys {
            guard let fact = try statements.stored(key.kind, id: key.id, store: store, storeID: storeID)?.live else {
                continue
            }
            guard let order = fact.order else {
                files.append(OrderFile(children: [fact]))
                continue
            }
            if orders.insert(ByteText(order)).inserted { files.append(try file(of: order, .all)) }
        }
        return files
    }

    func file(of order: String, _ kinds: FactKinds) throws -> OrderFile {
        var file = OrderFile()
        for kind in kinds.kinds {
            if kind == .order {
                file.order = try statements.stored(.order, id: order, store: store, storeID: storeID)?.live
            } else if kind.belongsToOrder {
                file.children += try statements.children(kind, of: order, store: store, storeID: storeID)
            }
        }
        return file
    }
}

extension OrderFile {
    fileprivate func holds(_ kind: FactKind) -> Bool {
        kind == .order ? order != nil : children.contains { $0.kind == kind }
    }
}
