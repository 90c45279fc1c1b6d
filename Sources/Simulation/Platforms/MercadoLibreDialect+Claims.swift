/// Claims, and what Mercado Libre itself says of the seller.
extension MercadoLibre {
    private static let filters: Set<String> = [
        "id", "type", "stage", "status", "resource", "resource_id", "reason_id", "site_id", "players.role",
        "players.user_id", "order_id", "pack_id", "payment_id", "parent_id", "range",
    ]

    private struct Fault: Error { var error = "invalid_params", message: String }

    static func claims(_ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        do {
            try check(call)
            let limit = min(100, try number("limit", call, 1...Int.max) ?? 30)
            let offset = try number("offset", call, 0...9_999) ?? 0
            guard offset + limit < 10_000 else { throw Fault(message: "offset + limit must be less than 10000") }
            var found: [PlatformHistory.Refund] = []
            for refund in desk.ofLists.refunds where try matches(refund, call, desk) { found.append(refund) }
            try sort(&found, call.value("sort") ?? "date_created:desc")
            let shown = found.dropFirst(offset).prefix(limit).map { document($0, desk) }
            // Old and new answers name the list differently, and both are met.
            let name = (desk.calls["post-purchase/v1/claims/search"] ?? 0).isMultiple(of: 2) ? "results" : "data"
            let paging: JSONText = ["total": .int(found.count), "offset": .int(offset), "limit": .int(limit)]
            return PlatformReply(.object([("paging", paging), (name, .array(shown))]))
        } catch let fault as Fault {
            return PlatformReply(status: 400, ["error": .string(fault.error), "message": .string(fault.message)])
        } catch {
            return refused(500, "internal_error", "Internal server error")
        }
    }

    private static func number(_ name: String, _ call: PlatformCall, _ range: ClosedRange<Int>) throws -> Int? {
        guard let text = call.value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else { throw Fault(message: "invalid \(name)") }
        return number
    }

    /// At least one true filter; those that need each other come together.
    private static func check(_ call: PlatformCall) throws {
        let given = Set(call.query.map(\.name))
        guard !given.isDisjoint(with: filters) else {
            throw Fault(error: "invalid_query", message: "at least any of these filters: id, type, stage, status, …")
        }
        for name in given.subtracting(filters).subtracting(["limit", "offset", "sort"]) {
            throw Fault(message: "unknown parameter \(name)")
        }
        let hasPlayer = given.isSuperset(of: ["players.role", "players.user_id"])
        let isTorn =
            !hasPlayer && !given.isDisjoint(with: ["players.role", "players.user_id"])
            || given.contains("resource_id") && !given.contains("resource")
            || given.contains("resource") && !given.contains("resource_id") && !hasPlayer
        guard !isTorn else {
            throw Fault(
                message: """
                    Invalid parameters. At least submit some of these filters: [resource and resource_id] \
                    [players.role and players.user_id]...
                    """)
        }
        guard !given.isSuperset(of: ["order_id", "pack_id"]) else {
            throw Fault(message: "order_id and pack_id exclude each other")
        }
    }

    private static func matches(
        _ refund: PlatformHistory.Refund, _ call: PlatformCall, _ desk: PlatformDesk
    ) throws -> Bool {
        let order = "\(MercadoLibreNumbers.order(refund.order))"
        var isMatch = true
        for (name, value) in call.query {
            let words = value.split(separator: ",").map(String.init)
            switch name {
            case "id": isMatch = isMatch && value == "\(MercadoLibreNumbers.claim(refund.number))"
            case "type": isMatch = isMatch && words.contains(type(refund))
            case "stage": isMatch = isMatch && words.contains(stage(refund))
            case "status": isMatch = isMatch && words.contains(status(refund))
            case "reason_id": isMatch = isMatch && value == reason(refund)
            case "order_id", "resource_id": isMatch = isMatch && value == order
            case "resource": isMatch = isMatch && value == "order"
            case "site_id": isMatch = isMatch && value == "MLB"
            case "players.role":
                guard ["complainant", "respondent"].contains(value) else {
                    throw Fault(message: "invalid players.role")
                }
                // The seller of this desk answers; it complains of nobody.
                isMatch = isMatch && value == "respondent"
            case "players.user_id": isMatch = isMatch && value == desk.credentials["user_id"]
            case "range": isMatch = try isMatch && holds(value, refund)
            case "pack_id", "payment_id", "parent_id": isMatch = false
            default: break
            }
        }
        return isMatch
    }

    /// `last_updated:after:{time},before:{time}`; times have milliseconds.
    private static func holds(_ range: String, _ refund: PlatformHistory.Refund) throws -> Bool {
        let sides = range.split(separator: ":", maxSplits: 1)
        guard sides.count == 2, ["last_updated", "date_created"].contains(sides[0]) else {
            throw Fault(message: "invalid range")
        }
        let moment = sides[0] == "last_updated" ? refund.changed : refund.opened
        return try sides[1].split(separator: ",").allSatisfy { part in
            let bound = part.split(separator: ":", maxSplits: 1)
            guard bound.count == 2, ["after", "before"].contains(bound[0]), bound[1].contains("."),
                let time = PlatformFormats.moment(String(bound[1]))
            else { throw Fault(message: "invalid range") }
            return bound[0] == "after" ? moment >= time : moment <= time
        }
    }

    private static func sort(_ refunds: inout [PlatformHistory.Refund], _ text: String) throws {
        let parts = text.split(separator: ":")
        guard parts.count == 2, ["last_updated", "date_created"].contains(parts[0]), ["asc", "desc"].contains(parts[1])
        else { throw Fault(message: "invalid sort") }
        let place = parts[0] == "last_updated" ? \PlatformHistory.Refund.changed : \.opened
        refunds.sort { ($0[keyPath: place], $0.number) < ($1[keyPath: place], $1.number) }
        if parts[1] == "desc" { refunds.reverse() }
    }

    // MARK: One claim

    private static func find(_ id: String, _ desk: PlatformDesk) -> PlatformHistory.Refund? {
        desk.refunds.first { "\(MercadoLibreNumbers.claim($0.number))" == id }
    }

    static func claim(_ id: String, _ desk: PlatformDesk) -> PlatformReply {
        guard let refund = find(id, desk) else { return refused(404, "not_found_error", "Claim not found") }
        return PlatformReply(document(refund, desk))
    }

    static func affectsReputation(_ id: String, _ desk: PlatformDesk) -> PlatformReply {
        guard let refund = find(id, desk) else { return refused(404, "not_found_error", "Claim not found") }
        return PlatformReply([
            "claim_id": .int(MercadoLibreNumbers.claim(refund.number)),
            "affects_reputation": .string(refund.isDisputed ? "affected" : "not_affected"), "has_incentive": false,
            "due_date": nil,
        ])
    }

    private static func type(_ refund: PlatformHistory.Refund) -> String {
        refund.wish == .returnAndRefund ? "return" : "mediations"
    }
    private static func stage(_ refund: PlatformHistory.Refund) -> String {
        refund.intervened == nil ? "claim" : "dispute"
    }
    private static func status(_ refund: PlatformHistory.Refund) -> String {
        refund.ended == nil ? "opened" : "closed"
    }
    private static func reason(_ refund: PlatformHistory.Refund) -> String {
        switch refund.reason {
        case .notReceived: "PNR3430"
        case .quality: "PDD9549"
        case .notAsDescribed: "PDD9528"
        case .changedMind, .other: "CS5613"
        }
    }

    private static func document(_ refund: PlatformHistory.Refund, _ desk: PlatformDesk) -> JSONText {
        var players: [JSONText] = [
            ["role": "complainant", "type": "buyer", "user_id": .int(buyer(refund.order)), "available_actions": []],
            [
                "role": "respondent", "type": "seller", "user_id": .number(desk.credentials["user_id"] ?? "0"),
                "available_actions": [],
            ],
        ]
        if refund.intervened != nil {
            players.append(["role": "mediator", "type": "internal", "user_id": 900_000_001, "available_actions": []])
        }
        return [
            "id": .int(MercadoLibreNumbers.claim(refund.number)),
            "resource_id": .int(MercadoLibreNumbers.order(refund.order)), "status": .string(status(refund)),
            "type": .string(type(refund)), "stage": .string(stage(refund)), "parent_id": nil, "resource": "order",
            "reason_id": .string(reason(refund)), "fulfilled": .bool(refund.reason != .notReceived),
            "quantity_type": "total", "claimed_quantity": 1, "claim_version": .number("2.0"),
            "players": .array(players), "resolution": resolution(refund), "site_id": "MLB",
            "date_created": time(refund.opened), "last_updated": time(refund.changed),
        ]
    }

    private static func resolution(_ refund: PlatformHistory.Refund) -> JSONText {
        guard let ended = refund.ended else { return .null }
        let reason =
            switch refund.outcome {
            case .refunded: refund.isRefunded ? "payment_refunded" : "item_changed"
            case .rejected: "no_bpp"
            case .withdrawn: "opened_claim_by_mistake"
            }
        let benefited = refund.outcome == .refunded ? "complainant" : "respondent"
        let closer = refund.outcome == .withdrawn ? "complainant" : refund.intervened == nil ? "respondent" : "mediator"
        return [
            "reason": .string(reason), "date_created": time(ended), "benefited": [.string(benefited)],
            "closed_by": .string(closer),
        ]
    }

    // MARK: Reputation

    static func user(_ id: String, _ desk: PlatformDesk) -> PlatformReply {
        guard id == desk.credentials["user_id"] || id == "me" else {
            return refused(404, "not_found", "User not found")
        }
        return PlatformReply([
            "id": .number(desk.credentials["user_id"] ?? "0"), "nickname": "MADEUPSELLER", "site_id": "MLB",
            "first_name": "John", "last_name": "Doe", "email": "john.doe@example.com",
            "seller_reputation": .object(reputation),
        ])
    }

    static func global(_ desk: PlatformDesk) -> PlatformReply {
        let none: JSONText = [
            "site_id": "MLC", "level_id": nil, "power_seller_status": nil,
            "metrics": ["sales": ["period": "365 days", "completed": 6]],
        ]
        return PlatformReply([
            "user_id": .number(desk.credentials["user_id"] ?? "0"), "site_id": "CBT",
            "seller_reputation": [.object([("site_id", "MLB")] + reputation), none],
        ])
    }

    private static var reputation: [(String, JSONText)] {
        func rate(_ rate: String, _ value: Int) -> JSONText {
            ["period": "60 days", "rate": .number(rate), "value": .int(value)]
        }
        return [
            ("level_id", "5_green"), ("power_seller_status", "gold"),
            (
                "transactions",
                [
                    "canceled": 81, "completed": 601, "period": "historic", "total": 682,
                    "ratings": ["negative": .number("0.04"), "neutral": .number("0.02"), "positive": .number("0.94")],
                ]
            ),
            (
                "metrics",
                [
                    "sales": ["period": "60 days", "completed": 219], "claims": rate("0.0166", 4),
                    "delayed_handling_time": rate("0.0877", 20), "cancellations": rate("0", 1),
                ]
            ),
        ]
    }
}
