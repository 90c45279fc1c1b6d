import Foundation
import TestSupport
import Testing

/// What was pulled of a shop, held against the shop's own database.
struct OscarLedger {
    let site: Workplace
    let shop: OscarShop
    /// By kind and id.
    private var known: [String: [String: Any]] = [:]
    /// When something was first seen, by kind and id.
    private var seen: [String: String] = [:]
    /// When the last pull began and ended.
    private var pulled: (began: Date, ended: Date)?

    init(site: Workplace, shop: OscarShop) { (self.site, self.shop) = (site, shop) }

    func count(_ kind: String) -> Int { known.keys.count { $0.hasPrefix(kind + "/") } }

    mutating func pull() async throws {
        let began = Date()
        let ended = try await site.run("pull")
        try #require(ended.status == 0, "\(ended.everything)")
        #expect(!ended.everything.contains(OscarShop.token))
        pulled = (began, Date())
    }

    /// What differs; empty where the ledger says what the shop says, and nothing more.
    ///
    /// - Parameter status: the orders of this status are in nobody's ledger.
    mutating func differences(but status: String = "") async throws -> [String] {
        try await read()
        var (found, expected): ([String], Set<String>) = ([], [])
        func compare(_ name: String, _ members: [String: String]) {
            expected.insert(name)
            guard let fact = known[name] else { return found.append("\(name) is missing") }
            for (member, value) in members where !Self.areSame(fact[member], value) {
                found.append("\(name): \(member) is \(fact[member] ?? "nothing"), not \(value)")
            }
        }
        let words = [
            "Pending": "open", "Being processed": "paid", "Shipped": "shipped", "Returned": "completed",
            "Cancelled": "canceled",
        ]
        // SQLite keeps Django's decimals as floating point: two places are what they mean.
        let orders = "select *, printf('%.2f', total_incl_tax) as amount from order_order where status != '\(status)'"
        for row in try await shop.rows(orders) {
            compare(
                "order/\(row["number"]!)",
                [
                    "placed_at": row["date_placed"]!, "status": words[row["status"]!] ?? "?",
                    "amount": row["amount"]!, "currency": row["currency"]!, "fulfillment": "seller",
                ])
            if row["status"] == "Cancelled" { found += first("order/\(row["number"]!)", ["canceled_at"]) }
        }
        let lines = """
            select l.*, printf('%.2f', line_price_incl_tax) as amount, o.number, o.currency
            from order_line l join order_order o on o.id = l.order_id
            """
        for row in try await shop.rows(lines) {
            let members = [
                "order": row["number"]!, "product": row["product_id"]!, "amount": row["amount"]!,
                "currency": row["currency"]!,
            ]
            compare("line/\(row["id"]!)", members.merging(["units": row["quantity"]!]) { $1 })
            guard row["status"] == "Returned" else { continue }
            compare("refund/\(row["id"]!)", members.merging(["type": "return", "status": "refunded"]) { $1 })
            found += first("refund/\(row["id"]!)", ["opened_at", "refunded_at"])
        }
        for row in try await shop.rows("select * from reviews_productreview where status = 1") {
            compare(
                "rating/\(row["id"]!)",
                ["product": row["product_id"]!, "score": row["score"]!, "rated_at": row["date_created"]!])
        }
        found += Set(known.keys).subtracting(expected).sorted().map { "\($0) is not in the shop" }
        let everything = known.values.map { "\($0)" }.joined()
        for person in ["Mary", "Sample", "N12", "example.com", "My view"] where everything.contains(person) {
            found.append("'\(person)' is kept")
        }
        return found
    }

    /// What the shop does not tell is the beginning of the pull that saw it first, for good.
    private mutating func first(_ name: String, _ members: [String]) -> [String] {
        members.compactMap { member in
            guard let text = known[name]?[member] as? String, let pulled else { return "\(name) lacks \(member)" }
            if let before = seen[name + member] {
                return before == text ? nil : "\(name): \(member) was \(before), and is \(text)"
            }
            seen[name + member] = text
            let moment = (try? Date(text, strategy: .iso8601)) ?? .distantPast
            let isWithin = moment >= pulled.began - 1 && moment <= pulled.ended
            return isWithin ? nil : "\(name): \(member) is \(text), and the pull began \(pulled.began)"
        }
    }

    private mutating func read() async throws {
        known = [:]
        for line in try await site.run("export").output.split(separator: "\n") {
            let fact = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard let fact, let kind = fact["kind"] as? String, let id = fact["id"] as? String else { continue }
            known["\(kind)/\(id)"] = fact
        }
    }

    /// Moments to the microsecond, numbers by value, all else letter by letter.
    private static func areSame(_ ours: Any?, _ theirs: String) -> Bool {
        guard let ours = ours.map({ "\($0)" }) else { return false }
        if theirs.contains(":") { return moment(ours) == moment(theirs) }
        if let number = Decimal(string: theirs) { return Decimal(string: ours) == number }
        return ours == theirs
    }

    /// `2026-11-26T13:23:23.5Z` and `2026-11-26 13:23:23.500000` alike.
    private static func moment(_ text: String) -> String {
        let parts = text.replacing(" ", with: "T").replacing("Z", with: "").split(separator: ".")
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        return parts[0] + "." + fraction + String(repeating: "0", count: max(0, 6 - fraction.count))
    }
}
