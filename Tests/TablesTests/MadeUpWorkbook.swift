import CZlib

/// A workbook in memory: a sheet's cells as their XML, packed as spreadsheets pack it.
enum MadeUpWorkbook {
    static func bytes(
        sheets: [(name: String, rows: String)], texts: [String] = [], styles: String = "", workbook: String = "",
        isDeflated: Bool = true
    ) -> [UInt8] {
        let names = sheets.enumerated().map {
            #"<sheet name="\#($0.element.name)" sheetId="\#($0.offset + 1)" r:id="r\#($0.offset + 1)"/>"#
        }
        let links = sheets.indices.map { #"<Relationship Id="r\#($0 + 1)" Target="worksheets/sheet\#($0 + 1).xml"/>"# }
        var files = [
            (
                "xl/workbook.xml",
                "<?xml version=\"1.0\"?><workbook>\(workbook)<sheets>\(names.joined())</sheets></workbook>"
            ),
            ("xl/_rels/workbook.xml.rels", "<Relationships>\(links.joined())</Relationships>"),
            ("xl/sharedStrings.xml", "<sst>\(texts.map { "<si>\($0)</si>" }.joined())</sst>"),
            ("xl/styles.xml", "<styleSheet>\(styles)</styleSheet>"),
        ]
        for (place, sheet) in sheets.enumerated() {
            files.append(
                ("xl/worksheets/sheet\(place + 1).xml", "<worksheet><sheetData>\(sheet.rows)</sheetData></worksheet>"))
        }
        return zip(files.map { ($0.0, Array($0.1.utf8)) }, isDeflated: isDeflated)
    }

    static func zip(_ files: [(name: String, bytes: [UInt8])], isDeflated: Bool) -> [UInt8] {
        var (result, directory) = ([UInt8](), [UInt8]())
        for (name, bytes) in files {
            let packed = isDeflated ? deflated(bytes) : bytes
            let offset = result.count
            let sum = number(Int(crc32_z(0, bytes, bytes.count)), 4)
            let sizes = sum + number(packed.count, 4) + number(bytes.count, 4)
            let head = number(20, 2) + number(0, 2) + number(isDeflated ? 8 : 0, 2) + number(0, 4) + sizes
            result +=
                number(0x0403_4B50, 4) + head + number(name.utf8.count, 2) + number(0, 2) + Array(name.utf8) + packed
            directory += number(0x0201_4B50, 4) + number(20, 2) + head + number(name.utf8.count, 2) + number(0, 2)
            directory +=
                number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(offset, 4) + Array(name.utf8)
        }
        let start = result.count
        result += directory + number(0x0605_4B50, 4) + number(0, 4) + number(files.count, 2) + number(files.count, 2)
        return result + number(directory.count, 4) + number(start, 4) + number(0, 2)
    }

    private static func number(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        return [UInt8](unsafeUninitializedCapacity: bytes.count + 1024) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                deflate(&stream, Z_FINISH)
                count = output.count - Int(stream.avail_out)
            }
        }
    }
}
