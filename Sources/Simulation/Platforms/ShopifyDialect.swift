import Foundation

extension PlatformDialect {
    /// Shopify's GraphQL Admin API, by a token that never ends or one of an hour that a consent gives.
    package static let shopify = PlatformDialect(
        "shopify",
        credentials: [
            "access_token": "shpat_made_up_0123456789abcdef", "shop": "made-up.myshopify.com",
            "client_id": "0123456789abcdef0123456789abcdef", "client_secret": "shpss_made_up_secret",
            "scopes": "read_orders,read_all_orders,read_shopify_payments_disputes",
            // Points that one query may cost; "0" lets any pass.
            "single_query_limit": "1000",
            // Points that come back in a second, by the shop's plan.
            "points a second": "100",
        ]
    ) { call, desk in Shopify.answer(call, &desk) }
}

/// How Shopify answers.
enum Shopify {
    typealias Field = GraphQLQuery.Field
    typealias Fault = GraphQLQuery.Fault

    /// What a plan allows: so many points come back in a second, and twenty times as many may be there.
    struct Plan {
        let restored: Int
        var most: Int { restored * 20 }

        init(_ desk: PlatformDesk) { restored = desk.credentials["points a second"].flatMap { Int($0) } ?? 100 }
    }

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let parts = call.path.split(separator: "/").map(String.init)
        if parts == ["admin", "oauth", "access_token"] { return token(call, &desk) }
        guard parts.count == 4, parts[0] == "admin", parts[1] == "api", isVersion(parts[2]), parts[3] == "graphql.json"
        else { return PlatformReply(status: 404, ["errors": "Not Found"]) }
        guard call.method == "POST" else { return PlatformReply(status: 405, ["errors": "Method Not Allowed"]) }
        let fault = desk.takeFault()
        if fault == .expired { desk.credentials["access_token"] = desk.newToken("unknown-access") }
        let isFresh = desk.credentials["access_token_until"].flatMap { Int64($0) }.map { desk.now < $0 } ?? true
        guard isFresh, let token = call.headers["x-shopify-access-token"], token == desk.credentials["access_token"]
        else {
            let message = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return PlatformReply(status: 401, ["errors": .string(message)])
        }
        let headers = [("X-Shopify-API-Version", parts[2])]
        let plan = Plan(desk)
        desk.calls["graphql", default: 0] += 1
        guard call.headers["content-type"]?.hasPrefix("application/json") == true,
            let body = try? JSONSerialization.jsonObject(with: Data(call.body)) as? [String: Any],
            let text = body["query"] as? String
        else { return PlatformReply(status: 400, ["errors": ["query": "Required parameter missing or invalid"]]) }
        do throws(Fault) {
            let query = try GraphQLQuery(text, variables: values(body["variables"] as? [String: Any] ?? [:]))
            let cost = query.fields.reduce(0) { $0 + $1.cost }
            if fault == .busy {
                throw Fault(
                    message: "Internal error. Looks like something went wrong on our end.",
                    code: "INTERNAL_SERVER_ERROR")
            }
            if let limit = Int(desk.credentials["single_query_limit"] ?? ""), limit > 0, cost > limit {
                throw Fault(
                    message: "Query cost is \(cost), which exceeds the single query max cost limit (\(limit)).",
                    code: "MAX_COST_EXCEEDED")
            }
            var left = desk.points.available(plan.most, plan.restored, at: desk.microseconds)
            if fault == .throttled {
                // The app has asked from elsewhere meanwhile.
                left = min(left, max(0, cost - plan.restored))
                desk.points.drain(to: left)
            } else if cost > left {
                desk.overruns += 1
            }
            guard cost <= left, fault != .throttled else { return throttled(cost, plan, left, headers) }
            var data: [(String, JSONText)] = []
            for field in query.fields {
                data.append((field.key, try root(field, desk).selected(field, on: "QueryRoot")))
            }
            let used = query.fields.reduce(0) { sum, field in
                sum + field.spent(on: data.first { $0.0 == field.key }?.1)
            }
            desk.points.take(used)
            return PlatformReply(
                headers: headers,
                ["data": .object(data), "extensions": costs(cost, .int(used), plan, left: left - used)])
        } catch {
            return refused(error, headers)
        }
    }

    /// Quarters, from 2019 on; an old version is answered by the oldest that still is, so it is not refused.
    private static func isVersion(_ text: String) -> Bool {
        if text == "unstable" { return true }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, let year = Int(parts[0]) else { return false }
        return year >= 2019 && ["01", "04", "07", "10"].contains(parts[1])
    }

    private static func values(_ variables: [String: Any]) -> [String: GraphQLQuery.Value] {
        variables.mapValues { value in
            switch value {
            case let text as String: .string(text)
            case let number as Int: .number(number)
            case let flag as Bool: .bool(flag)
            default: .null
            }
        }
    }

    private static func refused(_ fault: Fault, _ headers: [(String, String)]) -> PlatformReply {
        var error: [(String, JSONText)] = [
            ("message", .string(fault.message)), ("locations", [["line": 1, "column": 1]]),
        ]
        if let code = fault.code { error.append(("extensions", ["code": .string(code)])) }
        return PlatformReply(headers: headers, ["errors": [.object(error)]])
    }

    /// Inside a 200 and without `data`.
    private static func throttled(
        _ cost: Int, _ plan: Plan, _ left: Int, _ headers: [(String, String)]
    ) -> PlatformReply {
        PlatformReply(
            headers: headers,
            [
                "errors": [
                    [
                        "message": "Throttled",
                        "extensions": [
                            "code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits",
                        ],
                    ]
                ],
                "extensions": costs(cost, .null, plan, left: left),
            ])
    }

    private static func costs(_ requested: Int, _ actual: JSONText, _ plan: Plan, left: Int) -> JSONText {
        [
            "cost": [
                "requestedQueryCost": .int(requested), "actualQueryCost": actual,
                "throttleStatus": [
                    "maximumAvailable": .number("\(plan.most).0"), "currentlyAvailable": .int(left),
                    "restoreRate": .number("\(plan.restored).0"),
                ],
            ]
        ]
    }

    // MARK: What is asked for

    private static func root(_ field: Field, _ desk: PlatformDesk) throws(Fault) -> GraphQLNode {
        switch field.name {
        case "orders": return try orders(field, desk)
        case "order":
            guard let id = field.text("id"), let found = desk.order(named: id, { ShopifyNumbers.order($0.number) }),
                found.placed >= since(desk)
            else { return .null }
            return order(found, cases(of: found, desk.refunds))
        case "shopifyPaymentsAccount":
            guard scopes(desk).contains("read_shopify_payments_disputes") else { throw denied(field.name) }
            return .object(
                type: "ShopifyPaymentsAccount",
                [
                    ("id", .text("gid://shopify/ShopifyPaymentsAccount/7000001")), ("activated", .bool(true)),
                    ("country", .text("US")), ("defaultCurrency", .text(currency)),
                    ("disputes", try disputes(in: field, desk)),
                ])
        case "shop":
            return .object(
                type: "Shop",
                [
                    ("id", .text("gid://shopify/Shop/7000001")), ("name", .text("Made-up shop")),
                    ("currencyCode", .text(currency)), ("ianaTimezone", .text("America/New_York")),
                    ("myshopifyDomain", .text(desk.credentials["shop"])), ("email", .text("john.doe@example.com")),
                ])
        default:
            throw Fault(message: "Field '\(field.name)' doesn't exist on type 'QueryRoot'", code: "undefinedField")
        }
    }

    static func scopes(_ desk: PlatformDesk) -> [Substring] {
        (desk.credentials["scopes"] ?? "").split(separator: ",")
    }

    static func denied(_ name: String) -> Fault {
        Fault(message: "Access denied for \(name) field.", code: "ACCESS_DENIED")
    }

    /// The last 60 days alone, unless all orders may be read.
    private static func since(_ desk: PlatformDesk) -> Int64 {
        scopes(desk).contains("read_all_orders") ? .min : desk.now - 60 * 86_400
    }

    private struct Listed {
        var order: PlatformHistory.Order
        var cases: Cases
        var updated: Int64
    }

    private static func seen(_ desk: PlatformDesk) -> some Sequence<Listed> {
        let since = since(desk)
        return desk.made { view in
            let refunds = Dictionary(grouping: view.refunds, by: \.order)
            return view.orders.map { order in
                let cases = cases(of: order, refunds[order.number] ?? [])
                return Listed(order: order, cases: cases, updated: updated(order, cases))
            }
        }.drop { $0.order.placed < since }
    }

    private static func orders(_ field: Field, _ desk: PlatformDesk) throws(Fault) -> GraphQLNode {
        guard scopes(desk).contains("read_orders") else { throw denied(field.name) }
        let search = try ShopifySearch(field.text("query") ?? "")
        var key = "PROCESSED_AT"
        if case .word(let word)? = field.arguments["sortKey"] { key = word }
        guard ["CREATED_AT", "ID", "ORDER_NUMBER", "PROCESSED_AT", "UPDATED_AT"].contains(key) else {
            throw Fault(
                message: "Argument 'sortKey' has an invalid value (\(key)).", code: "argumentLiteralsIncompatible")
        }
        var rows: [ShopifyPage.Row] = []
        for listed in seen(desk) {
            let (order, cases, updated) = (listed.order, listed.cases, listed.updated)
            guard search.matches(order, updated: updated, financial: financialStatus(order, cases)) else { continue }
            let place =
                switch key {
                case "UPDATED_AT": updated
                case "ID", "ORDER_NUMBER": Int64(order.number)
                default: order.placed
                }
            rows.append(ShopifyPage.Row(place: place, number: order.number) { self.order(order, cases) })
        }
        return try ShopifyPage.page(rows, field)
    }

    private static func disputes(in account: Field, _ desk: PlatformDesk) throws(Fault) -> GraphQLNode {
        guard let field = account.fields.first(where: { $0.name == "disputes" }) else { return .null }
        // Filters are `initiated_at` and `status`; the order of the list is not told, so it is by id.
        let search = try ShopifySearch(field.text("query") ?? "")
        let rows = desk.refunds.filter { $0.isDisputed && search.matches(dispute: $0) }.map { refund in
            ShopifyPage.Row(place: Int64(refund.number), number: refund.number) { dispute(refund) }
        }
        return try ShopifyPage.page(rows, field)
    }
}
