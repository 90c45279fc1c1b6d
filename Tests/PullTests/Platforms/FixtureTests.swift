import Facts
import Foundation
import TestSupport
import Testing

@testable import Pull

/// Every sample document that stands beside the checkout is read by a test, or here it stands why it is not.
@Suite(
    "No sample document is forgotten", .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
struct FixtureTests {
    /// What an error says, by the verdict that it is of.
    private static let errors: [(pack: String, file: String, verdict: Verdict)] = [
        ("pinduoduo", "china/pdd/error_response_doc_example.json", .permanent),
        ("taobao", "china/taobao/error_invalid_signature.json", .configuration),
        ("douyin", "china/douyin/error_token_expired_test_mock.json", .refresh),
    ]

    /// Read by tests of their own: the test's file below `Tests/`, and the end of the sample's name as it stands there.
    private static let read: [(file: String, test: String, name: String)] = [
        ("china/douyin/experience_page_text.txt", "TablesTests/PageTests", "douyin/experience_page_text.txt"),
        ("china/pdd/after_sale_page_text.txt", "TablesTests/PageTests", "pdd/after_sale_page_text.txt"),
        (
            "china/pdd/refund_information_doc_example.json", "PullTests/Platforms/PinduoduoAnswerTests",
            "pdd/refund_information_doc_example.json"
        ),
        ("international/signing-vectors.json", "PullTests/SignatureTests", "signing-vectors.json"),
        ("international/walmart/token.json", "PullTests/Platforms/TokenSampleTests", "walmart/token.json"),
        (
            "international/shopee/public.refresh_access_token.json", "PullTests/Platforms/TokenSampleTests",
            "shopee/public.refresh_access_token.json"
        ),
        (
            "international/tiktok/token-get-dummy.transcribed.json", "PullTests/Platforms/TokenSampleTests",
            "tiktok/token-get-dummy.transcribed.json"
        ),
        (
            "international/shopify/graphql-throttled.transcribed.json", "PullTests/Platforms/ShopifyAnswerTests",
            "throttled.transcribed.json"
        ),
        (
            "international/shopify/graphql-cost-ok.transcribed.json", "PullTests/Platforms/ShopifyAnswerTests",
            "cost-ok.transcribed.json"
        ),
        (
            "international/amazon/report-GET_V2_SELLER_PERFORMANCE_REPORT-1.json", "PullTests/AmazonSampleTests",
            "report-GET_V2_SELLER_PERFORMANCE_REPORT-1.json"
        ),
        (
            "international/amazon/orders-v0-getOrders-error-400.json", "PullTests/AmazonSampleTests",
            "orders-v0-getOrders-error-400.json"
        ),
    ]

    /// Not read, because …
    private static let unread: [(file: String, reason: String)] = [
        (
            "china/pdd/consumer_experience_metrics.json",
            "an answer within the back end, which no key opens: its figures are read from the page, by a map"
        ),
        (
            "china/taobao/voc_score_index.json",
            "an answer within the back end, which no key opens: its figures are read from the page, by a map"
        ),
        (
            "international/amazon/finances-2024-06-19-listTransactions-sandbox.json",
            "money back is told by the returns report, and no transaction is kept"
        ),
        ("international/shopify/rest-orders-list.json", "all is pulled by GraphQL; REST is legacy"),
        ("international/shopify/rest-refunds-list.json", "all is pulled by GraphQL; REST is legacy"),
        ("international/shopify/rest-disputes-list.json", "all is pulled by GraphQL; REST is legacy"),
        ("international/etsy/receipts-getShopReceipts-redacted.transcribed.json", "the pack of Etsy pulls nothing"),
        ("international/etsy/receipts-minimal.transcribed.json", "the pack of Etsy pulls nothing"),
        ("international/woocommerce/reports-list-all-reports.json", "a list of what reports there are"),
        (
            "international/woocommerce/reports-retrieve-orders-totals.json",
            "numbers of orders by status since ever, which the orders themselves tell"
        ),
        (
            "international/shopee/account_health.get_late_orders.json",
            "orders that are late by their own ship_by, which is pulled, and no figure besides"
        ),
        (
            "international/shopee/account_health.get_metric_source_detail.json",
            "orders of which the times are pulled with the orders; the metric's figure is read of the shop's performance"
        ),
    ]

    private static let folder = URL(filePath: SharedData.path("../fixtures")).standardizedFileURL

    @Test("each is in a row of samples, in a test of its own, or in the table of those not read")
    func all() throws {
        let walk = try #require(FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: nil))
        var there: [String] = []
        for case let file as URL in walk where !file.hasDirectoryPath && file.lastPathComponent != "README.md" {
            there.append(String(file.standardizedFileURL.path.dropFirst(Self.folder.path.count + 1)))
        }
        let named =
            SampleTests.rows.flatMap { $0.samples.map(\.file) } + Self.errors.map(\.file) + Self.read.map(\.file)
            + Self.unread.map(\.file)
        #expect(there.count > 50)
        #expect(Set(there).subtracting(named).sorted() == [], "read by no test, and not said why")
        #expect(Set(named).subtracting(there).sorted() == [], "not there")
        let twice = Dictionary(grouping: named) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        #expect(twice == [], "named twice")
    }

    @Test("a test that is said to read one names it")
    func names() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        for (file, test, name) in Self.read {
            let text = try String(contentsOf: tests.appending(path: test + ".swift"), encoding: .utf8)
            #expect(file.hasSuffix(name) && text.contains(name), "\(file) in \(test)")
        }
    }

    @Test("what no pack reads is asked for by none")
    func calls() throws {
        // Of the packs that pull, none asks for these calls.
        let asked: [(pack: String, call: String)] = [
            ("amazon", "/finances/"),
            ("mercadolibre", "/global/users"), ("woocommerce", "/reports"), ("shopee", "get_late_orders"),
            ("shopee", "get_metric_source_detail"), ("etsy", "openapi.etsy.com"),
        ]
        let rules = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../rules")
        for (pack, call) in asked {
            let text = try String(contentsOf: rules.appending(path: "\(pack).yaml"), encoding: .utf8)
            let lines = text.split(separator: "\n").filter { !$0.contains("#") && $0.contains(call) }
            #expect(lines.isEmpty, "\(pack) asks for \(call): its sample is to be read")
        }
    }

    @Test("the errors among them are each of their class")
    func verdicts() throws {
        for (pack, file, verdict) in Self.errors {
            let body = try SharedData.text("../fixtures/" + file)
            #expect(try ShippedPlatform(pack).verdict(VerdictRow(verdict, body)) == verdict, "\(file)")
        }
    }
}
