import Facts
import Tables
import TestSupport
import Testing

@Suite("A row that has lost its shape is set aside, and not read with its fields in the wrong columns")
struct RowShapeTests {
    private static let orders = """
        map: orders
        file: {format: csv}
        facts:
          - kind: order
            id: 订单号
            unless: {订单号: [合计]}
            members: {paid_at: 支付时间, amount: 实付, status: {column: 状态, words: {已支付: paid, 已取消: canceled}}}
        """

    private func read(_ rows: String, map: String = orders) throws -> MappedText {
        try MappedText.read(map, "订单号,商品,支付时间,实付,状态\n" + rows, store: "s")
    }

    @Test("a delimiter that is not in quotes gives one field too many")
    func tooMany() throws {
        let result = try read("1,杯子,2026-03-01 10:00:00,8,已支付\n2,杯子,大号,2026-03-01 10:00:00,8,已支付\n")
        #expect(result.facts.map(\.id) == ["1"])
        #expect(
            result.reasons == [
                "line 3: has 6 fields and the header 5: does the delimiter stand in a field that is not in quotes?"
            ])
        // Empty ones behind the last are only a delimiter that closes the row.
        #expect(try read("1,杯子,2026-03-01 10:00:00,8,已支付,,\n").facts.map(\.id) == ["1"])
    }

    @Test("a file that was cut off, and a line end without quotes, give one too few")
    func tooFew() throws {
        let cut = try read("1,杯子,2026-03-01 10:00:00,8,已支付\n2,杯子,2026-03-01 10:00")
        #expect(cut.facts.map(\.id) == ["1"])
        #expect(cut.reasons.count == 1 && cut.reasons[0].hasPrefix("line 3: has 3 of 5 fields: is the file cut off"))
        let torn = try read("1,两行\n杯子,2026-03-01 10:00:00,8,已支付\n2,杯子,2026-03-01 10:00:00,8,已支付\n")
        #expect(torn.facts.map(\.id) == ["2"] && torn.rejections.map(\.position) == ["line 2", "line 3"])
        // In quotes it is whole, and the rows behind it bear the numbers of their lines.
        let whole = try read("1,\"两行\n杯子\",2026-03-01 10:00:00,8,已支付\n2,杯子,soon,8,已支付\n")
        #expect(whole.facts.map(\.id) == ["1"] && whole.rejections.map(\.position) == ["line 4"])
    }

    @Test("a row of sums is passed over by a condition on a field that it has, and by none on one that it lacks")
    func sums() throws {
        let result = try read("1,杯子,2026-03-01 10:00:00,8,已支付\n合计,8\n")
        #expect(result.facts.map(\.id) == ["1"] && result.rejections.isEmpty)
        let byLast = Self.orders.replacing("unless: {订单号: [合计]}", with: "when: {状态: [已支付]}")
        #expect(try read("1,杯子,2026-03-01", map: byLast).reasons.count == 1)
    }

    @Test("what cannot be named is known by its file and line, so that no two are taken for one")
    func places() throws {
        let rows = "1,杯子\n,杯子,2026-03-01 10:00:00,8,已支付\n"
        func texts(_ name: String) throws -> [String] {
            try MappedText.read(Self.orders, "订单号,商品,支付时间,实付,状态\n" + rows, name: name, store: "s")
                .rejections.map(\.rejection.text)
        }
        let first = try texts("x/2026-02.csv")
        #expect(first == ["in 2026-02.csv, line 2", #"{"kind":"order","store":"s"} in 2026-02.csv, line 3"#])
        #expect(try texts("y/2026-02.csv") == first)
        #expect(Set(try texts("2026-03.csv")).isDisjoint(with: first))
    }

    @Test("where the map says so, empty ends may be left out")
    func shortRows() throws {
        let map = Self.orders.replacing("format: csv", with: "format: csv, short_rows: true")
        let result = try read("1,杯子,2026-03-01 10:00:00\n", map: map)
        #expect(result.rejections.isEmpty)
        #expect(
            result.fact("1") == #"{"kind":"order","store":"s","id":"1","paid_at":"2026-03-01T10:00:00Z"}"#)
        #expect(try read("1,杯子,2026-03-01 10:00:00,8,已支付,x\n", map: map).facts.isEmpty)
    }

    @Test("what bears a table's name and is none says what it is")
    func others() throws {
        let names: [(bytes: [UInt8], words: String)] = [
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "of the old form (.xls)"),
            (Array("\u{FEFF}<html><body><table><tr><td>订单号</td></tr></table>".utf8), "a page of the web"),
            (Array("\n<table border=1><tr><td>订单号</td></tr></table>".utf8), "a page of the web"),
        ]
        for (bytes, words) in names {
            let error = #expect(throws: TableError.self) { try MappedText.read(Self.orders, bytes: bytes, store: "s") }
            #expect(error?.words.en.contains(words) ?? false)
        }
    }
}
