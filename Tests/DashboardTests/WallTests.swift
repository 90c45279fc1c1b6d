import Facts
import HTTPTypes
import Testing

@Suite("The wall shows every store, and what is not known is never ok")
struct WallTests {
    @Test("the worst comes first, an unknown store before one that is ok, each with what decides")
    func order() async throws {
        let page = try await DashboardBench().get("/").body
        let places = try ["榆树店", "&lt;b&gt;Ash&lt;/b&gt;", "Fir", "Oak &amp; Sons"].map {
            try #require(page.firstRange(of: "\">\($0)</a>")?.lowerBound, "\($0)")
        }
        #expect(places == places.sorted())
        // Three of five are a fifth beyond the half, three refunds are just at what is too many.
        #expect(page.contains("refund rate 60%") && page.contains("<code>refund_rate &lt;= 50%</code>"))
        #expect(page.contains("20% beyond") && page.contains("33% left"))
        #expect(page.contains("<b>1</b> <span>breach</span>") && page.contains("<b>1</b> <span>unknown</span>"))
        #expect(page.contains("<b>1</b> <span>warning</span>") && page.contains("<b>1</b> <span>ok</span>"))
        #expect(!page.contains("<b>Ash</b>"))
    }

    @Test("by headroom: what nobody knows first, then the nearest to a limit, whatever it stands at")
    func room() async throws {
        let pack = DashboardBench.pack.replacing("prefer: refunds < 2", with: "prefer: refunds < 1").replacing(
            "given: paid_orders >= 4",
            with: "given: paid_orders >= 4\n  orders: {title: {en: Orders, zh: 订单}, require: paid_orders >= 5}")
        let page = try await DashboardBench(pack: pack).get("/?sort=room").body
        // Fir is in warning with a third of its room left; oak is ok, and none of its orders is to spare.
        let places = try ["&lt;b&gt;Ash&lt;/b&gt;", "榆树店", "Oak &amp; Sons", "Fir"].map {
            try #require(page.firstRange(of: "\">\($0)</a>")?.lowerBound, "\($0)")
        }
        #expect(places == places.sorted())
        let standing = try await DashboardBench(pack: pack).get("/").body
        let fir = try #require(standing.firstRange(of: "\">Fir</a>")?.lowerBound)
        #expect(fir < standing.firstRange(of: "\">Oak &amp; Sons</a>")?.lowerBound ?? fir)
    }

    @Test("standing, platform, label and text choose among them, and links keep the other choices")
    func filters() async throws {
        let bench = try await DashboardBench()
        for (query, names) in [
            ("standing=breach", ["榆树店"]), ("label=team%3Aeast", ["榆树店", "Oak"]), ("q=OAK", ["Oak"]),
            ("q=fir&label=team%3Awest", ["Fir"]), ("pack=other", []), ("label=team%3Aeast&standing=ok", ["Oak"]),
        ] {
            let page = try await bench.get("/?\(query)").body
            for name in ["榆树店", "Oak", "Fir"] {
                #expect(page.contains(">\(name)") == names.contains(name), "\(query): \(name)")
            }
            #expect(page.contains("No store fits.") == names.isEmpty, "\(query)")
        }
        let page = try await bench.get("/?label=team%3Aeast&lang=zh").body
        #expect(page.contains("href=\"/?label=team%3Aeast&amp;standing=breach\""))
        #expect(page.contains("href=\"/?label=team%3Aeast&amp;lang=en\""))
    }

    @Test(
        "it speaks the reader's language: by the header, by the switch, and it remembers the switch",
        arguments: [
            (nil, "/", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "/", "zh-CN"), ("fr, en;q=0.5, zh;q=0.4", "/", "en"),
            ("en;q=0.1, zh-TW;q=0.9", "/", "zh-CN"), ("en", "/?lang=zh", "zh-CN"), ("*", "/", "en"),
        ] as [(String?, String, String)])
    func language(header: String?, path: String, lang: String) async throws {
        let bench = try await DashboardBench()
        let answer = try await bench.get(path, header.map { [.acceptLanguage: $0] } ?? [:])
        #expect(answer.body.contains("<html lang=\"\(lang)\">"))
        #expect((answer.headers[.setCookie] != nil) == path.contains("lang"))
        if path.contains("lang") {
            let again = try await bench.get("/", [.cookie: "lang=zh", .acceptLanguage: "en"])
            #expect(again.body.contains("<html lang=\"zh-CN\">") && again.body.contains("不达标"))
        }
    }

    @Test("what a browser is told on every answer")
    func headers() async throws {
        let bench = try await DashboardBench()
        for path in ["/", "/healthz", "/stores/oak", "/stores/none", "/nowhere"] {
            let headers = try await bench.get(path).headers
            #expect(headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true, "\(path)")
            #expect(headers[.xContentTypeOptions] == "nosniff", "\(path)")
            #expect(try await !bench.get(path).body.isEmpty, "\(path)")
        }
    }
}
