import Facts
import Tables
import Testing

@Suite("What a file covers is what it says, and never more than it can know")
struct MapRangeTests {
    @Test("what the file covers is read from its name, from the words above its header, or told by the map")
    func ranges() throws {
        func range(_ covers: String, name: String = "a.csv", above: String = "") throws -> MapRange.Found {
            let map =
                "map: m\nfile: {format: csv}\nzone: Asia/Shanghai\ncovers: \(covers)\nfacts: [{kind: order, id: id}]\n"
            return try MappedText.read(map, above + "id\n1\n", name: name, store: "s").summary.range
        }
        func interval(_ from: String?, _ until: String) throws -> MapRange.Found {
            .interval(CoverageInterval(from: from.flatMap { Timestamp($0) }, until: try #require(Timestamp(until))))
        }
        // The last day is covered to its end.
        let february = try interval("2026-01-31T16:00:00Z", "2026-02-28T16:00:00Z")
        #expect(try range(#"{file: "r_{from}-{until}.csv"}"#, name: "r_20260201-20260228.csv") == february)
        #expect(
            try range(#"{file: "r_{from}-{until}.csv", dates: ddMMyyyy}"#, name: "r_01022026-28022026.csv") == february)
        #expect(try range(#"{text: "统计时间：{from} 至 {until}"}"#, above: "导出,统计时间：2026-02-01 至 2026-02-28\n") == february)
        #expect(try range("{from: 2026-02-01, until: 2026-02-28}") == february)
        #expect(try range(#"{text: "截至 {until}", days: 28}"#, above: "截至 2026-02-28\n") == february)
        #expect(
            try range(#"{text: "截至 {until}"}"#, above: "截至 2026-02-28 10:00:00\n")
                == interval(nil, "2026-02-28T02:00:00Z"))
        #expect(try range("{days: 2}") == interval("2026-03-01T16:00:00Z", "2026-03-03T00:00:00Z"))
        #expect(try range("none") == .nothing)
        #expect(try range("{kinds: [order]}") == .wholeFile)
        #expect(throws: TableError.noRange("b.csv", pattern: "r_{from}-{until}.csv")) {
            try range(#"{file: "r_{from}-{until}.csv"}"#, name: "b.csv")
        }
        #expect(throws: TableError.self) { try range(#"{file: "r_{from}-{until}.csv"}"#, name: "r_0102-0202.csv") }
    }

    @Test("a day that was not over when the file was written is covered up to then, and one to come not at all")
    func unfinished() throws {
        func range(_ name: String) throws -> MapRange.Found {
            let map =
                "map: m\nfile: {format: csv}\nzone: Asia/Shanghai\ncovers: {file: \"r_{from}_{until}.csv\"}\n"
                + "facts: [{kind: order, id: id}]\n"
            return try MappedText.read(map, "id\n1\n", name: name, store: "s", modified: "2026-03-03T02:00:00Z")
                .summary.range
        }
        let written = try #require(Timestamp("2026-03-03T02:00:00Z"))
        let march = try #require(Timestamp("2026-02-28T16:00:00Z"))
        // It was ten in the morning of the third.
        #expect(
            try range("r_2026-03-01_2026-03-03.csv") == .interval(CoverageInterval(from: march, until: written)))
        #expect(
            try range("r_2026-03-01_2026-03-31.csv") == .interval(CoverageInterval(from: march, until: written)))
        let second = try #require(Timestamp("2026-03-02T16:00:00Z"))
        #expect(try range("r_2026-03-01_2026-03-02.csv") == .interval(CoverageInterval(from: march, until: second)))
        #expect(try range("r_2026-03-04_2026-03-05.csv") == .nothing)
        #expect(try range("r_2026-03-02_2026-03-01.csv") == .nothing)
    }

    @Test("days in a file's name may be written otherwise than those of its columns")
    func otherwise() throws {
        func range(_ name: String) throws -> MapRange.Found {
            let map =
                "map: m\nfile: {format: csv}\ndates: dd/MM/yyyy\ncovers: {file: \"r {from} {until}.csv\"}\n"
                + "facts: [{kind: order, id: id}]\n"
            return try MappedText.read(map, "id\n1\n", name: name, store: "s").summary.range
        }
        let (from, until) = (Timestamp("2026-02-01T00:00:00Z"), try #require(Timestamp("2026-03-01T00:00:00Z")))
        let february = MapRange.Found.interval(CoverageInterval(from: from, until: until))
        #expect(try range("r 20260201 20260228.csv") == february)
        #expect(try range("r 2026-02-01 2026-02-28.csv") == february)
        #expect(throws: TableError.self) { try range("r 01022026 28022026.csv") }
        #expect(throws: TableError.self) { try range("r 02-01-2026 02-28-2026.csv") }
    }

    @Test("a workbook says what it covers above its header as well")
    func workbook() throws {
        let map =
            "map: m\nfile: {format: xlsx}\nzone: Asia/Shanghai\ncovers: {text: \"周期 {from}~{until}\"}\n"
            + "facts: [{kind: order, id: 订单号}]\n"
        let bytes = MadeUpWorkbook.bytes(sheets: [
            (
                "s",
                """
                <row r="1"><c r="A1" t="str"><v>导出周期 2026/02/01~2026/02/28</v></c></row>\
                <row r="4"><c r="A4" t="str"><v>订单号</v></c></row><row r="5"><c r="A5" t="str"><v>7</v></c></row>
                """
            )
        ])
        let read = try MappedText.read(map, bytes: bytes, name: "a.xlsx", store: "s")
        let (from, until) = (Timestamp("2026-01-31T16:00:00Z"), try #require(Timestamp("2026-02-28T16:00:00Z")))
        #expect(read.summary.range == .interval(CoverageInterval(from: from, until: until)))
        #expect(read.facts.map(\.id) == ["7"])
    }
}
