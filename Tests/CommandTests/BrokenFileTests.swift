import Foundation
import TestSupport
import Testing

/// Files of which something is lacking: a torn end, lines that nobody can read, other kinds than before.
@Suite("Files of which something is lacking", .timeLimit(.minutes(2)))
struct BrokenFileTests {
    private let folder: Workplace

    init() throws {
        folder = try Workplace()
        try folder.write(
            "shop.yaml",
            "pack: shop\ntimezone: UTC\nmetrics: {n: count(refund by refunded_at over 30d)}\nrules: {n: {require: n < 3}}\n"
        )
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{match: \"*\", pack: shop}]\n")
    }

    private static func refund(_ id: Int) -> String {
        #"{"kind":"refund","store":"a","id":"\#(id)","refunded_at":"2026-02-20T10:00:00Z"}"#
    }

    private func take(_ text: String, as name: String = "day.jsonl", _ more: String...) async throws -> Program.Outcome
    {
        try folder.write(name, text)
        let arguments = ["import", "--complete-until", "2026-03-02T00:00:00Z"] + more + [name]
        return try await Program.Running(arguments, folder: folder.path).finish()
    }

    private func standing() async throws -> String? {
        let report = try await folder.run("check", "--at", "2026-03-02T00:00:00Z", "--format", "json").output
        return try Check(report).stores["a"]?.standing
    }

    @Test("a file that stops within a line is cut off, also where it is not compressed")
    func torn() async throws {
        let whole = (1...5).map(Self.refund).joined(separator: "\n")
        let torn = try await take(String(whole.dropLast(200)))
        #expect(torn.status == 1)
        #expect(torn.error.contains("day.jsonl is cut off: it ends in the middle of line 3"), "\(torn.error)")
        #expect(try await standing() == "unknown")
        #expect(try await take(whole).status == 0)
        #expect(try await standing() == "breach")
        // Through a pipe, whose writer died.
        let piped = try await folder.run("import", "-", input: whole + "\n" + String(Self.refund(6).dropLast(9)))
        #expect(piped.status == 1 && piped.error.contains("in the middle of line 6"), "\(piped.error)")
        // A whole line without its end is a line.
        let unended = try await take("not JSON at all, and no end")
        #expect(unended.status == 1 && unended.error.contains("is it JSON Lines"), "\(unended.error)")
    }

    @Test("what is half told of one kind is not made whole by another, nor by late days alone")
    func otherKinds() async throws {
        #expect(try await take(Self.refund(1) + "\n").status == 0)
        #expect(try await standing() == "ok")
        #expect(try await take(Self.refund(2) + "\n" + String(Self.refund(3).dropLast(9))).status == 1)
        #expect(try await standing() == "unknown")
        let rating = #"{"kind":"rating","store":"a","id":"1","score":5}"# + "\n"
        #expect(try await take(rating).status == 0)
        #expect(try await standing() == "unknown", "nobody has said its refunds whole")
        #expect(try await take(Self.refund(9) + "\n", "--complete-from", "2026-03-01T00:00:00Z").status == 0)
        #expect(try await standing() == "unknown", "of the days before nothing was said")
        let exported = try await folder.run("export")
        #expect(exported.status == 0)
        #expect(
            exported.error.contains("1 store") && exported.error.contains("broke off in its middle"),
            "\(exported.error)")
        #expect(try await take((1...3).map(Self.refund).joined(separator: "\n") + "\n").status == 0)
        #expect(try await standing() == "breach")
    }

    @Test("lines that read alike and name no store are each a fact that is lacking, and hold what was known back too")
    func alike() async throws {
        let good = Self.refund(1) + "\n"
        #expect(try await take(good).status == 0)
        #expect(try await standing() == "ok")
        let lines = String(repeating: "{\"kind\":\"refund\"\n", count: 11)
        let bad = try await take(good + lines + good, as: "more.jsonl")
        #expect(bad.error.contains("11 facts that name no store may be of any, so the file makes nothing complete"))
        #expect(try await standing() == "unknown", "they may all be its refunds")
        let again = try await take(good + lines + good, as: "more.jsonl")
        #expect(again.error.contains("11 facts that name no store"), "the same again is nothing more: \(again.error)")
        #expect(try await take(good, as: "more.jsonl").status == 0)
        #expect(try await standing() == "ok")
    }
}
