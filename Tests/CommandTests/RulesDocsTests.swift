import TestSupport
import Testing

@Suite("rules docs and rules parameters", .timeLimit(.minutes(2)))
struct RulesDocsTests {
    @Test("a pack as a page names every metric, rule and limit, with source and basis, in either language")
    func docs() async throws {
        let folder = try Workplace()
        try folder.write("shop.yaml", Sample.pack)
        let english = try await folder.run("rules", "docs", "--format", "markdown", "shop.yaml")
        #expect(english.status == 0)
        try expectGolden(english.output, "rules-docs.md")
        let chinese = try await folder.run(["rules", "docs", "shop.yaml"], environment: ["LANG": "zh_CN.UTF-8"])
        for words in ["# 小店", "## 规则", "近30天纠纷", "平台公布"] { #expect(chinese.output.contains(words)) }
        let all = try await folder.run("rules", "docs")
        #expect(all.status == 0 && all.output.contains("(`pinduoduo`)") && all.output.contains("(`ebay`)"))
    }

    @Test("the form of missing limits names the place and our figure, and filled in it is configuration")
    func parameters() async throws {
        let sample = try await Sample()
        try sample.folder.write(
            "shop.yaml",
            Sample.pack.replacing(
                "  dispute_limit:\n",
                with:
                    "  help_limit: {type: rate, measure: shop.help, place: Back end → Service, title: Help limit}\n  dispute_limit:\n"
            )
            .replacing("rules:\n  disputes:", with: "rules:\n  help: {require: dispute_rate < help_limit}\n  disputes:")
        )
        let form = try await sample.folder.run("rules", "parameters", "--missing", "--store", "shop-elm")
        #expect(form.status == 0, "\(form)")
        for line in [
            "- id: \"shop-elm\"", "    # Help limit: help", "    # Back end → Service",
            "    # or bring it as the measure shop.help", "    # ours: dispute rate ",
            "    # help_limit:     # such as 1%",
        ] {
            #expect(form.output.contains(line), "\(form.output)")
        }
        // Every store has it now but the one that no entry lists by its id: it keeps what its pattern says.
        let whole = try await sample.folder.run("rules", "parameters", "--missing")
        try sample.folder.write(
            "limits.yaml", whole.output.replacing("    # help_limit:     # such as 1%", with: "    help_limit: 1%"))
        try sample.folder.write(
            "goodstanding.yaml", Sample.configuration + "\n  - limits.yaml\n")
        let checked = try await sample.folder.run("config", "check")
        #expect(checked.status == 0, "\(checked)")
        let judged = try await sample.at("explain", "--store", "shop-elm", "help")
        #expect(judged.output.contains("dispute_rate < 1%"), "\(judged.output)")
        try sample.folder.write(
            "twice.yaml", "- {id: silent, parameters: {help_limit: 2%}}\n- {id: x, parameters: {help_limit: 2%}}\n")
        try sample.folder.write("goodstanding.yaml", Sample.configuration + "\n  - limits.yaml\n  - twice.yaml\n")
        let twice = try await sample.folder.run("config", "check")
        #expect(
            twice.error.contains("twice.yaml:1:29: error: the parameter 'help_limit' of this store is given twice"),
            "\(twice.error)")
        #expect(twice.error.contains("no entry with a pack watches the store 'x' to which this adds"))
        try sample.folder.write("goodstanding.yaml", Sample.configuration + "\n  - limits.yaml\n")
        let none = try await sample.folder.run("rules", "parameters", "--missing")
        #expect(none.output == "" && none.error.contains("every limit of every store has a value"), "\(none)")
        #expect(try await sample.folder.run("rules", "parameters").status == 64)
    }

    @Test("rules diff says which limits moved, also against a built-in pack")
    func diff() async throws {
        let folder = try Workplace()
        try folder.write("old/shop.yaml", Sample.pack)
        try folder.write(
            "new/shop.yaml",
            Sample.pack.replacing("{value: 3,", with: "{value: 5, from: 2026-12-01,").replacing(
                "score >= 4.5", with: "score >= 4.6"))
        let ended = try await folder.run("rules", "diff", "old", "new")
        #expect(ended.status == 0)
        #expect(ended.output.contains("shop parameter dispute_limit: value was 3, is 5 (from 2026-12-01)"), "\(ended)")
        #expect(ended.output.contains("shop score: require was score >= 4.5, is score >= 4.6"), "\(ended)")
        #expect(try await folder.run("rules", "diff", "new", "new").output == "no difference\n")
        let builtIn = try await folder.run("rules", "diff", "marketplace", "old")
        // One on each side are held against each other, whatever they are called.
        #expect(
            builtIn.output.hasPrefix("marketplace is now shop\n") && builtIn.output.contains("shop rule 'score' added"),
            "\(builtIn)")
        func pack(_ changed: [String: String] = [:]) -> String {
            let parts = [
                "timezone": "timezone: UTC", "optional": "optional: [rating]", "first": "first: {refund: [reason]}",
                "settles": "settles: {order: 2d}", "windows": "windows: {w: 30d}",
                "kinds": "kinds: {dispute: refund where disputed}",
                "metrics": "metrics: {n: count(dispute by refunded_at over w), m: count(rating by rated_at over w)}",
                "rules":
                    "rules: {a: {require: n < 3, fresh: 2d, evidence: dispute by refunded_at over w}, b: {require: m < 3, assessed: {day: 20}}}",
                "gates": "gates: {g: {rules: [a]}}",
            ].merging(changed) { $1 }
            return "pack: p\n" + parts.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n") + "\n"
        }
        try folder.write("a.yaml", pack())
        for (part, text, words) in [
            ("timezone", "timezone: Asia/Shanghai", "p: timezone was UTC, is Asia/Shanghai"),
            ("optional", "optional: [penalty]", "p: optional was rating, is penalty"),
            ("first", "first: {refund: [type]}", "p: first was refund reason, is refund type"),
            ("settles", "settles: {order: 3d}", "p: settles was order 2d, is order 3d"),
            ("windows", "windows: {w: 60d}", "p window w: length was 30d, is 60d"),
            (
                "kinds", "kinds: {dispute: refund where intervened}",
                "p kind dispute: definition was refund where disputed"
            ),
            ("gates", "gates: {g: {rules: [a, b]}}", "p gate g: rules was a, is a, b"),
            (
                "rules",
                "rules: {a: {require: n < 3, fresh: 3d, evidence: refund by refunded_at over w}, b: {require: m < 3, assessed: {weekday: monday}}}",
                "p a: evidence was"
            ),
        ] {
            try folder.write("b.yaml", pack([part: text]))
            let ended = try await folder.run("rules", "diff", "a.yaml", "b.yaml")
            #expect(ended.output.contains(words), "\(ended)")
            if part == "rules" {
                #expect(ended.output.contains("p a: fresh was 2d, is 3d"))
                #expect(ended.output.contains("p b: assessed was {day: 20}, is {weekday: monday}"))
            }
        }
        let several = try await folder.run("rules", "diff", "old", "rules")
        #expect(several.status == 64)
        #expect(try await folder.run("rules", "diff", "nowhere", "old").status == 64)
    }
}
