import Foundation
import TestSupport
import Testing

@Suite("measure takes what only a back end shows", .timeLimit(.minutes(2)))
struct MeasureTests {
    /// A pack of three readings, one of them of two names, and a limit that the platform shows.
    private static let pack = """
        pack: shop
        title: {en: Shop, zh: 小店}
        timezone: Asia/Shanghai
        places:
          - names: [shop.help_rate]
            place: {en: "Back end, help", zh: 后台 › 求助}
          - place: {en: "Back end, score", zh: 后台 › 体验分}
        parameters:
          help_limit:
            type: rate
            title: {en: highest help rate, zh: 求助率上限}
            measure: shop.help_limit
            place: {en: "Back end, gates", zh: 后台 › 门槛}
          score_minimum: {type: number, measure: shop.score_minimum}
        metrics:
          score: latest(value of measure where name == "shop.score" by at over 7d including today)
          help_rate: latest(value of measure where name == "shop.help_rate" by at over 7d including today)
          claims: max(value of measure where name in ("shop.claims", "shop.real_claims") by at over 7d including today)
        titles:
          score: {en: experience score, zh: 体验分}
        rules:
          score: {require: score >= score_minimum, fresh: 7d}
          help: {require: help_rate <= help_limit, fresh: 1d}
          claims: {require: claims <= 3}
          later: {require: score >= 99, from: 2099-01-01, fresh: 1h}
        """

    private static let configuration = """
        database: sqlite:ledger.db
        packs: [shop.yaml]
        stores:
          - {id: a, pack: shop, parameters: {score_minimum: 80}}
          - {id: b, pack: shop}
        """

    private func workplace() throws -> Workplace {
        let folder = try Workplace()
        try folder.write("shop.yaml", Self.pack)
        try folder.write("goodstanding.yaml", Self.configuration)
        return folder
    }

    private func day(_ ago: Int) -> String {
        ISO8601DateFormatter().string(from: Date().addingTimeInterval(TimeInterval(-86_400 * ago)))
    }

    private func due(_ folder: Workplace, _ store: String) async throws -> [String] {
        let printed = try await folder.run("measure", "due", "--store", store, "--format", "json")
        try #require(printed.status == 0, "\(printed.error)")
        let list = try #require(
            JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [[String: Any]])
        return list.compactMap { $0["name"] as? String }
    }

    @Test("one reading at a time, exactly, and the figure is judged by it")
    func set() async throws {
        let folder = try workplace()
        let first = try await folder.run("measure", "set", "a", "shop.score", "82.5")
        #expect(first.status == 0 && first.output.hasPrefix("shop.score of store a: 82.5 at 20"), "\(first.everything)")
        let again = try await folder.run("measure", "set", "a", "shop.score", "79")
        #expect(again.output.contains("shop.score of store a: 79 at") && again.output.contains("(before: 82.5 at"))
        let share = try await folder.run("measure", "set", "a", "shop.help_rate", "0.6522%", "--expected", "1.2%")
        #expect(share.output.contains("shop.help_rate of store a: 0.006522, against 0.012 at"), "\(share.everything)")
        let metrics = try await folder.run("metrics", "--store", "a", "--format", "csv")
        #expect(metrics.output.contains("a,score,79\n") && metrics.output.contains("a,help_rate,0.006522\n"))
        let standing = try await folder.run("check", "--store", "a", "--format", "json")
        let rules = try #require(try Check(standing.output).stores["a"]?.rules)
        #expect(rules.first { $0.rule == "score" }?.standing == "breach", "\(standing.output)")
        let exported = try await folder.run("export", "--kinds", "measure")
        #expect(exported.output.contains(#""value":0.006522,"expected":0.012"#), "\(exported.output)")
        #expect(try await folder.run("verify").status == 0)
    }

    @Test("a reading below zero is no option, wherever it stands")
    func below() async throws {
        let folder = try workplace()
        for arguments in [["shop.score", "-5", "--expected", "-4.5"], ["--expected=-4.5", "shop.score", "-5"]] {
            let below = try await folder.run(["measure", "set", "a"] + arguments)
            #expect(below.status == 64 && below.error.contains("no figure below zero, as -"), "\(below.everything)")
            #expect(try await !folder.run("export").output.contains("shop.score"))
        }
        let odd = try await folder.run("measure", "set", "a", "shop.score", "-x")
        #expect(odd.status == 64 && odd.error.contains("value"), "\(odd.everything)")
    }

    @Test("the same moment is written over, and a day is its first moment in the store's zone")
    func moments() async throws {
        let folder = try workplace()
        for (value, at) in [("80", "2026-03-02"), ("81", "2026-03-02T00:00:00+08:00"), ("82", "2026-03-02 00:00")] {
            let ended = try await folder.run("measure", "set", "a", "shop.score", value, "--at", at)
            #expect(
                ended.status == 0 && ended.output.contains("\(value) at 2026-03-02T00:00:00+08:00"),
                "\(ended.everything)")
        }
        let exported = try await folder.run("export", "--kinds", "measure")
        #expect(exported.output.lines.filter { $0.contains(#""kind":"measure""#) && $0.contains(#""id""#) }.count == 1)
        #expect(exported.output.contains(#""at":"2026-03-01T16:00:00Z","value":82"#), "\(exported.output)")
    }

    @Test("a wrong word is told with what is right, and nothing is kept")
    func refused() async throws {
        let folder = try workplace()
        for (arguments, words) in [
            (["z", "shop.score", "1"], "no entry of the configuration watches a store 'z'"),
            (["a", "shop.scor", "1"], "reads a measure 'shop.scor'; did you mean 'shop.score'?"),
            (["a", "score", "1"], "did you mean 'shop.score'?"),
            (["a", "shop.score", "1,234"], "value '1,234' is no number: write 1234.5, without commas"),
            (["a", "shop.score", "high"], "value 'high' is no number"),
            (["a", "shop.score", "1e15"], "value 1e15 is too large"),
            (["a", "shop.score", "1", "--at", "02.03.2026"], "'02.03.2026' is no day such as 2026-03-02"),
            (["a", "shop.score", "1", "--at", "2099-01-01"], "2099-01-01 lies in the future"),
            (["a", "shop.score"], "<value>"),
        ] {
            let ended = try await folder.run(["measure", "set"] + arguments)
            #expect(ended.status == 64 && ended.error.contains(words), "\(arguments): \(ended.everything)")
        }
        let chinese = try await folder.run(
            ["measure", "set", "a", "score", "1"], environment: ["LANG": "zh_CN.UTF-8"])
        #expect(chinese.error.contains("规则包“shop”没有使用名为“score”的指标；是否应为“shop.score”？"), "\(chinese.error)")
        // A percentage without its sign is taken, with a doubt.
        let doubt = try await folder.run("measure", "set", "a", "shop.help_limit", "1.34")
        #expect(doubt.status == 0 && doubt.error.contains("did you mean 1.34%?"), "\(doubt.everything)")
    }

    @Test("a score that is none is refused, and what looks like a slip of the pen is doubted")
    func slips() async throws {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\nstores: [{id: p, pack: pinduoduo}, {id: t, pack: taobao}]\n")
        // A mean of scores, by what the pack holds it against; and the limit that it is held to.
        for (store, name, value) in [
            ("p", "pinduoduo.dsr_description", "48"), ("t", "taobao.dsr_service", "0"),
            ("t", "taobao.dsr_service_minimum", "46"),
        ] {
            let ended = try await folder.run("measure", "set", store, name, value)
            #expect(
                ended.status == 64 && ended.error.contains("\(name) lies between 1 and 5, and \(value) does not"),
                "\(ended.everything)")
        }
        try folder.write("m.csv", "store,pinduoduo.dsr_description,pinduoduo.stars\np,48,4.5\n")
        let table = try await folder.run("measure", "import", "m.csv")
        #expect(
            table.status == 1 && table.error.contains("line 2: pinduoduo.dsr_description lies between 1 and 5"),
            "\(table.error)")
        #expect(table.output.contains("pinduoduo.stars of store p: 4.5"), "\(table.output)")
        for (name, value, words) in [
            ("pinduoduo.help_rate", "1.5", "which 1.5 is more than all; did you mean 1.5%?"),
            ("pinduoduo.help_rate", "0.65%", nil), ("pinduoduo.help_rate", "0.65", "did you mean 0.65%?"),
            ("pinduoduo.stars", "45", "did you mean 4.5?"), ("pinduoduo.dsr_description", "4.8", nil),
        ] as [(String, String, String?)] {
            let ended = try await folder.run("measure", "set", "p", name, value)
            #expect(ended.status == 0, "\(ended.everything)")
            #expect(words.map { ended.error.contains($0) } ?? ended.error.isEmpty, "\(name) \(value): \(ended.error)")
        }
    }

    @Test("a reading is taken back: the one before it counts again, and that of a moment may be named")
    func undo() async throws {
        let folder = try workplace()
        let first = day(3)
        for (value, at) in [("81", first), ("82", day(2)), ("28", day(1))] {
            let set = try await folder.run("measure", "set", "a", "shop.score", value, "--at", at)
            try #require(set.status == 0, "\(set.everything)")
        }
        let newest = try await folder.run("measure", "undo", "a", "shop.score")
        #expect(newest.status == 0 && newest.output.contains("taken back: shop.score of store a, 28 at 20"))
        #expect(newest.output.contains("; the newest is 82 at 20"), "\(newest.everything)")
        let metrics = try await folder.run("metrics", "--store", "a", "--format", "csv")
        #expect(metrics.output.contains("a,score,82\n"), "\(metrics.output)")
        let older = try await folder.run("measure", "undo", "a", "shop.score", "--at", first)
        #expect(older.status == 0 && older.output.contains("81 at 20") && older.output.contains("newest is 82"))
        let last = try await folder.run(
            ["measure", "undo", "a", "shop.score"], environment: ["LANG": "zh_CN.UTF-8"])
        #expect(last.output.hasPrefix("已撤回：") && last.output.contains("已无其他读数"), "\(last.everything)")
        for (arguments, words) in [
            (["a", "shop.score"], "there is no reading of shop.score at 'a'"),
            (["a", "shop.scor"], "did you mean 'shop.score'?"), (["z", "shop.score"], "watches a store 'z'"),
        ] {
            let ended = try await folder.run(["measure", "undo"] + arguments)
            #expect(ended.status == 64 && ended.error.contains(words), "\(ended.everything)")
        }
        // It can be entered again, and the ledger's sums are right.
        #expect(try await folder.run("measure", "set", "a", "shop.score", "83").status == 0)
        #expect(try await folder.run("metrics", "--store", "a", "--format", "csv").output.contains("a,score,83\n"))
        #expect(try await folder.run("verify").status == 0)
        // What a file brought is the file's.
        try folder.write(
            "m.jsonl",
            #"{"kind":"measure","store":"b","id":"shop.score@1","name":"shop.score","at":"\#(day(1))","value":90}"#
                + "\n")
        try #require(try await folder.run("import", "m.jsonl").status == 0)
        let theirs = try await folder.run("measure", "undo", "b", "shop.score")
        #expect(
            theirs.status == 64 && theirs.error.contains("nobody entered a reading of shop.score"), "\(theirs.error)")
    }

    @Test("what is due is what rules look at and nobody entered, or what has grown old")
    func wanted() async throws {
        let folder = try workplace()
        // The limit that the configuration sets is not asked for.
        #expect(
            try await due(folder, "a")
                == ["shop.score", "shop.help_rate", "shop.claims", "shop.real_claims", "shop.help_limit"])
        #expect(try await due(folder, "b").contains("shop.score_minimum"))
        for (name, ago) in [("shop.score", 5), ("shop.help_rate", 5), ("shop.real_claims", 1), ("shop.help_limit", 2)] {
            let ended = try await folder.run("measure", "set", "a", name, "0.5", "--at", day(ago))
            try #require(ended.status == 0, "\(ended.everything)")
        }
        // A score may be a week old, help a day; of the two names of claims one will do.
        #expect(try await due(folder, "a") == ["shop.help_rate", "shop.help_limit"])
        let table = try await folder.run("measure", "due", "--store", "a")
        #expect(
            table.output.contains("shop.help_rate") && table.output.contains("Back end, help")
                && table.output.contains("0.5, 20") && table.output.contains("highest help rate"), "\(table.output)")
        let chinese = try await folder.run(["measure", "due", "--store", "b"], environment: ["LANG": "zh_CN.UTF-8"])
        #expect(
            chinese.output.contains("从未录入") && chinese.output.contains("后台 › 体验分") && chinese.output.contains("体验分"))
        #expect(try await folder.run("measure", "due", "--store", "x*").status == 64)
    }

    @Test("the form that due prints is what import takes back, filled in by a spreadsheet in its own way")
    func form() async throws {
        let folder = try workplace()
        let form = try await folder.run(
            ["measure", "due", "--store", "a", "--format", "csv"], environment: ["LANG": "zh_CN.UTF-8"])
        #expect(form.output.hasPrefix("store,name,value,expected,at,title,place\n"))
        let filled = form.output.replacing("a,shop.score,,,", with: "a,shop.score,82,,2026-03-02")
            .replacing("a,shop.help_rate,,", with: "a,shop.help_rate,0.65%,1%")
        // As Excel in China saves it.
        let iconv = try #require(Tool("iconv"))
        let bytes = try await iconv.run(
            ["-f", "UTF-8", "-t", "GB18030"], input: Array(filled.replacing("\n", with: "\r\n").utf8))
        try folder.write("filled.csv", bytes: bytes)
        let ended = try await folder.run("measure", "import", "filled.csv")
        #expect(ended.status == 0, "\(ended.everything)")
        #expect(ended.output.contains("shop.score of store a: 82 at 2026-03-02T00:00:00+08:00"), "\(ended.output)")
        #expect(ended.output.contains("0.0065, against 0.01 at") && ended.output.contains("3 readings left empty"))
    }

    @Test("a row a store: a column for each measure, wrong ones told by line, the others taken")
    func wide() async throws {
        let folder = try workplace()
        try folder.write(
            "wide.csv",
            """
            \u{FEFF}store;shop.score;shop.help_rate;at
            a;82;0.65%;2026-03-02
            b;;1%;2026-03-02
            c;80;;
            b;eighty;;2026-03-03
            a;83;;2026-03-02

            """)
        let ended = try await folder.run("measure", "import", "wide.csv")
        #expect(ended.status == 1, "\(ended.everything)")
        for words in [
            "line 4: no entry of the configuration watches a store 'c'", "line 5: value 'eighty' is no number",
            "line 6: shop.score of store 'a' stands on line 2 already",
        ] { #expect(ended.error.contains(words), "\(ended.error)") }
        #expect(ended.output.lines.filter { $0.contains(" of store ") }.count == 3, "\(ended.output)")
        for (text, words) in [("shop,x\na,1\n", "is no table of readings"), ("", "is no table of readings")] {
            try folder.write("odd.csv", text)
            let odd = try await folder.run("measure", "import", "odd.csv")
            #expect(odd.status == 1 && odd.error.contains(words), "\(odd.everything)")
        }
        let missing = try await folder.run("measure", "import", "none.csv")
        #expect(missing.status == 1 && missing.error.contains("Opening none.csv failed"), "\(missing.everything)")
    }

    @Test("where another source brings the measure, what a person enters is set aside and that is told")
    func setAside() async throws {
        let folder = try workplace()
        try folder.write(
            "m.jsonl",
            #"{"kind":"measure","store":"a","id":"1","name":"shop.score","at":"\#(day(1))","value":90}"# + "\n")
        #expect(try await folder.run("import", "m.jsonl").status == 0)
        let ended = try await folder.run("measure", "set", "a", "shop.score", "70")
        #expect(ended.status == 1 && ended.error.contains("`sources: {measure: hand}`"), "\(ended.everything)")
        #expect(try await folder.run("metrics", "--store", "a", "--format", "csv").output.contains("a,score,90"))
        // Another measure is free.
        #expect(try await folder.run("measure", "set", "a", "shop.help_rate", "1%").status == 0)
    }

    @Test("every reading that a shipped pack looks at has a title and a place, in both languages")
    func places() async throws {
        let folder = try Workplace()
        let packs = [
            "aliexpress", "amazon", "auto-dealer", "card-networks", "douyin", "ebay", "etsy", "jd", "kuaishou",
            "lazada",
            "mercadolibre", "pinduoduo", "shopee", "taobao", "tiktok-shop", "walmart", "warehouse", "weixin-channels",
            "xiaohongshu",
        ]
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\nstores:\n"
                + packs.map { "  - {id: \($0), pack: \($0), timezone: UTC, currency: CNY}\n" }.joined())
        // Before there is a ledger, and without making one.
        let printed = try await folder.run("measure", "due", "--format", "json")
        let list = try #require(JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [[String: Any]])
        #expect(Set(list.compactMap { $0["store"] as? String }) == Set(packs))
        for item in list {
            let (title, place) = (item["title"] as? [String: String], item["place"] as? [String: String])
            #expect(title?["zh"] != nil, "\(item["name"] ?? "") has no title")
            #expect(place?["en"] != nil && place?["en"] != place?["zh"], "\(item["name"] ?? "") has no place")
        }
    }
}
