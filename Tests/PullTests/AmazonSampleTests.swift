import Curl
import Facts
import Foundation
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite(
    "Amazon's own sample documents become facts",
    .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
struct AmazonSampleTests {
    private let folder = "../fixtures/international/amazon/"

    private func source() throws -> PlatformSource {
        let pack = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../rules/amazon.yaml"), encoding: .utf8)
        let (read, diagnostics) = PackReader.read(SourceText(name: "amazon.yaml", text: pack), isBuiltIn: true)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                Store(id: "s", pack: "amazon", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: nil, credentials: ["access_token": Secret("made up")], reach: .days(31), decoding: decoding))
    }

    private func page(_ name: String, at cursor: String?, _ reports: [ReportOrder] = []) throws -> Page {
        var state = PullState()
        state.begin(at: PulledFeed.start)
        (state.cursor, state.reports) = (cursor, reports)
        let body = Array(try SharedData.text(folder + name).utf8)
        return try source().page(from: Reply(status: .ok, body: body), after: state, at: PulledFeed.start)
    }

    @Test("an order with two items, one of them canceled, and a package")
    func orders() throws {
        let page = try page("orders-2026-01-01-searchOrders-example.json", at: nil)
        #expect(page.rejections.isEmpty && page.next != nil)
        #expect(
            page.facts.map(FactEncoder.line) == [
                #"{"kind":"order","store":"s","id":"123-4567890-1234567","updated_at":"2024-12-25T14:45:00Z","placed_at":"2024-12-25T10:30:00Z","ship_by":"2024-12-27T23:59:59Z","shipped_at":"2024-12-25T14:00:00Z","deliver_by":"2024-12-30T23:59:59Z","status":"shipped","amount":"154.99","currency":"USD","tracked":true,"fulfillment":"seller"}"#,
                #"{"kind":"line","store":"s","id":"12345678901234","updated_at":"2024-12-25T14:45:00Z","order":"123-4567890-1234567","product":"ECHO-DOT-4-CHARCOAL","units":2,"amount":"100","currency":"USD","ship_by":"2024-12-27T23:59:59Z","canceled_at":"2024-12-25T14:45:00Z","canceled_by":"buyer"}"#,
                #"{"kind":"line","store":"s","id":"12345678901235","updated_at":"2024-12-25T14:45:00Z","order":"123-4567890-1234567","product":"FIRE-TV-4K-2021","units":1,"amount":"49.99","currency":"USD","ship_by":"2024-12-27T23:59:59Z"}"#,
                #"{"kind":"parcel","store":"s","id":"123-4567890-1234567-PKG-2024-001","updated_at":"2024-12-25T14:45:00Z","order":"123-4567890-1234567","shipped_at":"2024-12-25T14:00:00Z","picked_up_at":"2024-12-25T14:45:00Z","deliver_by":"2024-12-30T23:59:59Z"}"#,
            ])
        let text = page.facts.map(FactEncoder.line).joined()
        for word in ["John", "Smith", "Seattle", "555", "buyer-email"] { #expect(!text.contains(word)) }
    }

    @Test("the figures of Account Health, each with its target, of the first marketplace alone")
    func performance() throws {
        let order = ReportOrder(
            stream: "account_health", part: 0, asOf: PulledFeed.start, from: nil, until: PulledFeed.start)
        let number = try #require(try source().plan.streams.firstIndex { $0.name == order.stream })
        let page = try page(
            "report-GET_V2_SELLER_PERFORMANCE_REPORT-1.json", at: "\(number) 0 0\n0\n\ndocument", [order])
        #expect(page.rejections.isEmpty && page.reports == [.read(order)])
        func line(_ name: String, _ value: String, _ expected: String?) -> String {
            let at = "2026-03-02T10:00:00Z"
            let target = expected.map { ",\"expected\":\($0)" } ?? ""
            return
                #"{"kind":"measure","store":"s","id":"amazon.\#(name)@\#(at)","name":"amazon.\#(name)","at":"\#(at)","value":\#(value)\#(target)}"#
        }
        // Millionths, rounded half to even: 0.03203973037 and 0.03499611.
        let lines = [
            line("account_status", "2", nil), line("account_health", "1", nil),
            line("order_defect_rate", "0.009", "0.01"), line("order_defect_rate_fba", "0.009", "0.01"),
            line("late_shipment_rate", "0.03204", "0.04"), line("cancellation_rate", "0.005", "0.01"),
            line("valid_tracking_rate", "0.9529", "0.95"), line("on_time_delivery_rate", "0.9529", "0.95"),
            line("unit_on_time_delivery_rate", "0.8848", "0.9"), line("invoice_defect_rate", "0.034996", "0.05"),
            line("listing_policy_violations", "86", nil), line("authenticity_complaints", "212", nil),
            line("condition_complaints", "337", nil), line("safety_complaints", "165", nil),
            line("received_property_complaints", "75", nil), line("food_safety_issues", "37", nil),
            line("other_violations", "86", nil), line("document_requests", "8", nil),
        ]
        #expect(page.facts.map(FactEncoder.line).sorted() == lines.sorted())
    }

    @Test("a refused question is said in Amazon's words")
    func refused() throws {
        let body = Array(try SharedData.text(folder + "orders-v0-getOrders-error-400.json").utf8)
        // The list of the older version is asked for in its place.
        let page = try source().page(
            from: Reply(status: .badRequest, body: body), after: PullState(), at: PulledFeed.start)
        #expect(page.withheld == "orders" && page.refused?.contains("InvalidInput") == true, "\(page)")
    }
}
