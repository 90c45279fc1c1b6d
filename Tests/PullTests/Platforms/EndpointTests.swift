import Curl
import Facts
import HTTPTypes
import Language
import Rules
import Testing

@testable import Pull

@Suite("An endpoint may be given as people know a platform's address")
struct EndpointTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var (pack, stream, path): (String, String, String)
        /// Behind the host.
        var ends: [String]
        var testDescription: String { pack }
    }

    static let rows = [
        Row(
            pack: "woocommerce", stream: "orders", path: "/wp-json/wc/v3/orders",
            ends: ["", "/", "/wp-json", "/wp-json/", "/wp-json/wc/v3", "/wp-json/wc/v3/"]),
        Row(
            pack: "shopify", stream: "orders", path: "/admin/api/2026-01/graphql.json",
            ends: [
                "", "/", "/admin", "/admin/api", "/admin/api/2026-01", "/admin/api/2026-01/",
                "/admin/api/2026-01/graphql.json",
            ]),
        Row(pack: "walmart", stream: "orders", path: "/v3/orders", ends: ["", "/", "/v3", "/v3/"]),
        Row(
            pack: "shopee", stream: "orders", path: "/api/v2/order/get_order_list",
            ends: ["", "/", "/api/v2", "/api/v2/"]),
        Row(pack: "ebay", stream: "orders", path: "/sell/fulfillment/v1/order", ends: ["", "/"]),
        Row(pack: "mercadolibre", stream: "orders", path: "/orders/search", ends: ["", "/"]),
        Row(pack: "amazon", stream: "orders", path: "/orders/2026-01-01/orders", ends: ["", "/"]),
        Row(pack: "douyin", stream: "orders", path: "/order/searchList", ends: ["", "/"]),
        Row(pack: "kuaishou", stream: "orders", path: "/open/order/cursor/list", ends: ["", "/"]),
    ]

    @Test("with the path that all calls begin with, or a part of it, and with a slash at its end", arguments: rows)
    func ends(_ row: Row) throws {
        for end in row.ends {
            for host in ["https://gate.example", "https://gate.example/proxy"] {
                let platform = try ShippedPlatform(row.pack, endpoint: host + end, standards: true)
                let path = try platform.request(row.stream).head.path?.prefix { $0 != "?" } ?? ""
                #expect(path == host.dropFirst("https://gate.example".count) + row.path, "\(host + end)")
            }
        }
    }

    @Test("a version in it is the one that is asked; one that is configured goes before it")
    func version() throws {
        let given = try ShippedPlatform("shopify", endpoint: "https://shop.example/admin/api/2025-10", standards: true)
        #expect(try given.request("orders").head.path == "/admin/api/2025-10/graphql.json")
        let own = try ShippedPlatform("shopify", endpoint: "https://shop.example/admin/api/2025-10")
        #expect(try own.request("orders").head.path == "/admin/api/given-api_version/graphql.json")
    }

    @Test("a host is no path, and what is like a path is none")
    func hosts() throws {
        let platform = try ShippedPlatform("walmart", endpoint: "https://v3", standards: true)
        #expect(try platform.request("orders").head.authority == "v3")
        let other = try ShippedPlatform("walmart", endpoint: "https://gate.example/av3", standards: true)
        #expect(try other.request("orders").head.path?.hasPrefix("/av3/v3/orders?") ?? false)
    }

    @Test("a pack says what it takes off, and of nothing but its credentials")
    func diagnostics() {
        func errors(_ bases: String) -> [String] {
            PackReader.read(
                SourceText(
                    name: "p.yaml",
                    text: """
                        pack: p
                        source:
                          credentials: [token]
                          authorization: {header: A, value: "{token}"}
                          bases: \(bases)
                          streams: {orders: {get: /o, facts: [{kind: order, id: id}]}}
                        """), isBuiltIn: false
            ).1.filter { $0.severity == .error }.map(\.message)
        }
        #expect(errors(#"["/api/{token}", /api]"#).isEmpty)
        #expect(errors("[api]").first?.contains("begins with /") ?? false)
        #expect(errors("[\"/api/{vrsion}\"]").first?.contains("vrsion") ?? false)
    }
}
