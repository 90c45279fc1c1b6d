import TestSupport
import Testing

@Suite("A store's id is any text, and no report is broken by it")
struct OddNamesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var what: String
        var name: String
        var testDescription: String { what }
    }

    static let names: [Row] = [
        Row(what: "markup, quotes and dividers", name: #"fir & "son", <2>|3'"#),
        Row(what: "a line end", name: "two\nlines"),
        Row(what: "a tab", name: "tab\tbed"),
        Row(what: "what a terminal obeys", name: "red \u{1B}[31m alert"),
        Row(what: "another script", name: "店铺 甲"),
    ]

    private func folder(_ name: String) async throws -> Workplace {
        let folder = try Workplace.watchingEveryStore()
        let escaped = name.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case _ where scalar.value < 32: "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }.joined()
        let facts = Sample.store(escaped, orders: 5, disputes: ["02-10", "02-11", "02-12"], scores: [5, 5, 5])
        let imported = try await folder.run(
            "import", "-", "--complete-until", Sample.complete, input: facts.joined(separator: "\n"))
        try #require(imported.status == 0 && imported.error.contains("11 new"), "\(imported.error)")
        return folder
    }

    @Test("programs read the name as it was written", arguments: names)
    func programs(_ row: Row) async throws {
        let name = row.name
        let folder = try await folder(name)
        let csv = try await folder.run("metrics", "--at", Sample.at, "--format", "csv")
        let records = CSV.records(csv.output)
        #expect(records.count == 6 && records.allSatisfy { $0.count == 3 }, "\(csv.output)")
        #expect(records.dropFirst().map { $0[0] } == Array(repeating: name, count: 5))

        let json = try await folder.run("check", "--at", Sample.at, "--format", "json")
        #expect(try Check(json.output).stores[name]?.standing == "breach")

        let junit = try JUnit.read(try await folder.run("check", "--at", Sample.at, "--format", "junit").output)
        // XML cannot carry every control character.
        #expect(junit.map { withoutControls($0.name) } == [withoutControls(name)])
    }

    @Test("people get a line a rule, and nothing that moves their terminal", arguments: names)
    func people(_ row: Row) async throws {
        let folder = try await folder(row.name)
        let nagios = try await folder.run("check", "--at", Sample.at, "--format", "nagios")
        let lines = nagios.output.lines.dropLast()
        #expect(lines.count == 2 && lines.last?.hasPrefix("breach: ") == true, "one rule is in breach: \(lines)")
        #expect(nagios.output.count { $0 == "|" } == 1, "performance data begins once")

        for command in [["check"], ["metrics"], ["explain", "--store", row.name]] {
            let printed = try await folder.run(command + ["--at", Sample.at])
            let controls = printed.output.unicodeScalars.count { $0.value < 32 && $0 != "\n" }
            let isBroken = printed.output.contains("two\nlines")
            #expect(controls == 0 && !isBroken, "\(command[0]) prints the control characters of a name")
        }
    }

    private func withoutControls(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0 == " " ? "?" : $0 }))
    }
}
