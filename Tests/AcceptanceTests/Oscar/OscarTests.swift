import Foundation
import TestSupport
import Testing

/// A platform that came with no Swift: `oscar.yaml` is all that is known of it.
@Suite(
    "A platform added by YAML alone is pulled from a real shop",
    .enabled(if: OscarShop.isThere, OscarShop.absence), .timeLimit(.minutes(4)))
struct OscarTests {
    private func site(_ shop: OscarShop, token: String = OscarShop.token) throws -> Workplace {
        let folder = try Workplace()
        try folder.write("token", token + "\n")
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            packs: ["\(OscarShop.pack)"]
            stores:
              - {id: shop, pack: oscar, endpoint: "\(shop.address)", credentials: {token: {file: token}}}
            """)
        return folder
    }

    @Test(
        "its orders, returned lines and reviews are the shop's own, pull after pull, at the pace it asks for",
        arguments: [1])
    func whole(_ seed: Int) async throws {
        try await OscarShop.serving(rate: "8/3s") { shop in
            try await shop.drive("open", seed: seed)
            let site = try site(shop)
            var ledger = OscarLedger(site: site, shop: shop)
            try await ledger.pull()
            let opened = try await ledger.differences()
            #expect(opened.isEmpty, "\(opened.prefix(5))")
            #expect(ledger.count("refund") > 3 && ledger.count("rating") > 3 && ledger.count("line") > 22)

            try await shop.drive("change", seed: seed)
            try await ledger.pull()
            let changed = try await ledger.differences()
            #expect(changed.isEmpty, "\(changed.prefix(5))")
            try await figures(site, shop)

            // A word that the pack does not know keeps its order out, with its reason, and nothing else.
            try await shop.drive("hold", seed: seed)
            let checked = try await site.run("check", "--pull", "--all")
            let held = try await ledger.differences(but: "On hold")
            #expect(held.isEmpty, "\(held.prefix(5))")
            #expect(try await checked.status == standing(shop), "\(checked.everything)")
            let doctor = try await site.run("doctor")
            #expect(doctor.everything.contains("word is none that the pack knows"), "\(doctor.everything)")

            try paced(try shop.calls())
        }
    }

    @Test("a token that the shop does not take is told without it, and what is not known is unknown")
    func refused() async throws {
        try await OscarShop.serving(rate: "600/60s") { shop in
            let site = try site(shop, token: "fedcba9876543210")
            let pulled = try await site.run("pull")
            #expect(pulled.status == 1 && pulled.everything.contains("401"), "\(pulled.everything)")
            #expect(!pulled.everything.contains("fedcba9876543210"))
            #expect(try await site.run("check").status == 3)
        }
    }

    @Test("a person who writes such a pack is told of every slip")
    func pack() async throws {
        let folder = try Workplace()
        let text = try String(contentsOfFile: OscarShop.pack, encoding: .utf8)
        try folder.write("oscar.yaml", text)
        let checked = try await folder.run("rules", "check", "--deny-warnings", "oscar.yaml")
        #expect(checked.status == 0, "\(checked.everything)")
        try folder.write(
            "oscar.yaml",
            text.replacing("between: [/orders/, /]", with: "between: [/orders/]").replacing(
                "Token {token}", with: "Token {tokn}"))
        let slips = try await folder.run("rules", "check", "oscar.yaml")
        #expect(slips.status == 1 && slips.everything.contains("between is a list of two texts"), "\(slips)")
        #expect(slips.everything.contains("did you mean 'token'?"), "\(slips.everything)")
    }

    // MARK: What the shop's own database says

    /// The figures as of this day's beginning.
    private func figures(_ site: Workplace, _ shop: OscarShop) async throws {
        let day = Date().ISO8601Format(.iso8601.year().month().day())
        let printed = try await site.run("metrics", "--format", "csv", "--at", day + "T00:00:00Z")
        try #require(printed.status == 0, "\(printed.everything)")
        let ours = Dictionary(
            uniqueKeysWithValues: printed.output.split(separator: "\n").dropFirst().map { line in
                (CSV.fields(line)[1], CSV.fields(line)[2])
            })
        for (name, value) in try await truth(shop, day: day) {
            #expect(ours[name].flatMap(Double.init) == value, "\(name): \(ours[name] ?? "nothing"), not \(value)")
        }
    }

    private func truth(_ shop: OscarShop, day: String) async throws -> [String: Double] {
        let orders = """
            select count(*) as n from order_order o where status != 'Cancelled'
            and date(date_placed) >= date('\(day)', '-30 days') and date(date_placed) < '\(day)'
            """
        let reviews = """
            from reviews_productreview where status = 1
            and date(date_created) >= date('\(day)', '-90 days') and date(date_created) < '\(day)'
            """
        let returned = " and exists (select 1 from order_line l where l.order_id = o.id and l.status = 'Returned')"
        func number(_ query: String) async throws -> Double {
            try #require(try await shop.rows(query).first?["n"].flatMap(Double.init))
        }
        let (all, back) = (try await number(orders), try await number(orders + returned))
        let (count, sum) = (
            try await number("select count(*) as n " + reviews), try await number("select sum(score) as n " + reviews)
        )
        return [
            "placed_orders": all, "returned_orders": back, "return_share": back / all, "reviews": count,
            "mean_review": sum / count,
        ]
    }

    /// The exit code that the two rules of the pack come to.
    private func standing(_ shop: OscarShop) async throws -> Int32 {
        let figures = try await truth(shop, day: Date().ISO8601Format(.iso8601.year().month().day()))
        func figure(_ name: String) throws -> Double { try #require(figures[name]) }
        try #require(try figure("placed_orders") >= 10 && figure("reviews") >= 3, "a shop of some days")
        let few = try figure("returned_orders") < 3
        let (share, mean) = (try figure("return_share"), try figure("mean_review"))
        if !(few || share < 0.1) || mean < 4 { return 2 }
        return (few || share < 0.07) && mean >= 4.2 ? 0 : 1
    }

    /// No call came before the wait was over that an answer before it had asked for.
    private func paced(_ calls: [OscarShop.Call]) throws {
        let throttled = calls.enumerated().filter { $0.element.status == 429 }
        #expect(throttled.count >= 3, "the shop's rate was met")
        for (index, call) in throttled {
            let wait = try #require(call.wait.flatMap(Double.init), "the shop says how long")
            guard index + 1 < calls.count else { continue }
            #expect(calls[index + 1].came >= call.left + wait, "\(calls[index + 1]) after \(call)")
        }
        #expect(calls.allSatisfy { $0.status == 200 || $0.status == 429 })
    }
}
