/// The lists: each pages in its own way.
extension KuaishouGateway {
    /// How far back orders and refunds are told.
    private static let reach: Int64 = 90 * 86_400

    private static func number(_ name: String, _ parameters: JSONText) throws -> Int64? {
        guard let value = parameters.member(name) else { return nil }
        guard let number = value.wholeNumber, (0..<1 << 62).contains(number) else {
            throw Refusal.parameter("\(name)无效")
        }
        return number
    }

    private static func needed(
        _ name: String, _ parameters: JSONText, _ range: ClosedRange<Int64> = 0...1 << 50
    ) throws -> Int64 {
        guard let value = try number(name, parameters), range.contains(value) else {
            throw Refusal.parameter("\(name)无效")
        }
        return value
    }

    /// In milliseconds, both ends in it.
    private static func window(
        _ parameters: JSONText, widest: Int64, _ desk: PlatformDesk
    ) throws -> ClosedRange<Int64> {
        let (begin, end) = (try needed("beginTime", parameters), try needed("endTime", parameters))
        guard begin < end, end - begin <= widest * 1000 else { throw Refusal.parameter("endTime无效") }
        // Ten minutes for clocks that differ.
        guard begin / 1000 >= desk.now - reach - 600 else { throw Refusal.parameter("beginTime无效") }
        return begin...end
    }

    /// Newest first unless `sort` is 2.
    private static func isAscending(_ parameters: JSONText) throws -> Bool {
        guard let sort = try number("sort", parameters) else { return false }
        guard (1...2).contains(sort) else { throw Refusal.parameter("sort无效") }
        return sort == 2
    }

    private static func sorted<Item>(
        _ items: [(item: Item, at: Int64, number: Int)], ascending: Bool
    ) -> [Item] {
        let found = items.sorted { ($0.at, $0.number) < ($1.at, $1.number) }.map(\.item)
        return ascending ? found : found.reversed()
    }

    // MARK: Orders

    static func orderList(_ parameters: JSONText, _ desk: PlatformDesk) throws -> JSONText {
        let view = try needed("orderViewStatus", parameters, 1...7)
        let size = Int(try needed("pageSize", parameters, 1...50))
        let window = try window(parameters, widest: 7 * 86_400, desk)
        let byUpdate = try (number("queryType", parameters) ?? 1) == 2
        let isAscending = try isAscending(parameters)
        guard let cursor = parameters.member("cursor")?.words else { throw Refusal.parameter("cursor无效") }
        let wanted = [2: 10, 3: 30, 4: 40, 5: 50, 6: 70, 7: 80][view]
        let found = sorted(
            entries(desk).map { ($0, byUpdate ? $0.updated : $0.order.placed, $0.order.number) }
                .filter { window.contains($0.1 * 1000) && (wanted == nil || status($0.0.order) == wanted) },
            ascending: isAscending)
        let start = try place(cursor)
        let isOver = start + size >= found.count
        return [
            "beginTime": .int(window.lowerBound), "endTime": .int(window.upperBound), "pageSize": .int(size),
            "cursor": .string(isOver ? "nomore" : self.cursor(start + size)),
            "orderList": .array(found.dropFirst(start).prefix(size).map(told)),
        ]
    }

    /// Nothing is to be read from it.
    private static func cursor(_ place: Int) -> String { "157356441188_\(place)" }

    private static func place(_ cursor: String) throws -> Int {
        if cursor.isEmpty { return 0 }
        let parts = cursor.split(separator: "_")
        guard parts.count == 2, parts[0] == "157356441188", let place = Int(parts[1]), (1...1_000_000).contains(place)
        else {
            throw Refusal.parameter("cursor无效")
        }
        return place
    }

    // MARK: Refunds

    static func refundList(_ parameters: JSONText, _ desk: PlatformDesk) throws -> JSONText {
        // 9 all; what 8 is next to it is not told: here those that wait.
        let type = try needed("type", parameters, 8...9)
        let size = Int(try needed("pageSize", parameters, 1...100))
        let page = Int(try needed("currentPage", parameters, 1...1_000_000))
        let window = try window(parameters, widest: 86_400, desk)
        let byUpdate = try (number("queryType", parameters) ?? 1) == 2
        let isAscending = try isAscending(parameters)
        // Both are asked for: the cursor leads, the page is for the first call.
        guard let cursor = parameters.member("pcursor")?.words else { throw Refusal.parameter("pcursor无效") }
        let wanted = try number("status", parameters)
        let found = sorted(
            desk.ofLists.refunds.map { ($0, byUpdate ? $0.changed : $0.opened, $0.number) }.filter {
                window.contains($0.1 * 1000) && (type == 9 || $0.0.ended == nil)
                    && (wanted == nil || wanted == Int64(refundStatus($0.0)))
            }, ascending: isAscending)
        let start = cursor.isEmpty ? (page - 1) * size : try place(cursor)
        let isOver = start + size >= found.count
        return [
            "currentPage": .int(start / size + 1), "pageSize": .int(size),
            "totalPage": .int((found.count + size - 1) / size), "totalSize": .int(found.count),
            "beginTime": .int(window.lowerBound), "endTime": .int(window.upperBound),
            "pcursor": .string(isOver ? "nomore" : self.cursor(start + size)),
            "refundOrderInfoList": .array(
                found.dropFirst(start).prefix(size).compactMap { refund in
                    desk.order(refund.order).map { told(refund, $0) }
                }
            ),
        ]
    }

    /// One by its number, told as in the list: the members of its answer that a published client names are all there.
    static func refundDetail(_ parameters: JSONText, _ desk: PlatformDesk) throws -> JSONText {
        let id = try needed("refundId", parameters, 1...1 << 62)
        guard let refund = desk.refunds.first(where: { refundID($0) == id }), let order = desk.order(refund.order)
        else {
            throw Refusal.parameter("refundId无效")
        }
        return told(refund, order)
    }

    // MARK: Comments

    static func commentList(_ parameters: JSONText, _ desk: PlatformDesk) throws -> JSONText {
        let (start, size) = (Int(try needed("offset", parameters)), Int(try needed("limit", parameters, 1...20)))
        let (from, to) = (try number("createTimeFrom", parameters), try number("createTimeTo", parameters))
        // Milliseconds like all the others; seconds would not be told from a time in 1970.
        guard from ?? 0 <= to ?? 1 << 50 else { throw Refusal.parameter("createTimeTo无效") }
        let found = sorted(
            desk.ratings.map { ($0, $0.at, $0.number) }
                .filter { ((from ?? 0)...(to ?? 1 << 50)).contains($0.1 * 1000) }, ascending: false)
        return [
            "total": .int(found.count),
            "rootComment": .array(
                found.dropFirst(start).prefix(size).compactMap { rating in
                    desk.order(rating.order).map { told(rating, $0) }
                }
            ),
        ]
    }
}
