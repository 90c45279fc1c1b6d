import Facts

/// A list a page at a time. A cursor is the place of the last item shown, so that what comes or goes meanwhile shifts
/// nothing: no item is shown twice, and none is passed over that stood all the time.
struct APIPage<Item> {
    var items: [Item]
    /// nil: that was all.
    var next: String?

    init(_ all: some Sequence<Item>, _ request: APIRequest, place: (Item) -> APIPlace) {
        self.init(all, APIPosition(request), place: place)
    }

    /// - Parameter place: rising bytes, another for each.
    init(_ all: some Sequence<Item>, _ position: APIPosition, place: (Item) -> APIPlace) {
        let placed = all.map { (place: place($0).bytes, item: $0) }.filter { item in
            position.cursor.map { $0.lexicographicallyPrecedes(item.place) } ?? true
        }.sorted { $0.place.lexicographicallyPrecedes($1.place) }
        let shown = placed.prefix(position.limit)
        items = shown.map(\.item)
        next = placed.count > shown.count ? shown.last.map { APIParameter.hex($0.place) } : nil
    }

    /// Of a list of which the newest stand first and that may be long: no more of it is read than is needed.
    ///
    /// - Parameters:
    ///   - read: so many of the newest at most.
    ///   - place: by the moment first, the newest first.
    ///   - read: of a moment and earlier (nil: whenever), the newest first, so many at most.
    ///   - fits: whether it is asked for.
    init(
        newest request: APIRequest, at moment: (Item) -> Timestamp, place: (Item) -> APIPlace,
        fits: (Item) -> Bool = { _ in true }, read: (Timestamp?, Int) async throws -> [Item]
    ) async throws {
        try await self.init(newest: APIPosition(request), at: moment, place: place, fits: fits, read: read)
    }

    init(
        newest position: APIPosition, at moment: (Item) -> Timestamp, place: (Item) -> APIPlace,
        fits: (Item) -> Bool = { _ in true }, read: (Timestamp?, Int) async throws -> [Item]
    ) async throws {
        var count = position.limit + 10
        let reached = position.cursor.flatMap { APIPlace.moment(before: $0) }
        while true {
            var found = try await read(reached, count)
            let isAll = found.count < count
            // Of the moment at which it is cut off there may be more.
            if !isAll, let last = found.last.map(moment) { found.removeAll { moment($0) == last } }
            let page = APIPage(found.filter(fits), position, place: place)
            if isAll || page.next != nil {
                self = page
                return
            }
            count *= 4
        }
    }

    /// For people's programs: the items under a name, and where to go on.
    func json(_ name: String, _ item: (Item) -> JSONValue) -> JSONValue {
        .object([(name, .array(items.map(item))), ("next", JSONValue(next))])
    }

    static func shape(_ name: String, _ item: Shape) -> Shape {
        .object([.init(name, .list(item)), .init("next", APIRoute.nextShape)])
    }
}

/// Where a page of a list begins, and how much stands on it.
struct APIPosition {
    var limit: Int
    /// nil: at the beginning.
    var cursor: [UInt8]?

    init(limit: Int, cursor: [UInt8]?) { (self.limit, self.cursor) = (limit, cursor) }
    init(_ request: APIRequest) { self.init(limit: request.limit, cursor: request.cursor) }
}

/// Where an item stands in a list, as bytes that rise with it.
struct APIPlace {
    private(set) var bytes: [UInt8] = []

    /// No id holds a NUL.
    init(_ texts: String...) { add(texts) }

    /// The oldest first.
    init(from moment: Timestamp, _ texts: String...) {
        add(UInt64(bitPattern: moment.microseconds) ^ 1 << 63)
        add(texts)
    }

    /// The newest first.
    init(before moment: Timestamp, _ texts: String...) {
        add(~(UInt64(bitPattern: moment.microseconds) ^ 1 << 63))
        add(texts)
    }

    /// Of a place with the newest first.
    static func moment(before bytes: [UInt8]) -> Timestamp? {
        guard bytes.count >= 8 else { return nil }
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Timestamp(microseconds: Int64(bitPattern: ~number ^ 1 << 63))
    }

    private mutating func add(_ number: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    private mutating func add(_ texts: [String]) {
        for text in texts { bytes += Array(text.utf8) + [0] }
    }
}
