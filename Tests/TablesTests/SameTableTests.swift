import Facts
import Tables
import TestSupport
import Testing

@Suite("The same table gives the same facts, whichever way it was saved")
struct SameTableTests {
    private struct Line {
        var cells: [String]
        /// What becomes of it, written down as it was made up.
        var fact: String
        /// Days since the end of 1899, as a workbook keeps the date.
        var serial: String
    }

    private static let header = ["店铺", "订单 号", "备注", "时间", "金额", "退款率", "完成"]

    private static let map = """
        map: m
        file: {format: FORMAT}
        zone: Asia/Shanghai
        numbers: {thousands: ","}
        dates: yyyy/M/d H:mm:ss
        store: {column: 店铺, words: {东店: s-1, 西店: s-2}}
        facts:
          - kind: order
            id: 订单 号
            updated_at: 时间
            members: {amount: {column: 金额, unit: [¥, 元]}, units: 退款率, tracked: 完成}
        """

    private static func lines(_ seed: UInt64) -> [Line] {
        var random = SeededGenerator(seed: seed)
        let pieces = ["杯子", "a, b", "\"大\"号", "两\n行", "；|\t", "", "𠀀", "=1+1", "'"]
        return (1...60).map { number in
            let (day, hour, second) = (
                Int.random(in: 1...28, using: &random), Int.random(in: 8...23, using: &random), 5
            )
            let cents = Int.random(in: 100...9_999_999, using: &random)
            let (whole, rest) = (cents / 100, cents % 100)
            let grouped = whole < 1000 ? "\(whole)" : "\(whole / 1000)," + "\(1000 + whole % 1000)".dropFirst()
            let decimals = "." + "\(100 + rest)".dropFirst()
            let hundredths = Int.random(in: 1...9999, using: &random)
            let isDone = random.percent(50)
            let isEast = random.percent(50)
            let note = (0..<3).map { _ in random.pick(pieces) }.joined()
            let id = "260300000000000\(1000 + number)"
            let amount = trimmed("\(whole)\(decimals)")
            // Percent to a fraction: four decimals more to the left.
            let share = trimmed("0." + "\(1_000_000 + hundredths * 100)".dropFirst())
            let utc = "2026-02-\(day < 10 ? "0" : "")\(day)T\(hour - 8 < 10 ? "0" : "")\(hour - 8):30:0\(second)Z"
            return Line(
                cells: [
                    isEast ? "东店" : "西店", id, note, "2026/2/\(day) \(hour):30:0\(second)",
                    random.pick(["¥\(grouped)\(decimals)", "\(grouped)\(decimals) 元", "\(whole)\(decimals)"]),
                    "\(hundredths / 100)." + "\(100 + hundredths % 100)".dropFirst() + " %", isDone ? "是" : "否",
                ],
                fact:
                    "{\"kind\":\"order\",\"store\":\"\(isEast ? "s-1" : "s-2")\",\"id\":\"\(id)\",\"updated_at\":\"\(utc)\","
                    + "\"amount\":\"\(amount)\",\"units\":\(share),\"tracked\":\(isDone)}",
                // 46054 is the first of February 2026.
                serial: "\(46053 + day).\(fraction(seconds: hour * 3600 + 1800 + second))")
        }
    }

    private static func trimmed(_ number: String) -> String {
        var text = number
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// Of a day, in twelve decimals.
    private static func fraction(seconds: Int) -> String {
        String("\(1_000_000_000_000 + (seconds * 1_000_000_000_000 + 43_200) / 86_400)".dropFirst())
    }

    private static func delimited(_ lines: [Line], _ delimiter: String, _ lineEnd: String) -> String {
        ([header] + lines.map(\.cells)).map { cells in
            cells.map { cell in
                cell.contains(where: { "\",\t\n\r".contains($0) }) || cell.contains(delimiter)
                    ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
            }.joined(separator: delimiter)
        }.joined(separator: lineEnd) + lineEnd
    }

    private static func workbook(_ lines: [Line]) -> [UInt8] {
        func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
        }
        var (texts, rows) = (header.map(escaped), "")
        rows += "<row r=\"1\">" + header.indices.map { "<c t=\"s\"><v>\($0)</v></c>" }.joined() + "</row>"
        for (place, line) in lines.enumerated() {
            rows += "<row r=\"\(place + 2)\">"
            for (column, cell) in line.cells.enumerated() {
                if column == 3 {
                    rows += "<c s=\"2\"><v>\(line.serial)</v></c>"
                } else {
                    rows += "<c t=\"s\"><v>\(texts.count)</v></c>"
                    texts.append(escaped(cell))
                }
            }
            rows += "</row>"
        }
        return MadeUpWorkbook.bytes(
            sheets: [("导出", rows)], texts: texts.map { "<t xml:space=\"preserve\">\($0)</t>" },
            styles: WorkbookTests.styles)
    }

    @Test(
        "made up from a seed: UTF-8 with its mark, GB18030, tabs, UTF-16, a workbook", arguments: [1, 2, 3] as [UInt64])
    func same(_ seed: UInt64) async throws {
        let lines = Self.lines(seed)
        let comma = Self.delimited(lines, ",", "\r\n")
        let utf16 = try await #require(Tool("iconv")).run(["-f", "UTF-8", "-t", "UTF-16"], input: Array(comma.utf8))
        let ways: [(format: String, bytes: [UInt8])] = [
            ("csv, encoding: utf-8", [0xEF, 0xBB, 0xBF] + Array(comma.utf8)),
            ("csv, encoding: gb18030", try await MappedText.gb18030(comma)),
            ("csv, encoding: auto", try await MappedText.gb18030(comma)), ("csv, encoding: gbk", utf16),
            ("csv, delimiter: ;", Array(Self.delimited(lines, ";", "\n").utf8)),
            ("tsv", Array(Self.delimited(lines, "\t", "\r").utf8)), ("xlsx", Self.workbook(lines)),
        ]
        for (format, bytes) in ways {
            let result = try MappedText.read(Self.map.replacing("FORMAT", with: format), bytes: bytes)
            #expect(result.reasons == [], "\(format)")
            #expect(result.facts.map(FactEncoder.line) == lines.map(\.fact), "\(format)")
        }
    }
}
