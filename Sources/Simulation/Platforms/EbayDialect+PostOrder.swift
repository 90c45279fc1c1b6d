/// Returns, inquiries and cases: the Post-Order API's three searches.
extension EbayDialect {
    private typealias Refund = PlatformHistory.Refund

    /// The reasons of `return/search` are those of items; what never came is an inquiry.
    static func search(_ kind: String, _ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        let prefix = kind == "casemanagement" ? "case_" : kind == "inquiry" ? "inquiry_" : ""
        let names = (prefix + "creation_date_range_from", prefix + "creation_date_range_to")
        var range = (desk.now - reach)...desk.now
        if let text = call.value(names.0) {
            guard let from = moment(text), from >= desk.now - reach else { return wrong(names.0, text) }
            // Without an end, ninety days from there.
            var until = from + 90 * 86_400
            if let text = call.value(names.1) {
                guard let moment = moment(text), moment > from else { return wrong(names.1, text) }
                until = moment
            }
            range = from...until
        } else if let text = call.value(names.1) {
            return wrong(names.1, text)
        }
        guard let limit = Int(call.value("limit") ?? "25"), (1...200).contains(limit) else {
            return wrong("limit", call.value("limit") ?? "")
        }
        guard let offset = Int(call.value("offset") ?? "0"), offset >= 0 else {
            return wrong("offset", call.value("offset") ?? "")
        }
        let role = call.value("role") ?? "SELLER"
        guard ["SELLER", "BUYER", "OTHER"].contains(role) else { return wrong("role", role) }
        let state = call.value("return_state")
        guard state.map(states.contains) != false else { return wrong("return_state", state ?? "") }

        let desk = desk.ofLists
        var found = desk.refunds.filter { refund in
            switch kind {
            case "return":
                refund.reason != .notReceived && role == "SELLER"
                    && (state == nil || state == Self.state(refund)
                        || state == "ALL_OPEN" && refund.ended == nil)
            case "inquiry": refund.reason == .notReceived
            default: refund.intervened != nil
            }
        }
        let opened = { (refund: Refund) in kind == "casemanagement" ? refund.intervened ?? 0 : refund.opened }
        found = found.filter { range.contains(opened($0)) }
        // How they are sorted is not told: newest first.
        found.sort { (opened($0), $0.number) > (opened($1), $1.number) }
        let members = found.dropFirst(offset).prefix(limit).map { refund in
            switch kind {
            case "return": returnText(refund, desk)
            case "inquiry": claim(refund, "inquiryId", EbayID.inquiry(refund.number), "inquiryStatusEnum", desk)
            default: claim(refund, "caseId", EbayID.case(refund.number), "caseStatusEnum", desk)
            }
        }
        return PlatformReply([
            "members": .array(members), "total": .int(found.count),
            "paginationOutput": [
                "limit": .int(limit), "offset": .int(offset), "totalEntries": .int(found.count),
                "totalPages": .int((found.count + limit - 1) / limit),
            ],
        ])
    }

    /// A return or a case by its number. Of a return the summary is told only where it is asked for, and a case has other
    /// members than in the list.
    static func one(_ kind: String, _ id: String, _ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        if kind == "return" {
            let found = desk.refunds.first { EbayID.return($0.number) == id && $0.reason != .notReceived }
            guard let found else { return refusal(404, 1615, "Invalid return", domain: "postOrder") }
            switch call.value("fieldgroups") {
            case "SUMMARY": return PlatformReply(["summary": returnText(found, desk)])
            case nil, "FULL": return PlatformReply(["detail": ["buyerLoginName": "john.doe"]])
            default: return wrong("fieldgroups", call.value("fieldgroups") ?? "")
            }
        }
        let found = desk.refunds.first { "\(EbayID.case($0.number))" == id && $0.intervened != nil }
        guard let found else { return refusal(404, 1617, "Invalid case", domain: "postOrder") }
        return PlatformReply([
            "caseId": .string(id), "status": .string(found.ended == nil ? "WAITING_CS" : "CS_CLOSED"),
            "caseType": found.reason == .notReceived ? "ITEM_NOT_RECEIVED" : "RETURN", "caseQuantity": 1,
            "itemId": .string("\(EbayID.item(product(found, desk)))"),
            "transactionId": .string("\(EbayID.transaction(found.order, found.line))"),
            "claimAmount": money(found.cents), "creationDate": date(found.intervened ?? found.opened),
            "lastModifiedDate": date(found.changed), "escalateReason": "OTHER",
            "caseDetails": ["creationDate": date(found.opened)],
        ])
    }

    /// Eighteen months.
    private static let reach: Int64 = 549 * 86_400
    private static let states = [
        "ALL_OPEN", "CLOSED", "ESCALATED", "RETURN_REQUESTED", "RETURN_STARTED", "ITEM_SHIPPED", "ITEM_DELIVERED",
    ]

    private static func moment(_ text: String) -> Int64? { text.hasSuffix("Z") ? PlainText.moment(text) : nil }

    private static func wrong(_ name: String, _ value: String) -> PlatformReply {
        refusal(400, 1616, "Invalid input for \(name)", domain: "postOrder", parameters: [(name, value)])
    }

    private static func state(_ refund: Refund) -> String {
        if refund.ended != nil { return "CLOSED" }
        if refund.intervened != nil { return "ESCALATED" }
        return refund.responded == nil ? "RETURN_REQUESTED" : "RETURN_STARTED"
    }

    private static func date(_ seconds: Int64) -> JSONText { ["value": .string(PlainText.millis(seconds))] }

    /// Here amounts are numbers.
    private static func money(_ cents: Int) -> JSONText {
        ["value": .number(PlainText.number(cents)), "currency": "USD"]
    }

    private static func product(_ refund: Refund, _ desk: PlatformDesk) -> Int {
        desk.order(refund.order)?.lines.first { $0.number == refund.line }?.product ?? 0
    }

    private static func returnText(_ refund: Refund, _ desk: PlatformDesk) -> JSONText {
        var total: [(String, JSONText)] = [("estimatedRefundAmount", money(refund.cents))]
        if refund.isRefunded { total.append(("actualRefundAmount", money(refund.cents))) }
        let (reason, kind) = reason(refund)
        return [
            "returnId": .string(EbayID.return(refund.number)), "orderId": .string(EbayID.order(refund.order)),
            "buyerLoginName": "john.doe", "sellerLoginName": "made-up-seller",
            "currentType": refund.wish == .exchange ? "REPLACEMENT" : "MONEY_BACK",
            "state": .string(state(refund)), "status": .string(state(refund)),
            "creationInfo": [
                "item": [
                    "itemId": .string("\(EbayID.item(product(refund, desk)))"),
                    "transactionId": .string("\(EbayID.transaction(refund.order, refund.line))"), "returnQuantity": 1,
                ],
                "type": refund.wish == .exchange ? "REPLACEMENT" : "MONEY_BACK", "reason": .string(reason),
                "reasonType": .string(kind), "comments": ["content": "Please write to john.doe@example.com"],
                "creationDate": date(refund.opened),
            ],
            "sellerTotalRefund": .object(total), "buyerTotalRefund": .object(total),
        ]
    }

    private static func reason(_ refund: Refund) -> (String, String) {
        switch refund.reason {
        case .quality: ("DEFECTIVE_ITEM", "SNAD")
        case .notAsDescribed: ("NOT_AS_DESCRIBED", "SNAD")
        case .changedMind: ("NO_LONGER_NEED_ITEM", "REMORSE")
        case .notReceived, .other: ("OTHER", "OTHER")
        }
    }

    /// A case or an inquiry; here ids are numbers.
    private static func claim(
        _ refund: Refund, _ name: String, _ id: Int, _ statusName: String, _ desk: PlatformDesk
    ) -> JSONText {
        let isCase = name == "caseId"
        let closed = isCase ? "CS_CLOSED" : "CLOSED"
        let status = refund.ended != nil ? closed : isCase ? "WAITING_CS" : "OPEN"
        return [
            name: .int(id), statusName: .string(status), "buyer": "john.doe", "seller": "made-up-seller",
            "caseType": refund.reason == .notReceived ? "ITEM_NOT_RECEIVED" : "RETURN",
            "itemId": .int(EbayID.item(product(refund, desk))),
            "transactionId": .int(EbayID.transaction(refund.order, refund.line)),
            "claimAmount": money(refund.cents),
            "creationDate": date(isCase ? refund.intervened ?? refund.opened : refund.opened),
            "lastModifiedDate": date(refund.changed),
        ]
    }
}
