/// How both versions of the order list are asked, walked and cut into pages; they differ in names and texts only.
extension AmazonDialect {
    struct Version {
        /// Parameters, by what they mean.
        let createdAfter, createdBefore, updatedAfter, updatedBefore, token, pageSize, marketplaces: String
        let statuses, channels: (name: String, words: [String])
        /// What may be asked to be included; nil where nothing can.
        let included: (name: String, words: [String])?
        let needsMarketplace: Bool
        let status, channel: @Sendable (PlatformHistory.Order) -> String
    }

    /// A listing's bounds, and what is left of it after a page.
    struct Walk {
        var isByUpdate: Bool
        var range: ClosedRange<Int64>
        var after: (time: Int64, number: Int)?

        func time(_ order: PlatformHistory.Order) -> Int64 { isByUpdate ? order.changed : order.placed }
    }

    static func orders(_ call: PlatformCall, _ version: Version, _ desk: PlatformDesk) -> PlatformReply {
        let names = [
            version.createdAfter, version.createdBefore, version.updatedAfter, version.updatedBefore, version.token,
            version.pageSize, version.marketplaces, version.statuses.name, version.channels.name,
            version.included?.name ?? version.token,
        ]
        if let stranger = call.query.first(where: { !names.contains($0.name) }) { return wrong(stranger.name) }
        guard let size = Int(call.value(version.pageSize) ?? "100"), (1...100).contains(size) else {
            return wrong(version.pageSize)
        }
        let marketplaces = words(call, version.marketplaces)
        guard marketplaces.map({ (1...50).contains($0.count) }) ?? !version.needsMarketplace else {
            return wrong(version.marketplaces)
        }
        for list in [version.statuses, version.channels, version.included].compactMap({ $0 }) {
            guard words(call, list.name)?.allSatisfy(list.words.contains) != false else { return wrong(list.name) }
        }
        guard var walk = walk(call, version, desk) else { return wrong("time range") }
        // A token goes with the very filters it was given for.
        let filters = call.query.filter { $0.name != version.token }.map { $0.name + "=" + $0.value }.sorted()
            .joined(separator: "&")
        if let token = call.value(version.token) {
            guard resume(&walk, token, filters) else { return wrong(version.token) }
        }

        let (statuses, channels) = (words(call, version.statuses.name), words(call, version.channels.name))
        var found = visible(desk).filter { order in
            walk.range.contains(walk.time(order))
                && marketplaces?.contains(AmazonID.marketplace) != false
                && statuses?.contains(version.status(order)) != false
                && channels?.contains(version.channel(order)) != false
        }
        // How they are sorted is not told: the oldest first, of the time asked for.
        found.sort { (walk.time($0), $0.number) < (walk.time($1), $1.number) }
        if let after = walk.after { found.removeAll { (walk.time($0), $0.number) <= after } }
        let page = Array(found.prefix(size))
        var next: String?
        if let last = page.last, found.count > page.count {
            let text = "\(walk.time(last)) \(last.number) \(walk.range.upperBound) \(filters)"
            next = Base64.text(of: text.utf8)
        }
        let bound = PlainText.time(walk.range.upperBound)
        if let included = version.included {
            let wanted = words(call, included.name) ?? []
            var members: [(String, JSONText)] = [("orders", .array(page.map { order2026($0, wanted) }))]
            if let next { members.append(("pagination", ["nextToken": .string(next)])) }
            members.append((walk.isByUpdate ? "lastUpdatedBefore" : "createdBefore", .string(bound)))
            return PlatformReply(.object(members))
        }
        var members: [(String, JSONText)] = [("Orders", .array(page.map(orderText)))]
        if let next { members.append(("NextToken", .string(next))) }
        members.append((walk.isByUpdate ? "LastUpdatedBefore" : "CreatedBefore", .string(bound)))
        return PlatformReply(["payload": .object(members)])
    }

    /// As of two minutes ago; what is older than two years is not shown.
    static func visible(_ desk: PlatformDesk) -> [PlatformHistory.Order] {
        let oldest = desk.now - 731 * 86_400
        return Array(desk.seen(at: min(desk.shown, desk.now - AmazonID.delay)).orders.drop { $0.placed < oldest })
    }

    /// nil when the times asked for do not go together.
    private static func walk(_ call: PlatformCall, _ version: Version, _ desk: PlatformDesk) -> Walk? {
        let isByUpdate = call.value(version.updatedAfter) != nil
        guard isByUpdate != (call.value(version.createdAfter) != nil) else { return nil }
        let strange = isByUpdate ? version.createdBefore : version.updatedBefore
        guard call.value(strange) == nil,
            let start = call.value(isByUpdate ? version.updatedAfter : version.createdAfter),
            let from = PlainText.momentOrDay(start)
        else { return nil }
        var until = desk.now - AmazonID.delay
        if let end = call.value(isByUpdate ? version.updatedBefore : version.createdBefore) {
            guard let moment = PlainText.momentOrDay(end), moment <= until else { return nil }
            until = moment
        }
        return from <= until ? Walk(isByUpdate: isByUpdate, range: from...until) : nil
    }

    private static func resume(_ walk: inout Walk, _ token: String, _ filters: String) -> Bool {
        guard let bytes = Base64.bytes(of: token) else { return false }
        let parts = String(decoding: bytes, as: UTF8.self).split(
            separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let time = Int64(parts[0]), let number = Int(parts[1]), let until = Int64(parts[2]),
            parts[3] == filters, until >= walk.range.lowerBound
        else { return false }
        walk.range = walk.range.lowerBound...until
        walk.after = (time, number)
        return true
    }

    /// A list in one parameter, separated by commas.
    private static func words(_ call: PlatformCall, _ name: String) -> [String]? {
        call.value(name).map { $0.split(separator: ",").map(String.init) }
    }
}
