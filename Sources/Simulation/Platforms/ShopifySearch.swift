/// Shopify's search syntax, as far as lists of orders and disputes need it: terms that all have to hold.
struct ShopifySearch {
    private struct Term {
        var field: String
        var comparison: String
        var value: String
        /// Of a time.
        var moment: Int64?
    }

    private static let times: Set<String> = ["created_at", "initiated_at", "processed_at", "updated_at"]
    private var terms: [Term] = []

    init(_ text: String) throws(GraphQLQuery.Fault) {
        var rest = text.drop(while: \.isWhitespace)
        while !rest.isEmpty {
            let word = rest.prefix { $0 != ":" && !$0.isWhitespace }
            rest = rest[word.endIndex...]
            guard rest.first == ":" else {
                guard word == "AND" else {
                    throw GraphQLQuery.Fault(message: "Invalid search query near '\(word)'", code: "BAD_REQUEST")
                }
                rest = rest.drop(while: \.isWhitespace)
                continue
            }
            rest = rest.dropFirst()
            let comparison = rest.prefix { "<>=".contains($0) }
            rest = rest[comparison.endIndex...]
            let value: Substring
            if let quote = rest.first, quote == "'" || quote == "\"" {
                value = rest.dropFirst().prefix { $0 != quote }
                rest = rest[value.endIndex...].dropFirst()
            } else {
                value = rest.prefix { !$0.isWhitespace }
                rest = rest[value.endIndex...]
                // A colon means something in this syntax, unless it is quoted.
                guard !value.contains(":") else { throw Self.badTime(word) }
            }
            rest = rest.drop(while: \.isWhitespace)
            var term = Term(field: String(word), comparison: String(comparison), value: String(value))
            if Self.times.contains(term.field) {
                guard let moment = Self.moment(value) else { throw Self.badTime(word) }
                term.moment = moment
            }
            terms.append(term)
        }
    }

    private static func badTime(_ field: Substring) -> GraphQLQuery.Fault {
        GraphQLQuery.Fault(message: "Invalid timestamp for query filter `\(field)`.", code: "BAD_REQUEST")
    }

    private static func moment(_ text: some StringProtocol) -> Int64? {
        PlatformFormats.moment(text.count == 10 ? text + "T00:00:00Z" : String(text))
    }

    func matches(_ order: PlatformHistory.Order, updated: Int64, financial: String) -> Bool {
        terms.allSatisfy { term in
            switch term.field {
            case "created_at", "processed_at": Self.holds(order.placed, term)
            case "updated_at": Self.holds(updated, term)
            case "test": term.value == (ShopifyNumbers.isTest(order.number) ? "true" : "false")
            case "financial_status": term.value == "any" || term.value == financial.lowercased()
            case "status":
                switch term.value {
                case "cancelled": order.canceled != nil
                case "closed": false
                default: true
                }
            // What it does not know it leaves out of account.
            default: true
            }
        }
    }

    func matches(dispute refund: PlatformHistory.Refund) -> Bool {
        terms.allSatisfy { term in
            switch term.field {
            case "initiated_at": Self.holds(refund.disputedAt ?? refund.opened, term)
            case "status": term.value.uppercased() == Shopify.disputeStatus(refund)
            default: true
            }
        }
    }

    private static func holds(_ moment: Int64, _ term: Term) -> Bool {
        guard let bound = term.moment else { return false }
        return switch term.comparison {
        case ">=": moment >= bound
        case ">": moment > bound
        case "<=": moment <= bound
        case "<": moment < bound
        default: moment == bound
        }
    }
}
