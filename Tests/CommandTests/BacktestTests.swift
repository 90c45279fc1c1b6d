import Foundation
import TestSupport
import Testing

@Suite("Along past days", .timeLimit(.minutes(3)))
struct BacktestTests {
    private struct Course {
        var standings: [String]
        var days: [String: Int]
        var changes: [String]
        var events: [String]
    }

    private func courses(_ rules: Any?) throws -> [String: Course] {
        var courses: [String: Course] = [:]
        for rule in try list(rules) {
            let key = try "\(string(rule["store"])) \(string(rule["rule"]))"
            courses[key] = Course(
                standings: try #require(rule["standings"] as? [String]),
                days: try #require(rule["days"] as? [String: Int]),
                changes: try list(rule["changes"]).map { try "\(string($0["day"])) \(string($0["to"]))" },
                events: try list(rule["events"]).map { try "\(string($0["event"])) \(string($0["reason"]))" })
        }
        return courses
    }

    private func backtest(_ sample: Sample, _ more: String...) async throws -> [String: Any] {
        let ended = try await sample.folder.run(
            ["backtest", "--from", "2026-02-10", "--to", "2026-03-02", "--format", "json"] + more)
        try #require(ended.status == 0, "\(ended.error)")
        return try object(JSONSerialization.jsonObject(with: Data(ended.output.utf8)))
    }

    @Test("it says of every day what a check as of that day says")
    func sameAsCheck() async throws {
        let sample = try await Sample()
        let told = try await courses(backtest(sample)["rules"])
        var compared = 0
        for (index, day) in [(0, "2026-02-10"), (9, "2026-02-19"), (10, "2026-02-20"), (20, "2026-03-02")] {
            let report = try await sample.folder.run("check", "--at", "\(day)T00:00:00+08:00", "--format", "json")
                .output
            for (store, found) in try Check(report).stores {
                for rule in found.rules {
                    let course = told["\(store) \(rule.rule)"]
                    guard let course else {
                        // Nothing is told of what was ok or unjudged throughout.
                        #expect(["ok", "unjudged"].contains(rule.standing), "\(store) \(rule.rule) \(day)")
                        continue
                    }
                    #expect(course.standings[index] == rule.standing, "\(store) \(rule.rule) \(day)")
                    compared += 1
                }
            }
        }
        #expect(compared > 10)
    }

    @Test("where marks count, each day has those that were in force on it")
    func marks() async throws {
        let sample = try await Sample()
        try sample.folder.write(
            "mark.jsonl",
            #"{"kind":"mark","store":"shop-fir","of":"refund","id":"shop-fir/r1","member":"excluded","value":"true","by":"Kim","why":"w","at":"2026-02-11T00:00:00Z","until":"2026-02-26T00:00:00+08:00"}"#
                + "\n")
        _ = try await sample.folder.run("import", "mark.jsonl")
        try sample.folder.write(
            "goodstanding.yaml",
            Sample.configuration.replacing(#"pack: shop}"#, with: #"pack: shop, marks: counted}"#))
        let told = try await courses(backtest(sample)["rules"])
        for (index, day) in [(14, "2026-02-24"), (16, "2026-02-26"), (20, "2026-03-02")] {
            let report = try await sample.folder.run("check", "--at", "\(day)T00:00:00+08:00", "--format", "json")
                .output
            let rule = try #require(try Check(report).stores["shop-fir"]?.rules.first { $0.rule == "disputes" })
            // Without the first dispute there is one only.
            #expect(rule.standing == (index < 16 ? "ok" : "warning"), "\(day)")
            #expect(told["shop-fir disputes"]?.standings[index] == rule.standing, "\(day)")
        }
    }

    @Test("a pack that judges no store is refused, and so is one that is not there")
    func unused() async throws {
        let sample = try await Sample()
        try sample.folder.write("mine.yaml", Sample.pack.replacing("pack: shop", with: "pack: mine"))
        for (pack, words) in [
            ("mine.yaml", "no store is judged by the pack of mine.yaml"), ("no.yaml", "no.yaml does not exist"),
        ] {
            let ended = try await sample.folder.run(
                "backtest", "--from", "2026-02-10", "--to", "2026-02-12", "--pack", pack)
            #expect(ended.status == 64 && ended.error.contains(words), "\(ended.error)")
        }
    }

    @Test("it tells each change with its day, and the alerts that would have gone out")
    func changes() async throws {
        let sample = try await Sample()
        let elm = try #require(try await courses(backtest(sample)["rules"])["shop-elm disputes"])
        // Its three disputes are refunded on different days; the third makes a breach on the day after.
        #expect(elm.changes.last == "2026-03-02 breach", "\(elm)")
        #expect(elm.events.first == "firing limit" && elm.events.last == "raised worsened", "\(elm)")
        #expect(elm.days.values.reduce(0, +) == 21 && elm.standings.count == 21)
        let table = try await sample.folder.run("backtest", "--from", "2026-02-10", "--to", "2026-03-02")
        #expect(
            table.output.contains("Disputes in 30 days") && table.output.contains("warning → breach"), "\(table.output)"
        )
    }

    @Test("another pack beside it shows what would differ")
    func otherPack() async throws {
        let sample = try await Sample()
        try sample.folder.write("lenient/shop.yaml", Sample.pack.replacing("{value: 3,", with: "{value: 9,"))
        let both = try await backtest(sample, "--pack", "lenient/shop.yaml")
        let (old, new) = (try courses(both["rules"]), try courses(object(both["other"])["rules"]))
        #expect(old["shop-elm disputes"]?.standings.last == "breach")
        #expect(new["shop-elm disputes"]?.standings.last == "warning")
        let table = try await sample.folder.run(
            "backtest", "--from", "2026-02-10", "--to", "2026-03-02", "--pack", "lenient/shop.yaml")
        #expect(table.output.contains("DAYS THAT DIFFER") && table.output.contains("shop-elm"), "\(table.output)")
        let same = try await sample.folder.run(
            "backtest", "--from", "2026-02-10", "--to", "2026-03-02", "--pack", "shop.yaml")
        #expect(same.output.contains("no rule stands elsewhere on any day"), "\(same.output)")
    }

    @Test("wrong days and packs are refused")
    func refused() async throws {
        let sample = try await Sample()
        let backwards = try await sample.folder.run("backtest", "--from", "2026-02-10", "--to", "2026-02-09")
        #expect(backwards.status == 64 && backwards.error.contains("--from must not lie after --to"))
        let ahead = try await sample.folder.run(
            "backtest", "--from", "2026-02-10", "--to", "2090-02-09", "--store", "shop-elm")
        #expect(ahead.status == 64, "\(ahead)")
        let soon = try await sample.folder.run(
            "backtest", "--from", "2026-02-10", "--to",
            String(Date().addingTimeInterval(3 * 86_400).ISO8601Format().prefix(10)), "--store", "shop-elm")
        #expect(soon.status == 64 && soon.error.contains("has not begun at store 'shop-elm'"), "\(soon)")
        let long = try await sample.folder.run("backtest", "--from", "1999-02-10", "--to", "2026-02-09")
        #expect(long.status == 64 && long.error.contains("are more than 3660"))
        try sample.folder.write("wrong/shop.yaml", "pack: shop\nrules: {r: {require: 1}}\n")
        let wrong = try await sample.folder.run(
            "backtest", "--from", "2026-02-10", "--to", "2026-02-11", "--pack", "wrong/shop.yaml")
        #expect(wrong.status == 64 && wrong.error.contains("expected a condition"), "\(wrong.error)")
    }
}
