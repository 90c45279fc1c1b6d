import Daemon
import Facts
import Foundation

/// Where a report goes.
enum OutFile {
    /// Whole or not at all, so that who reads it meanwhile reads the former one; without a path to standard output.
    static func write(_ text: String, to path: String?) throws {
        guard let path else { return Terminal.write(text) }
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw TaskError(
                Words(
                    en: "\(path) cannot be written: \(error.localizedDescription)",
                    zh: "无法写入 \(path)：\(error.localizedDescription)"))
        }
    }
}
