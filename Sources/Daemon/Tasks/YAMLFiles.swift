import Facts
import Foundation
import Language
import Rules

/// The files that a command line names: packs and their tests.
enum YAMLFiles {
    /// A folder means the `.yaml` files directly in it.
    static func named(_ paths: [String]) throws(TaskError) -> [String] {
        var found: [String] = []
        for path in paths { found += try named(path) }
        guard !found.isEmpty else {
            let all = paths.joined(separator: ", ")
            throw TaskError(
                Words(en: "nothing in \(all): there is no .yaml file", zh: "\(all) 中没有 .yaml 文件"), isUsage: true)
        }
        return found
    }

    private static func named(_ path: String) throws(TaskError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            let words = Words(
                en: "\(path) is neither a file, nor a folder, nor a built-in pack", zh: "\(path) 不是文件、文件夹或内置规则包")
            throw TaskError(
                words + NearestName.words(for: path, among: PackLibrary.builtInNames), isUsage: true)
        }
        guard isFolder.boolValue else { return [path] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw TaskError(
                Words(
                    en: "the folder \(path) cannot be read; check its owner and mode", zh: "无法读取文件夹 \(path)；请检查其属主与权限"),
                isUsage: true)
        }
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { path + "/" + $0 }
    }

    /// nil, with the reason in the log, when it is no text.
    static func text(_ path: String, log: DiagnosticLog) throws(TaskError) -> SourceText? {
        guard FileManager.default.fileExists(atPath: path) else {
            throw TaskError(Words(en: "\(path) does not exist", zh: "\(path) 不存在"), isUsage: true)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TaskError(
                Words(en: "\(path) cannot be read; check its owner and mode", zh: "无法读取 \(path)；请检查其属主与权限"),
                isUsage: true)
        }
        return YAMLCursor.text(of: Array(data), name: path, log: log)
    }
}
