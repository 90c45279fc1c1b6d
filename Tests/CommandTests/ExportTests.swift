import TestSupport
import Testing

@Suite("What export writes, import takes again, unchanged")
struct ExportTests {
    /// Everything that is easy to lose on the way: versions, members as first known, deletions, hashed buyers, labels,
    /// fractions of a second, decimals, kinds without an order, two stores, a name in another script.
    static let pack = """
        pack: shop
        timezone: Asia/Shanghai
        currency: CNY
        labels: [category]
        first: {refund: [reason, refunded_at, intervened]}
        metrics:
          orders: count(order by paid_at over 30d)
          buyers: distinct(buyer of order by paid_at over 30d)
          revenue: sum(amount of order by paid_at over 30d)
          bags: count(order where labels.category == "箱包" by paid_at over 30d)
          quality: count(refund where reason == quality by refunded_at over 30d)
          wait: mean(shipped_at - paid_at of order by paid_at over 30d)
          stock: latest(value of measure where name == "stock" by at over 30d)
          open_cases: count(case where resolved_at is missing by opened_at over 30d)
        rules:
          orders: {require: orders >= 2}
          quality: {require: quality < 1, given: orders >= 1}
        """

    static let facts = """
        {"kind":"order","store":"s","id":"o1","updated_at":"2026-02-03T10:00:00+08:00",\
        "paid_at":"2026-02-03T10:00:00.123456+08:00","shipped_at":"2026-02-04T00:00:00Z","status":"paid",\
        "amount":"19.90","currency":"CNY","buyer":"Alice","labels":{"category":"箱包","size":"9"},"phone":"555-0100"}
        {"kind":"order","store":"s","id":"o2","paid_at":"2026-02-04T10:00:00+08:00","status":"paid","amount":0.1,\
        "currency":"CNY","buyer":"Alice"}
        {"kind":"order","store":"s","id":"o3","paid_at":"2026-02-05T10:00:00+08:00","amount":12,"currency":"CNY",\
        "buyer":"Bob"}
        {"kind":"order","store":"s","id":"gone","updated_at":"2026-02-06T10:00:00+08:00",\
        "paid_at":"2026-02-06T10:00:00+08:00"}
        {"kind":"order","store":"s","id":"gone","updated_at":"2026-02-07T10:00:00+08:00","deleted":true}
        {"kind":"refund","store":"s","id":"never-seen","deleted":true}
        {"kind":"refund","store":"s","id":"r1","order":"o1","updated_at":"2026-02-08T10:00:00+08:00",\
        "reason":"quality","refunded_at":"2026-02-08T09:00:00+08:00","status":"refunded"}
        {"kind":"refund","store":"s","id":"r1","order":"o1","updated_at":"2026-02-10T10:00:00+08:00",\
        "reason":"changed_mind","refunded_at":"2026-03-09T09:00:00+08:00","status":"refunded"}
        {"kind":"rating","store":"店铺 \\"乙\\"","id":"t1","rated_at":"2026-02-08T10:00:00+08:00","description":4.5,\
        "order":"o1"}
        {"kind":"order","store":"店铺 \\"乙\\"","id":"o1","paid_at":"2026-02-08T10:00:00+08:00","excluded":true}
        {"kind":"measure","store":"s","id":"m","name":"stock","at":"2026-02-08T10:00:00+08:00","value":-3.5}
        {"kind":"case","store":"s","id":"c","type":"complaint","severity":2,"opened_at":"2026-02-08T10:00:00+08:00"}
        {"kind":"penalty","store":"s","id":"p","type":"late","issued_at":"2026-02-08T10:00:00+08:00","points":2}

        """

    /// One folder, two ledgers: `first.yaml` and `second.yaml`.
    private func folder() throws -> Workplace {
        let folder = try Workplace()
        try folder.write("shop.yaml", Self.pack)
        for name in ["first", "second"] {
            let rest = "packs: [shop.yaml]\nstores: [{match: \"*\", pack: shop}]\n"
            try folder.write("\(name).yaml", "database: sqlite:\(name).db\n\(rest)")
        }
        return folder
    }

    private func importing(_ text: String, into ledger: String, _ folder: Workplace) async throws {
        let ended = try await folder.run(
            "import", "--config", "\(ledger).yaml", "--complete-until", Sample.complete, "-", input: text)
        try #require(ended.status == 0 && !ended.error.contains("quarantined"), "\(ended.error)")
    }

    private func exported(_ ledger: String, _ folder: Workplace) async throws -> String {
        let ended = try await folder.run("export", "--config", "\(ledger).yaml")
        #expect(ended.status == 0 && ended.error == "", "\(ended.error)")
        return ended.output
    }

    @Test("the figures and standings of a ledger and its copy are the same to the byte")
    func copy() async throws {
        let folder = try folder()
        try await importing(Self.facts, into: "first", folder)
        let text = try await exported("first", folder)
        try await importing(text, into: "second", folder)
        #expect(try await exported("second", folder) == text)

        for command in [["metrics", "--format", "csv"], ["check", "--format", "json"]] {
            let first = try await folder.run(command + ["--config", "first.yaml", "--at", Sample.at])
            let second = try await folder.run(command + ["--config", "second.yaml", "--at", Sample.at])
            #expect(first.output == second.output && first.status == second.status, "\(command[0])")
            #expect(first.output.lines.count > 1 && !first.hasCrashed)
        }
        #expect(try await folder.run("verify", "--config", "second.yaml").status == 0)
    }

    @Test("the figures are those that the facts give by hand")
    func figures() async throws {
        let folder = try folder()
        try await importing(Self.facts, into: "first", folder)
        let printed = try await folder.run("metrics", "--config", "first.yaml", "--at", Sample.at, "--format", "csv")
        let ours = printed.output.lines.filter { $0.hasPrefix("s,") }
        // From payment at 02:00:00.123456Z to the parcel at midnight: 22 hours less 0.123456 s.
        #expect(
            ours == [
                "s,bags,1", "s,buyers,2", "s,open_cases,1", "s,orders,3", "s,quality,1", "s,revenue,32", "s,stock,-3.5",
                "s,wait,79199.876544",
            ])
    }

    @Test("deletions go along, so that what was deleted stays so in the copy")
    func tombstones() async throws {
        let folder = try folder()
        try await importing(Self.facts, into: "first", folder)
        let text = try await exported("first", folder)
        let tombstones = text.lines.filter { $0.contains(#""deleted":true"#) }
        #expect(tombstones.count == 2 && tombstones.contains { $0.contains("never-seen") })
        try await importing(text, into: "second", folder)
        // The version from before the deletion, brought once more.
        try await importing(Self.facts.lines[3], into: "second", folder)
        #expect(try await exported("second", folder) == text)
    }

    @Test("what was first known goes along, so that a later version cannot undo it in the copy")
    func firstKnown() async throws {
        let folder = try folder()
        try await importing(Self.facts, into: "first", folder)
        try await importing(try await exported("first", folder), into: "second", folder)
        let later = """
            {"kind":"refund","store":"s","id":"r1","order":"o1","updated_at":"2026-02-20T10:00:00Z","reason":"other"}
            """
        for ledger in ["first", "second"] { try await importing(later, into: ledger, folder) }
        let text = try await exported("second", folder)
        let refund = try #require(text.lines.first { $0.contains(#""id":"r1""#) })
        #expect(refund.contains("quality") && refund.contains(#""refunded_at":"2026-02-08"#), "\(refund)")
        #expect(try await exported("first", folder) == text)
    }

    @Test("nothing that names a person comes out")
    func persons() async throws {
        let folder = try folder()
        try await importing(Self.facts, into: "first", folder)
        let text = try await exported("first", folder)
        for word in ["Alice", "Bob", "555-0100", "size"] { #expect(!text.contains(word)) }
        #expect(text.contains(#""buyer":"h:"#) && text.contains(#""category":"箱包""#))
    }

    @Test("some stores or some kinds, and what there is not is wrong usage")
    func selection() async throws {
        let folder = try folder()
        try await importing(Self.facts, into: "first", folder)
        let all = try await exported("first", folder).lines
        let kinds = try await folder.run("export", "--config", "first.yaml", "--kinds", "refund,rating")
        let ofKinds = all.filter { $0.hasPrefix(#"{"kind":"refund""#) || $0.hasPrefix(#"{"kind":"rating""#) }
        #expect(ofKinds.count == 3 && kinds.output.lines.filter(\.isFact) == ofKinds)
        let store = try await folder.run("export", "--config", "first.yaml", "--store", "店铺*")
        let ofStore = all.filter { $0.contains("店铺") && $0.isFact }
        #expect(ofStore.count == 2 && store.output.lines.filter(\.isFact) == ofStore)
        for arguments in [["--kinds", "ordr"], ["--store", "nobody*"]] {
            let ended = try await folder.run(["export", "--config", "first.yaml"] + arguments)
            #expect(ended.status == 64 && ended.output == "" && ended.error.contains(arguments[1]))
        }
    }

    @Test("which lists a platform withholds is said with what is covered, is no figure of the store's, and goes along")
    func withheld() async throws {
        let folder = try folder()
        let told = """
            {"kind":"coverage","store":"s","list":"disputes","withheld":true,"at":"2026-01-01T00:00:00Z"}
            {"kind":"coverage","store":"s","list":"trash","withheld":false,"at":"2026-01-01T00:00:00Z"}
            """
        // Versions before wrote it as the reading that it is in the ledger.
        let old = """
            {"kind":"measure","store":"s","id":"withheld.disputes","name":"withheld.disputes","at":"2026-01-01T00:00:00Z","value":1}
            {"kind":"measure","store":"s","id":"withheld.trash","name":"withheld.trash","at":"2026-01-01T00:00:00Z","value":0}
            """
        try await importing(Self.facts + told + "\n", into: "first", folder)
        try await importing(Self.facts + old + "\n", into: "second", folder)
        let text = try await exported("first", folder)
        func lists(_ text: String) -> [String] { text.lines.filter { $0.contains(#""list":"#) } }
        #expect(lists(text) == told.lines && !text.contains("withheld."), "\(lists(text))")
        let second = try await exported("second", folder)
        #expect(lists(second) == told.lines && second.lines.count == text.lines.count)
        for wrong in [
            #""list":"x","at":"2026-01-01T00:00:00Z""#, #""list":"","withheld":true,"at":"2026-01-01T00:00:00Z""#,
            #""list":"x","withheld":true"#,
        ] {
            let ended = try await folder.run(
                "import", "--config", "first.yaml", "-", input: #"{"kind":"coverage","store":"s",\#(wrong)}"# + "\n")
            #expect(ended.error.contains("quarantined"), "\(ended.everything)")
        }
        #expect(try await exported("first", folder) == text)
    }

    @Test("a copy knows no more and no less to be complete: what was stale is stale, what was vouched for still is")
    func coverage() async throws {
        let sample = try await Sample()
        // Nobody brought a case of ivy, and the file says that there was none since December.
        let known = try await sample.folder.run(
            "import", "--kinds", "case", "--complete-from", "2025-12-02T00:00:00+08:00", "--complete-until",
            Sample.complete, "-",
            input: #"{"kind":"order","store":"shop-ivy","id":"shop-ivy/o1","paid_at":"2026-02-03T10:00:00+08:00"}"#
                + "\n")
        try #require(known.status == 0, "\(known.error)")
        let exported = try await sample.folder.run("export")
        try sample.folder.write("copy.yaml", Sample.configuration.replacing("ledger.db", with: "copy.db"))
        let imported = try await sample.folder.run("import", "--config", "copy.yaml", "-", input: exported.output)
        #expect(imported.status == 0, "\(imported.error)")
        #expect(try await sample.folder.run("export", "--config", "copy.yaml").output == exported.output)
        for moment in [Sample.at, "2026-03-06T12:00:00+08:00", "2026-02-20T12:00:00+08:00"] {
            let (own, copied) = (
                try await sample.folder.run("check", "--format", "json", "--at", moment),
                try await sample.folder.run("check", "--format", "json", "--at", moment, "--config", "copy.yaml")
            )
            #expect(own.output == copied.output && own.status == copied.status, "\(moment)")
        }
        #expect(exported.output.lines.contains { $0.contains(#""kind":"coverage""#) && $0.contains("from") })
    }
}

extension String {
    /// A line of an export that is a fact, and not what is said beside facts.
    fileprivate var isFact: Bool { !isEmpty && !contains(#""kind":"coverage""#) }
}
