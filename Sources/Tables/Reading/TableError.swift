package import Facts

/// Why a file could not be read as the table that it should be: what was tried, on what, what came of it, what helps.
package enum TableError: Error, Sendable, Hashable {
    case cannotOpen(String, because: String)
    case tooLarge(String, bytes: Int)
    /// It is no workbook, or a damaged one.
    case noWorkbook(String, because: String)
    /// The C library has no table for what the file is written in.
    case noCharacters(String, encoding: String)
    /// It is a page as a browser saves it, and not the text that a person copies of it.
    case noPageText(String)
    case noSheet(String, named: String, known: [String])
    /// None of its first rows has the columns that are asked for.
    case noHeader(String, missing: [String], hint: String)
    /// Its first field names no column that a table of readings has.
    case noReadings(String)
    /// What the map asks of the file's name or of the text above its header is not there.
    case noRange(String, pattern: String)
    case noStore(String, pattern: String)

    /// In both languages; system messages stay as they are.
    package var words: Words {
        switch self {
        case .cannotOpen(let name, let because):
            Words(en: "Opening \(name) failed: \(because).", zh: "无法打开 \(name)：\(because)。")
        case .tooLarge(let name, let bytes):
            Words(
                en: "\(name) has \(bytes) bytes, more than a table of ours may have; divide it, by months for example.",
                zh: "\(name) 有 \(bytes) 字节，超过上限；请拆分后再导入，例如按月。")
        case .noWorkbook(let name, let because):
            Words(
                en: "\(name) cannot be read as a workbook (.xlsx): \(because). Save it anew, or export it as CSV.",
                zh: "\(name) 无法按工作簿（.xlsx）读取：\(because)。请重新保存，或导出为 CSV。")
        case .noCharacters(let name, let encoding):
            Words(
                en:
                    "\(name) cannot be read: this system's C library has no table of \(encoding) characters. Install them "
                    + "(Debian: libc-gconv-modules-extra, Fedora: glibc-gconv-extra), or save the file as UTF-8.",
                zh: "无法读取 \(name)：系统 C 库缺少 \(encoding) 字符表。请安装（Debian：libc-gconv-modules-extra，"
                    + "Fedora：glibc-gconv-extra），或将文件另存为 UTF-8。")
        case .noPageText(let name):
            Words(
                en:
                    "\(name) is a page as a browser saves it, in which nothing says for sure where a figure ends. Select all on "
                    + "the page, copy, and save that as text.",
                zh: "\(name) 是浏览器保存的网页，其中的数值无法可靠识别。请在页面上全选、复制，并另存为文本文件。")
        case .noSheet(let name, let sheet, let known):
            Words(
                en: "\(name) has no sheet '\(sheet)'; its sheets are \(known.joined(separator: ", ")).",
                zh: "\(name) 中没有工作表“\(sheet)”；现有工作表：\(known.joined(separator: "、"))。")
        case .noHeader(let name, let missing, let hint):
            Words(
                en:
                    "\(name) has no row with the columns \(missing.joined(separator: ", "))\(hint); is it the export that the "
                    + "map is for, and is its `encoding:` right?",
                zh: "\(name) 中没有包含以下列的表头：\(missing.joined(separator: "、"))\(hint)；请确认文件与映射相符，且 `encoding:` 正确。")
        case .noReadings(let name):
            Words(
                en:
                    "\(name) is no table of readings: its first row must be store,name,value (and expected, at), or store "
                    + "and then one column a measure; `goodstanding measure due --format csv` prints one to fill in.",
                zh: "\(name) 不是读数表：首行应为 store,name,value（及 expected、at），或 store 加每个指标一列；"
                    + "`goodstanding measure due --format csv` 可生成待填表格。")
        case .noRange(let name, let pattern):
            Words(
                en:
                    "\(name) does not say what it covers: '\(pattern)' of the map is not found; say --complete-from and "
                    + "--complete-until.",
                zh: "\(name) 未说明其数据范围：找不到映射中的“\(pattern)”；请用 --complete-from 与 --complete-until 指定。")
        case .noStore(let name, let pattern):
            Words(
                en: "\(name) does not say whose it is: its name is not like '\(pattern)' of the map.",
                zh: "\(name) 未说明所属店铺：文件名不符合映射中的“\(pattern)”。")
        }
    }
}
