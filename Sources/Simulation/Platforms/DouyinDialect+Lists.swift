/// The lists: windows, pages from 0, sorting.
extension DouyinGateway {
    /// How far back orders and cases are told.
    static let reach: Int64 = 90 * 86_400

    private static func number(_ name: String, _ parameters: JSONText) throws -> Int64? {
        guard let value = parameters.member(name) else { return nil }
        guard let number = value.wholeNumber, (0..<1 << 40).contains(number) else {
            throw Refusal.parameter("\(name)应为整数")
        }
        return number
    }

    private static func page(_ parameters: JSONText) throws -> (page: Int, size: Int) {
        guard let page = try number("page", parameters), let size = try number("size", parameters) else {
            throw Refusal.parameter("page和size不能为空", isMissing: true)
        }
        guard (1...100).contains(size) else { throw Refusal.parameter("size取值范围为1到100") }
        return (Int(page), Int(size))
    }

    /// Both ends belong to it. How long it may be is not told; how far back it may reach is, and clocks may differ.
    private static func window(
        _ from: String, _ to: String, _ parameters: JSONText, _ desk: PlatformDesk
    ) throws -> ClosedRange<Int64>? {
        let (start, end) = (try number(from, parameters), try number(to, parameters))
        guard start != nil || end != nil else { return nil }
        let (first, last) = (start ?? desk.now - reach, end ?? desk.now)
        guard first <= last else { throw Refusal.parameter("\(from)不能大于\(to)") }
        guard first >= desk.now - reach - 600 else { throw Refusal.parameter("只支持查询近90天的数据") }
        return first...last
    }

    private static func isIn(_ window: ClosedRange<Int64>?, _ moment: Int64) -> Bool {
        window?.contains(moment) ?? true
    }

    // MARK: Orders

    static func orderList(_ parameters: JSONText, _ desk: PlatformDesk) throws -> JSONText {
        let (page, size) = try page(parameters)
        let created = try window("create_time_start", "create_time_end", parameters, desk)
        let updated = try window("update_time_start", "update_time_end", parameters, desk)
        let key = parameters.member("order_by")?.words ?? "create_time"
        guard ["create_time", "update_time"].contains(key) else { throw Refusal.parameter("order_by取值不正确") }
        var isAscending = false
        switch parameters.member("order_asc") {
        case .bool(let value)?: isAscending = value
        case nil: break
        default: throw Refusal.parameter("order_asc应为布尔值")
        }
        let statuses = try wantedStatuses(parameters)
        let found = entries(desk).filter { entry in
            isIn(created, entry.order.placed) && isIn(updated, entry.updated)
                && (statuses?.contains(status(entry.order)) ?? true)
        }.map { (entry: $0, key: (key == "create_time" ? $0.order.placed : $0.updated, $0.order.number)) }
            .sorted { isAscending ? $0.key < $1.key : $0.key > $1.key }
        return [
            "page": .int(page), "total": .int(found.count), "size": .int(size),
            "shop_order_list": .array(found.dropFirst(page * size).prefix(size).map { told($0.entry) }),
        ]
    }

    /// `[{"order_status": "2,105"}]`; nil: all.
    private static func wantedStatuses(_ parameters: JSONText) throws -> Set<Int>? {
        guard let value = parameters.member("combine_status") else { return nil }
        guard let elements = value.items else { throw Refusal.parameter("combine_status应为列表") }
        let texts = elements.flatMap { ($0.member("order_status")?.words ?? "").split(separator: ",") }
        let numbers = texts.compactMap { Int($0) }
        guard numbers.count == texts.count, numbers.allSatisfy([1, 105, 2, 101, 3, 4, 5].contains) else {
            throw Refusal.parameter("order_status取值不正确")
        }
        return numbers.isEmpty ? nil : Set(numbers)
    }

    // MARK: Cases

    static func afterSaleList(_ parameters: JSONText, _ desk: PlatformDesk) throws -> JSONText {
        let (page, size) = try page(parameters)
        let opened = try window("start_time", "end_time", parameters, desk)
        let updated = try window("update_start_time", "update_end_time", parameters, desk)
        // Without `order_by` the newest come first: not told.
        let order = try parameters.member("order_by").map { value -> [Substring] in
            guard let text = value.items?.first?.words else { throw Refusal.parameter("order_by应为列表") }
            return text.split(separator: " ")
        }
        let words = order ?? ["apply_time", "desc"]
        guard words.count == 2, ["apply_time", "update_time"].contains(words[0]), ["asc", "desc"].contains(words[1])
        else { throw Refusal.parameter("order_by取值不正确") }
        let statuses = try numbers("standard_aftersale_status", [3, 6, 7, 8, 11, 12, 13, 14, 27, 28, 29], parameters)
        let arbitrations = try numbers("arbitrate_status", [0, 1, 2, 3, 4, 5, 6, 255], parameters)
        let id = try parameters.member("aftersale_id").map { value -> String in
            guard let text = value.words else { throw Refusal.parameter("aftersale_id应为字符串") }
            return text
        }
        let found = (id == nil ? desk.ofLists : desk).refunds.filter { refund in
            (id == nil || id == caseID(refund)) && isIn(opened, refund.opened) && isIn(updated, refund.changed)
                && (statuses?.contains(caseStatus(refund)) ?? true)
                && (arbitrations?.contains(arbitration(refund)) ?? true)
        }.map { (refund: $0, key: (words[0] == "apply_time" ? $0.opened : $0.changed, $0.number)) }
            .sorted { words[1] == "asc" ? $0.key < $1.key : $0.key > $1.key }
        let shown = found.dropFirst(page * size).prefix(size)
        return [
            "items": .array(shown.compactMap { item in desk.order(item.refund.order).map { told(item.refund, $0) } }),
            "has_more": .bool((page + 1) * size < found.count), "total": .int(found.count), "page": .int(page),
            "size": .int(size),
        ]
    }

    private static func numbers(_ name: String, _ known: Set<Int>, _ parameters: JSONText) throws -> Set<Int>? {
        guard let value = parameters.member(name) else { return nil }
        guard let elements = value.items else { throw Refusal.parameter("\(name)应为列表") }
        let numbers = elements.compactMap { $0.wholeNumber.map(Int.init) }
        guard numbers.count == elements.count, known.isSuperset(of: numbers) else {
            throw Refusal.parameter("\(name)取值不正确")
        }
        return numbers.isEmpty ? nil : Set(numbers)
    }
}
