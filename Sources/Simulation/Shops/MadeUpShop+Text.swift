import Crypto
import Facts

/// What the shop says, and how it reads who asks.
extension MadeUpShop {
    func text(_ order: Order) -> String {
        let refunds = order.refunds.map { #"{"id":\#($0.id),"reason":"","total":"-\#(money($0.amount))"}"# }
        let lines =
            #"[{"id":\#(order.id * 10),"product_id":\#(order.id % 7 + 90),"quantity":1,"total":"\#(money(order.total))"}]"#
        return
            #"{"id":\#(order.id),"status":"\#(order.status)","currency":"EUR","total":"\#(money(order.total))","#
            + #""date_created_gmt":"\#(time(order.created))","date_modified_gmt":"\#(time(order.modified))","#
            + #""date_paid_gmt":\#(optional(order.paid)),"date_completed_gmt":\#(optional(order.completed)),"#
            + #""billing":{"first_name":"John","email":"john.doe@example.com"},"line_items":\#(lines),"#
            + #""refunds":[\#(refunds.joined(separator: ","))]}"#
    }

    func text(_ refund: Refund) -> String {
        #"{"id":\#(refund.id),"date_created_gmt":"\#(time(refund.created))","amount":"\#(money(refund.amount))","reason":"","line_items":[]}"#
    }

    func text(_ review: Review) -> String {
        #"{"id":\#(review.id),"date_created_gmt":"\#(time(review.created))","product_id":93,"status":"\#(review.isApproved ? "approved" : "hold")","reviewer":"John Doe","reviewer_email":"john.doe@example.com","review":"<p>Nice!</p>","rating":\#(review.rating)}"#
    }

    private func money(_ cents: Int) -> String {
        "\(cents / 100)." + (cents % 100 < 10 ? "0" : "") + "\(cents % 100)"
    }

    private func time(_ seconds: Int64) -> String { String(Timestamp(seconds: seconds).description.dropLast()) }
    private func optional(_ seconds: Int64?) -> String { seconds.map { "\"\(time($0))\"" } ?? "null" }

    /// OAuth 1.0a with one leg (RFC 5849), read anew; nil where it is right.
    func fault(inSignature method: String, _ url: String, _ query: [String: String]) -> String? {
        guard query["oauth_consumer_key"] == key else { return "woocommerce_rest_authentication_error: key" }
        guard query["oauth_signature_method"] == "HMAC-SHA256" else { return "invalid signature method" }
        guard let stamp = Int64(query["oauth_timestamp"] ?? ""), abs(stamp - now) <= 900 else {
            return "invalid timestamp"
        }
        guard let nonce = query["oauth_nonce"], !nonce.isEmpty, use(nonce) else { return "invalid nonce" }
        var pairs: [(String, String)] = []
        for (name, value) in query where name != "oauth_signature" { pairs.append((escaped(name), escaped(value))) }
        pairs.sort { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }
        let parameters = pairs.map { $0.0 + "=" + $0.1 }.joined(separator: "&")
        let base = method.uppercased() + "&" + escaped(url) + "&" + escaped(parameters)
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array((secret + "&").utf8)))
        code.update(data: Array(base.utf8))
        return query["oauth_signature"] == Base64.text(of: Array(code.finalize())) ? nil : "invalid signature"
    }

    private func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 95, 126].contains(byte)
            guard !isPlain else { return String(UnicodeScalar(byte)) }
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }
}
