import Facts
import Language
import Tables
import TestSupport
import Testing

@Suite("Rows become facts as the map says, and a wrong one costs only itself")
struct MappedFileTests {
    private static let refunds = """
        map: refunds
        file: {format: csv, encoding: gb18030}
        zone: Asia/Shanghai
        numbers: {thousands: ","}
        store: {column: 店铺, words: {旗舰店: pdd-1, 专营店: pdd-2}}
        facts:
          - kind: refund
            id: 售后编号
            unless: {售后状态: [已撤销]}
            members:
              order: 订单号
              opened_at: 申请时间
              amount: {column: "金额(元)", unit: 元}
              disputed: 是否纠纷
              buyer: 买家
              status: {column: 售后状态, words: {退款成功: refunded, 处理中: open}}
              reason: {column: 原因, words: {质量问题: quality}, else: other}
        """

    @Test("an export as a Chinese back end writes it: words above the header, GB18030, groups, units, personal columns")
    func chinese() async throws {
        let text = """
            售后导出,2026-03-01 至 2026-03-02
            店铺,订单号,售后编号,申请时间,金额(元),是否纠纷,买家,收货人,电话,售后状态,原因
            旗舰店,="260301-1",S1,2026-03-01 10:00:00,"1,234.50元",是,小明,张三,13800000000,退款成功,质量问题
            专营店,260301-2\t,S2,2026/3/2 9:05,8,否,小红,李四,13900000000,处理中,不想要了
            旗舰店,260301-3,S3,2026-03-02 10:00:00,8,否,小红,李四,1,已撤销,不想要了

            """
        let result = try MappedText.read(Self.refunds, bytes: try await MappedText.gb18030(text))
        #expect(result.rejections.isEmpty, "\(result.rejections)")
        #expect(result.facts.count == 2 && result.summary.stores == ["pdd-1", "pdd-2"])
        let first = try #require(result.fact("S1"))
        for part in [
            #""store":"pdd-1""#, #""order":"260301-1""#, #""opened_at":"2026-03-01T02:00:00Z""#, #""amount":"1234.5""#,
            #""disputed":true"#, #""status":"refunded""#, #""reason":"quality""#, #""buyer":"h:"#,
        ] { #expect(first.contains(part), "\(first)") }
        #expect(try #require(result.fact("S2")).contains(#""reason":"other""#))
        for fact in result.facts {
            #expect(!FactEncoder.line(fact).contains("张三") && !FactEncoder.line(fact).contains("小明"))
        }
    }

    @Test("each wrong row is set aside with its line, what it names and why; the others go in")
    func wrongRows() async throws {
        let good = "旗舰店,1,S1,2026-03-01 10:00:00,8,否,x,退款成功,质量问题"
        let lines = [
            "店铺,订单号,售后编号,申请时间,金额(元),是否纠纷,买家,售后状态,原因", good,
            "旗舰店,2,S2,03/04/2026,8,否,x,退款成功,质量问题", "旗舰店,3,S3,26-03-04,8,否,x,退款成功,质量问题",
            "旗舰店,4,S4,2026-03-01,\"12,34\",否,x,退款成功,质量问题", "旗舰店,5,S5,2026-03-01,8,也许,x,退款成功,质量问题",
            "旗舰店,6,S6,2026-03-01,8,否,x,退款中,质量问题", "分店,7,S7,2026-03-01,8,否,x,退款成功,质量问题",
            "旗舰店,2.30612E+17,S8,2026-03-01,8,否,x,退款成功,质量问题", "旗舰店,9,,2026-03-01,8,否,x,退款成功,质量问题",
            "旗舰店,10,S10,2026-03-01,-8,否,x,退款成功,质量问题", "旗舰店,11,\"S11,2026-03-01,8,否,x,退款成功,质量问题",
            good.replacing("S1", with: "S12"),
        ]
        let result = try MappedText.read(
            Self.refunds, bytes: try await MappedText.gb18030(lines.joined(separator: "\r\n")))
        #expect(result.facts.map(\.id) == ["S1", "S12"])
        let expected =
            [
                (3, "S2", "opened_at '03/04/2026' may be day 3 of month 4"), (4, "S3", "has a year of two digits"),
                (5, "S4", "amount '12,34' is no number: groups of digits have three"),
                (6, "S5", "disputed '也许' is neither yes nor no"),
                (7, "S6", "'退款中' is none of the map's `words:`"), (8, nil, "'分店' is none of the map's `words:`"),
                (9, "S8", "was shortened by a spreadsheet"), (10, nil, "without id"),
                (11, "S10", "amount is negative: -8"),
                (12, nil, "a quote is opened and never closed"),
            ] as [(Int, String?, String)]
        #expect(result.rejections.map(\.position) == expected.map { "line \($0.0)" })
        for (rejection, (_, id, words)) in zip(result.rejections.map(\.rejection), expected) {
            #expect(rejection.id == id && rejection.reason.contains(words), "\(rejection)")
        }
        // What is kept of them names no buyer.
        #expect(result.rejections.allSatisfy { !$0.rejection.text.contains(#""buyer":"x""#) })
    }

    @Test("one row may be an order and its refund, with labels, constants, text made of columns, and fen")
    func several() throws {
        let map = """
            map: m
            file: {format: tsv}
            store: {text: "jd-{shop}"}
            facts:
              - kind: order
                id: order
                updated_at: {column: changed, dates: unix}
                members: {paid_at: {column: paid, dates: "dd/MM/yyyy HH:mm", zone: Europe/London}, amount: {column: fen, divide: 100}, fulfillment: {value: seller}}
                labels: {category: cat, secret: cat}
              - kind: refund
                id: {text: "{order}/{line}"}
                when: {refunded: [yes]}
                members: {order: order, refunded_at: {column: [when, refunded at]}}
            """
        let result = try MappedText.read(
            map,
            "order\tline\tshop\tpaid\tfen\tcat\trefunded\trefunded at\tchanged\nO1\t1\t7\t03/07/2026 10:00\t1999\tshoes\tyes\t2026-07-04T10:00:00Z\t1783000000\n"
        )
        #expect(result.rejections.isEmpty, "\(result.rejections)")
        #expect(
            result.fact("O1")
                == #"{"kind":"order","store":"jd-7","id":"O1","updated_at":"2026-07-02T13:46:40Z","paid_at":"2026-07-03T09:00:00Z","amount":"19.99","fulfillment":"seller","labels":{"category":"shoes"}}"#
        )
        #expect(result.fact("O1/1")?.contains(#""refunded_at":"2026-07-04T10:00:00Z""#) ?? false)
    }

    @Test("whose the rows are: by a column, by the name in the configuration, by the file's name, by the command line")
    func stores() throws {
        func map(_ store: String) -> String {
            "map: m\nfile: {format: csv}\n\(store)\nfacts: [{kind: order, id: id, members: {paid_at: at}}]\n"
        }
        let text = "id,shop,at\n1,旗舰店,2026-07-01 00:00:00\n"
        #expect(try MappedText.read(map("store: {column: shop, named: true}"), text).facts.map(\.store) == ["pdd-1"])
        let file = try MappedText.read(
            map("store: {file: \"orders_{store}_*.csv\"}"), text, name: "x/orders_us-1_2026.csv")
        #expect(file.facts.map(\.store) == ["us-1"])
        // Times are those of the store's own clock.
        #expect(file.fact("1")?.contains("2026-07-01T04:00:00Z") ?? false)
        #expect(try MappedText.read(map(""), text, store: "z").facts.map(\.store) == ["z"])
        #expect(throws: TableError.noStore("b.csv", pattern: "orders_{store}_*.csv")) {
            try MappedText.read(map("store: {file: \"orders_{store}_*.csv\"}"), text, name: "b.csv")
        }
        let unknown = try MappedText.read(map("store: {column: shop, named: true}"), "id,shop,at\n1,分店,\n")
        #expect(unknown.rejections.first?.rejection.reason.contains("is called '分店' in the configuration") ?? false)
    }

    @Test("a workbook by the same map, its dates and shares as it knows them")
    func workbook() throws {
        let map = """
            map: m
            file: {format: csv}
            zone: Asia/Shanghai
            readings:
              at: {column: day, dates: dd/MM/yyyy}
              values: {shop.rate: rate, shop.score: {reading: score, expected: peers}}
            """
        let bytes = MadeUpWorkbook.bytes(
            sheets: [
                (
                    "s",
                    """
                    <row r="1"><c t="str"><v>day</v></c><c t="str"><v>rate</v></c><c t="str"><v>score</v></c><c t="str"><v>peers</v></c></row>\
                    <row r="3"><c s="2"><v>46083</v></c><c s="1"><v>1.3400000000000002E-2</v></c><c><v>4.7</v></c><c><v>4.5</v></c></row>\
                    <row r="4"><c s="2"><v>46084</v></c><c/><c t="str"><v>--</v></c><c/></row>\
                    <row r="5"><c t="str"><v>soon</v></c><c><v>1</v></c><c/><c/></row>
                    """
                )
            ], styles: WorkbookTests.styles)
        let result = try MappedText.read(map, bytes: bytes, name: "a.csv", store: "s")
        #expect(
            result.facts.map(FactEncoder.line) == [
                #"{"kind":"measure","store":"s","id":"shop.rate@2026-03-01T16:00:00Z","name":"shop.rate","at":"2026-03-01T16:00:00Z","value":0.0134}"#,
                #"{"kind":"measure","store":"s","id":"shop.score@2026-03-01T16:00:00Z","name":"shop.score","at":"2026-03-01T16:00:00Z","value":4.7,"expected":4.5}"#,
            ])
        #expect(result.rejections.map(\.position) == ["row 5", "row 5"])
    }

    @Test("what lacks a column says which, with the nearest, and a wrong encoding says so")
    func noHeader() async throws {
        #expect(throws: TableError.noHeader("a.csv", missing: ["售后编号"], hint: " ('售后编码'?)")) {
            try MappedText.read(
                Self.refunds.replacing("gb18030", with: "utf-8"),
                "店铺,订单号,售后编码,申请时间,金额(元),是否纠纷,买家,售后状态,原因\n")
        }
        let utf8 = try? MappedText.read(Self.refunds, "店铺,订单号,售后编号,申请时间,金额(元),是否纠纷,买家,售后状态,原因\n")
        #expect(utf8 == nil, "read as GB18030 it has other columns")
        let odd = try MappedText.read(
            "map: m\nfile: {format: csv}\nfacts: [{kind: order, id: id, members: {status: s}}]\n",
            bytes: Array("id,s\n1,paid\n2,\u{0}".utf8) + [0xFF, 0x0A], store: "s")
        #expect(odd.rejections.first?.rejection.reason.contains("is the map's `encoding:` right?") ?? false)
    }
}
