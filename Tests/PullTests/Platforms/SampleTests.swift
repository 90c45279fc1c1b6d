import Curl
import Facts
import Foundation
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

/// The sample documents that stand beside the checkout, held against what was read of them before. Each golden was
/// checked by eye against its sample: ids, units, times, statuses.
///
/// With GOLDEN=write in the environment the goldens are written anew, to be read before they are kept.
@Suite("The platforms' sample documents become facts")
struct SampleTests {
    struct Sample: Sendable {
        /// Below `fixtures/`.
        var file: String
        var stream: String
        /// For which it is asked.
        var item = "ITEM"
        /// What the document is put into, where it is one thing of a list or stands under the name of another call.
        var around: @Sendable (String) -> String = { $0 }
        /// What `around` does, for the golden.
        var note = ""
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var pack: String
        var market: String?
        var samples: [Sample]
        var testDescription: String { pack }
    }

    private static func sample(_ file: String, _ stream: String, item: String = "ITEM") -> Sample {
        Sample(file: file, stream: stream, item: item)
    }

    private static func sample(
        _ file: String, _ stream: String, _ note: String, _ around: @escaping @Sendable (String) -> String
    ) -> Sample {
        Sample(file: file, stream: stream, around: around, note: note)
    }

    private static let asIncrement: @Sendable (String) -> String = {
        $0.replacing("trades_sold_get_response", with: "trades_sold_increment_get_response")
    }

    /// An element of a list that stands in a document.
    private static func member(_ list: String, _ place: Int, of document: String) -> String {
        let whole = try? JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any]
        guard let elements = whole?[list] as? [Any], place < elements.count,
            let text = try? JSONSerialization.data(withJSONObject: elements[place])
        else { return "" }
        return String(decoding: text, as: UTF8.self)
    }

    static let rows: [Row] = [
        Row(
            pack: "pinduoduo",
            samples: [
                sample("china/pdd/refund_list_increment_2018_sample.json", "cases"),
                sample("china/pdd/refund_list_increment_doc_example.json", "cases"),
            ]),
        Row(
            pack: "taobao",
            samples: [
                sample("china/taobao/refunds_receive_get_test_mock.json", "refunds"),
                sample(
                    "china/taobao/trades_sold_get_test_mock.json", "trades", "under the name of the call by change",
                    asIncrement),
                sample(
                    "china/taobao/trades_sold_get_minimal.json", "trades", "under the name of the call by change",
                    asIncrement),
            ]),
        Row(
            pack: "amazon",
            samples: [
                sample("international/amazon/orders-2026-01-01-searchOrders-example.json", "orders"),
                sample("international/amazon/orders-v0-getOrders-sandbox-1.json", "orders_v0"),
                sample("international/amazon/orders-v0-getOrders-sandbox-2.json", "orders_v0"),
                sample("international/amazon/orders-v0-getOrderItems-example.json", "items_v0"),
            ]),
        Row(
            pack: "ebay",
            samples: [
                sample("international/ebay/fulfillment-getOrders-masked.transcribed.json", "orders"),
                sample("international/ebay/seller_standards_profile-PROGRAM_US-CURRENT.transcribed.json", "standards"),
                sample(
                    "international/ebay/seller_standards_profile-list-partial.transcribed.json", "standards",
                    "the second profile of the list by itself"
                ) { Self.member("standardsProfiles", 1, of: $0) },
            ]),
        Row(
            pack: "mercadolibre",
            samples: [
                sample("international/mercadolibre/orders-2000003508419013.transcribed.json", "orders", "as found") {
                    #"{"paging":{"total":1},"results":[\#($0)]}"#
                },
                sample("international/mercadolibre/post-purchase-v1-claim.transcribed.json", "claims", "as found") {
                    #"{"data":[\#($0)]}"#
                },
                sample(
                    "international/mercadolibre/users-128885-seller_reputation-protected.transcribed.json", "reputation"
                ),
                sample(
                    "international/mercadolibre/global-users-seller_reputation.transcribed.json", "reputation",
                    "the first site's, as that of its own seller"
                ) { #"{"seller_reputation":\#(Self.member("seller_reputation", 0, of: $0))}"# },
            ]),
        Row(
            pack: "shopee",
            samples: [
                sample("international/shopee/order.get_order_list.json", "orders"),
                sample("international/shopee/order.get_order_detail.json", "order-details", item: "2404098R48U37H"),
                sample("international/shopee/returns.get_return_list.json", "returns"),
                sample("international/shopee/product.get_comment.json", "comments"),
                sample("international/shopee/account_health.get_shop_performance.json", "performance"),
                sample("international/shopee/account_health.get_penalty_point_history.json", "points"),
                sample("international/shopee/account_health.get_punishment_history.json", "punishments"),
            ]),
        Row(
            pack: "tiktok-shop",
            samples: [sample("international/tiktok/order-202309-orders-search.transcribed.json", "orders")]),
        Row(
            pack: "walmart", market: "US",
            samples: [
                sample("international/walmart/orders-getAllOrders.json", "orders"),
                sample("international/walmart/orders-getAnOrder.json", "orders", "in a list") {
                    let order = $0.replacing("{\n \"order\":", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
                    return #"{"list":{"meta":{},"elements":{"order":[\#(order.dropLast())]}}}"#
                },
                sample("international/walmart/returns-getReturns.json", "returns"),
                sample(
                    "international/walmart/insights-performance-cancellations-summary-elided.transcribed.json",
                    "cancellations_shown"),
                sample(
                    "international/walmart/insights-performance-otd-summary-elided.transcribed.json",
                    "deliveries_shown"),
                sample("international/walmart/insights-prosellerbadge.json", "pro_badge"),
            ]),
        Row(
            pack: "woocommerce",
            samples: [
                sample("international/woocommerce/orders-list-all-orders.json", "orders"),
                sample("international/woocommerce/orders-retrieve-an-order.json", "orders", "in a list") { "[\($0)]" },
                sample("international/woocommerce/order-refunds-list-all-refunds.json", "refunds", item: "723"),
                sample("international/woocommerce/product-reviews-list-all-product-reviews.json", "reviews"),
            ]),
    ]

    @Test(
        "what was read of them stands in Golden/",
        .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)),
        arguments: rows)
    func goldens(_ row: Row) throws {
        let platform = try ShippedPlatform(row.pack, market: row.market)
        var lines: [String] = []
        for sample in row.samples {
            let note = sample.note.isEmpty ? "" : ", \(sample.note)"
            lines.append("# \(sample.file), answered to \(sample.stream)\(note)")
            let body = sample.around(try SharedData.text("../fixtures/" + sample.file))
            let place = try platform.place(of: sample.stream, item: sample.item)
            let page = try platform.source.page(
                from: Reply(status: .ok, body: Array(body.utf8)), after: platform.state(at: place),
                at: ShippedPlatform.start)
            lines += page.facts.map(FactEncoder.line)
            lines += page.rejections.map { "no \($0.rejection.kind?.name ?? "fact"): \($0.rejection.reason)" }
            if let next = page.next.flatMap({ PlatformPlace(text: $0) }), next.stream == place.stream,
                next.window == place.window, next.value == place.value
            {
                // As far as it is told until more is added.
                lines += next.items.flatMap(\.facts)
                if !next.items.isEmpty { lines.append("→ asks for \(next.items.map(\.asked).joined(separator: " "))") }
                if let page = next.page { lines.append("→ goes on at \(page)") }
            }
            lines.append("")
        }
        try hold(lines, to: "\(row.pack).txt")
    }

    @Test(
        "what is right in them is a fact without a text in between",
        .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)),
        arguments: rows)
    func withoutLine(_ row: Row) throws {
        let platform = try ShippedPlatform(row.pack, market: row.market)
        let mapping = platform.source.mapping(asOf: ShippedPlatform.start, isFirst: true)
        var right = 0
        for sample in row.samples {
            let body = sample.around(try SharedData.text("../fixtures/" + sample.file))
            let stream = platform.source.stream(at: try platform.place(of: sample.stream, item: sample.item))
            let document = try #require(PlatformSource.document(Array(body.utf8)))
            let rules = stream.facts.map { MappedRule($0, platform.source.credentials.firsts) }
            for item in try platform.source.items(of: document, stream) {
                let told = rules.flatMap { rule in
                    ((try? mapping.places(of: .init(chain: [item], item: sample.item), rule)) ?? [])
                        .compactMap { mapping.told(at: $0, rule) }
                }
                for case .success(let told) in told {
                    let currency = told.members.lazy.compactMap { place, value -> String? in
                        guard case .text(let text) = value else { return nil }
                        return Schema[told.kind].members[place].name == "currency" ? text : nil
                    }.first
                    var decoder = FactDecoder(buyerKey: BuyerKey(bytes: Array(0..<32))) { _ in
                        StoreTerms(currency: currency)
                    }
                    guard case .fact = decoder.decode(told) else { continue }
                    right += 1
                    #expect(decoder.toldByLine == 0, "\(told.line)")
                }
            }
        }
        #expect(right > 0, "nothing was right")
    }

    @Test(
        "no name, address or other word of a buyer's is in any golden",
        arguments: rows.map(\.pack))
    func plain(_ pack: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: "\(pack).txt"), encoding: .utf8)
        for word in [
            "REDACTED", "@", "Street", "John", "Doe", "Silva", "tom", "abcdefg", "COMPRADOR", "http", "Very nice",
        ] {
            let isThere = text.split(separator: "\n").contains { line in
                // A reading is known by its name and its moment.
                line.hasPrefix("{") && (word == "@" ? !line.contains(#""kind":"measure""#) : true)
                    && line.contains(word)
            }
            #expect(!isThere, "\(word)")
        }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden")

    private func hold(_ found: [String], to name: String) throws {
        let file = Self.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["GOLDEN"] == "write" {
            try found.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        let missing = expected.filter { !found.contains($0) }.map { "- \($0)" }
        let more = found.filter { !expected.contains($0) }.map { "+ \($0)" }
        #expect(
            found == expected,
            "Golden/\(name) has the lines with -, the sample became those with +:\n\((missing + more).joined(separator: "\n"))"
        )
    }
}
