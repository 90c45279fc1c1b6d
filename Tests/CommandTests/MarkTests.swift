import Foundation
import TestSupport
import Testing

@Suite("mark keeps what our own people know beside the facts", .timeLimit(.minutes(2)))
struct MarkTests {
    /// Elm stands in breach by three disputes out of seven orders.
    private static let fact = "refund/shop-elm/r3"

    private func disputes(_ sample: Sample, store: String = "shop-elm") async throws -> [String: Any] {
        let checked = try await sample.at("check", "--store", store, "--format", "json")
        let report = try #require(JSONSerialization.jsonObject(with: Data(checked.output.utf8)) as? [String: Any])
        let rules = try list(try list(report["stores"])[0]["rules"])
        return try #require(rules.first { $0["rule"] as? String == "disputes" })
    }

    private func marking(_ sample: Sample, _ arguments: String...) async throws -> Program.Outcome {
        try await sample.folder.run(["mark"] + arguments + ["--store", "shop-elm", "--why", "known", "--by", "Kim"])
    }

    @Test("both figures are shown, the standing stays the platform's, and undoing takes it back")
    func both() async throws {
        let sample = try await Sample()
        let bare = try await disputes(sample)
        #expect(bare["marks"] is NSNull && bare["standing"] as? String == "breach")
        let marked = try await marking(sample, Self.fact, "excluded")
        #expect(
            marked.status == 0 && marked.output.contains("refund/shop-elm/r3 of store shop-elm: excluded true, by Kim"))

        let rule = try await disputes(sample)
        #expect(
            rule["standing"] as? String == "breach"
                && (rule["values"] as? [String: Any])?["dispute_orders"] as? Int == 3)
        let marks = try #require(rule["marks"] as? [String: Any])
        #expect(marks["counted"] as? Bool == false)
        let with = try #require(marks["with"] as? [String: Any])
        // Two are below three, and no longer below two, which is preferred.
        #expect(with["standing"] as? String == "warning")
        #expect((with["values"] as? [String: Any])?["dispute_orders"] as? Int == 2)
        let table = try await sample.at("check", "--store", "shop-elm")
        #expect(
            table.output.contains("with marks: warning") && table.output.contains("dispute_orders 2"), "\(table.output)"
        )
        let page = try await sample.at("explain", "--store", "shop-elm", "disputes")
        #expect(
            page.output.contains("without marks breach, dispute_orders 3")
                && page.output.contains("with marks warning, dispute_orders 2"), "\(page.output)")
        // The platform still counts it.
        #expect(page.output.contains("shop-elm/r3"))

        let listed = try await sample.folder.run("mark", "list")
        #expect(
            listed.output.contains("refund/shop-elm/r3") && listed.output.contains("Kim")
                && listed.output.contains("known"))
        let undone = try await marking(sample, "undo", Self.fact)
        #expect(undone.status == 0 && undone.output.contains("taken back by Kim"))
        #expect(try await disputes(sample)["marks"] is NSNull)
        #expect(try await sample.folder.run("mark", "list").output.contains("nothing is marked"))
        let all = try await sample.folder.run("mark", "list", "--all", "--format", "json")
        let records = try list(JSONSerialization.jsonObject(with: Data(all.output.utf8)))
        #expect(records.count == 1 && (records[0]["undone"] as? [String: Any])?["by"] as? String == "Kim")
        #expect(try await sample.folder.run("verify").status == 0)
    }

    @Test("a store that says so stands by its marks, with its evidence and its headroom")
    func counted() async throws {
        let sample = try await Sample()
        _ = try await marking(sample, Self.fact, "appeal=won")
        try sample.folder.write(
            "goodstanding.yaml",
            Sample.configuration.replacing(
                #"{match: "shop-*", pack: shop}"#, with: #"{match: "shop-*", pack: shop, marks: counted}"#))
        let rule = try await disputes(sample)
        #expect(
            rule["standing"] as? String == "warning"
                && (rule["values"] as? [String: Any])?["dispute_orders"] as? Int == 2)
        let marks = try #require(rule["marks"] as? [String: Any])
        let without = try #require(marks["without"] as? [String: Any])
        #expect(marks["counted"] as? Bool == true && without["standing"] as? String == "breach")
        let page = try await sample.at("explain", "--store", "shop-elm", "disputes", "--format", "json")
        let explained = try #require(JSONSerialization.jsonObject(with: Data(page.output.utf8)) as? [String: Any])
        let found = try list(explained["rules"])[0]
        #expect(try list(found["evidence"]).map { $0["id"] as? String } == ["shop-elm/r1", "shop-elm/r2"])
        #expect(try list(found["headroom"]).first?["more"] as? Int == 1)
        let metrics = try await sample.at("metrics", "--store", "shop-elm", "--format", "csv")
        #expect(metrics.output.contains("shop-elm,dispute_orders,2"), "\(metrics.output)")
        // Others are as they were.
        #expect(try await disputes(sample, store: "shop-fir")["marks"] is NSNull)
    }

    @Test("a mark that changes no figure says so, and counts until its last moment")
    func until() async throws {
        let sample = try await Sample()
        let idle = try await marking(sample, "refund/shop-elm/r1", "liable=carrier")
        #expect(idle.status == 0 && idle.output.contains("no figure of a rule changes by it"))
        _ = try await marking(sample, Self.fact, "excluded", "--until", "2099-01-01")
        #expect(try await disputes(sample)["marks"] is [String: Any])
        let later = try await sample.folder.run(
            "check", "--store", "shop-elm", "--format", "json", "--at", "2099-01-01T00:00:00+08:00")
        let report = try #require(JSONSerialization.jsonObject(with: Data(later.output.utf8)) as? [String: Any])
        let rules = try list(try list(report["stores"])[0]["rules"])
        #expect(rules.allSatisfy { $0["marks"] is NSNull })
    }

    @Test("where standings follow marks, explain --since tells what a mark that was made since does")
    func since() async throws {
        let sample = try await Sample()
        try sample.folder.write(
            "goodstanding.yaml",
            Sample.configuration.replacing(
                "{match: \"shop-*\", pack: shop}", with: "{match: \"shop-*\", pack: shop, marks: counted}"))
        _ = try await marking(sample, Self.fact, "excluded")
        let page = try await sample.folder.run(
            "explain", "--store", "shop-elm", "disputes", "--since", "2026-03-02", "--format", "json")
        let report = try #require(JSONSerialization.jsonObject(with: Data(page.output.utf8)) as? [String: Any])
        let changes = try list(try list(report["rules"])[0]["changes"])
        let parts = try changes.flatMap { try list($0["parts"]) }
        #expect(parts.contains { $0["cause"] as? String == "marks" }, "\(page)")
        for change in changes {
            guard let then = change["then"] as? Double, let now = change["now"] as? Double else { continue }
            let sum = try list(change["parts"]).compactMap { $0["effect"] as? Double }.reduce(0, +)
            #expect(abs(sum - (now - then)) < 1e-9, "\(change)")
        }
    }

    @Test("an export carries marks and their undoings, and its import is the same again")
    func export() async throws {
        let sample = try await Sample()
        _ = try await marking(sample, Self.fact, "excluded", "--until", "2099-01-01")
        _ = try await marking(sample, "order/shop-elm/o1", "excluded")
        _ = try await marking(sample, "undo", "order/shop-elm/o1")
        let exported = try await sample.folder.run("export")
        #expect(exported.output.lines.filter { $0.contains(#""kind":"mark""#) }.count == 2)
        try sample.folder.write("copy.yaml", Sample.configuration.replacing("ledger.db", with: "copy.db"))
        let imported = try await sample.folder.run(
            "import", "--config", "copy.yaml", "-", input: exported.output)
        #expect(imported.status == 0 && imported.error.contains("2 marks"), "\(imported.error)")
        #expect(try await sample.folder.run("export", "--config", "copy.yaml").output == exported.output)
        let again = try await sample.folder.run(
            "import", "--config", "copy.yaml", "-", input: exported.output)
        #expect(again.status == 0 && !again.error.contains("mark"), "\(again.error)")
        let part = try await sample.folder.run("export", "--kinds", "order")
        #expect(part.output.lines.filter { $0.contains(#""kind":"mark""#) }.count == 1)
    }

    @Test("appeals know what is marked: a deadline that no API told, one that is lost, one that is won")
    func appeals() async throws {
        let sample = try await Sample()
        #expect(
            try await sample.folder.run("appeals", "--store", "shop-elm").output.contains(
                "nothing that can be contested"))
        let wrong = try await marking(sample, Self.fact, "appeal_by=2099-13-01")
        #expect(wrong.status == 64 && wrong.error.contains("'2099-13-01' is no value of appeal_by"))
        let soon = try await marking(sample, Self.fact, "appeal=open", "appeal_by=2099-01-01")
        #expect(soon.status == 0, "\(soon.error)")
        let page = try await sample.at("explain", "--store", "shop-elm", "disputes", "--format", "json")
        let explained = try #require(JSONSerialization.jsonObject(with: Data(page.output.utf8)) as? [String: Any])
        let evidence = try list(try list(explained["rules"])[0]["evidence"])
        // The day named is the last on which it can be contested.
        #expect(evidence.map { $0["contestable_until"] as? String } == [nil, nil, "2099-01-01T16:00:00Z"])
        let before = try await sample.at("explain", "--store", "shop-elm", "disputes")
        #expect(before.output.contains("CONTEST BY") && before.output.contains("2099-01-01T24:00:00+08:00"))
        _ = try await marking(sample, Self.fact, "appeal=lost")
        let after = try await sample.at("explain", "--store", "shop-elm", "disputes")
        #expect(!after.output.contains("CONTEST BY"), "\(after.output)")
    }

    @Test("a mark that is made when the clock has gone back counts, and one that changes nothing says so")
    func order() async throws {
        let sample = try await Sample()
        // Made by a clock an hour ahead.
        let ahead = ISO8601DateFormatter().string(from: Date().addingTimeInterval(3600))
        try sample.folder.write(
            "mark.jsonl",
            #"{"kind":"mark","store":"shop-elm","of":"refund","id":"shop-elm/r3","member":"excluded","value":"true","by":"Lee","why":"w","at":"\#(ahead)"}"#
                + "\n")
        let imported = try await sample.folder.run("import", "mark.jsonl")
        #expect(imported.status == 0 && imported.error.contains("1 mark"), "\(imported.error)")
        #expect(try await disputes(sample)["marks"] is [String: Any])
        // What another mark does is not told of this one.
        let idle = try await marking(sample, "refund/shop-elm/r1", "liable=carrier")
        #expect(idle.output.contains("no figure of a rule changes by it"), "\(idle.output)")
        let again = try await marking(sample, Self.fact, "excluded=false")
        #expect(again.output.contains("with and without marks"), "\(again.output)")
        #expect(try await disputes(sample)["marks"] is NSNull)
        let all = try await sample.folder.run("mark", "list", "--all")
        #expect(all.output.contains("replaced"), "\(all.output)")
    }

    @Test("what cannot be marked is refused with words, and nothing is kept")
    func refused() async throws {
        let sample = try await Sample()
        for (arguments, words) in [
            (["refund/none", "excluded"], "the ledger knows no refund 'none' of store 'shop-elm' that stands"),
            (["refnd/r1", "excluded"], "'refnd' is no kind of fact; did you mean 'refund'?"),
            (["r1", "excluded"], "'r1' names no fact; write its kind and its id, such as refund/R-17"),
            (
                [Self.fact, "amount=3"],
                "'amount' of refunds cannot be marked; there are excluded, liable, appeal, appeal_by"
            ),
            ([Self.fact, "liable"], "'liable' needs a value: liable=seller, liable=buyer"),
            ([Self.fact, "liable=nobody"], "'nobody' is no value of liable"),
            ([Self.fact, "excluded", "excluded=false"], "a member is named twice"),
            ([Self.fact, "excluded", "--until", "2026-01-01"], "--until 2026-01-01 lies in the past"),
            (["undo", Self.fact], "no mark on refund 'shop-elm/r3' of store 'shop-elm' is in force"),
        ] {
            let ended = try await sample.folder.run(["mark"] + arguments + ["--store", "shop-elm", "--why", "known"])
            #expect(ended.status == 64 && ended.error.contains(words), "\(arguments): \(ended.error)")
        }
        let silent = try await sample.folder.run("mark", Self.fact, "excluded", "--store", "shop-elm", "--why", " ")
        #expect(silent.status == 64 && silent.error.contains("--why says nothing"))
        let nobody = try await sample.folder.run("mark", Self.fact, "excluded", "--store", "shop-elmm", "--why", "w")
        #expect(nobody.status == 64 && nobody.error.contains("the ledger knows no refund"), "\(nobody.error)")
        #expect(try await sample.folder.run("mark", "list").output.contains("nothing is marked"))
    }
}
