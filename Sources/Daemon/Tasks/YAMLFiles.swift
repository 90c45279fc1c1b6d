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
            throw TaskError("nothing in \(paths.joined(separator: ", ")): there is no .yaml file", isUsage: true)
        }
        return found
    }

    private static func named(_ path: String) throws(TaskError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            let hint = NearestName.hint(for: path, among: PackLibrary.builtInNames)
            throw TaskError("\(path) is neither a file, nor a folder, nor a built-in pack\(hint)", isUsage: true)
        }
        guard isFolder.boolValue else { return [path] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw TaskError("the folder \(path) cannot be read; check its owner and mode", isUsage: true)
        }
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { path + "/" + $0 }
    }

    /// nil, with the reason in the log, when it is no text.
    static func text(_ path: String, log: DiagnosticLog) throws(TaskError) -> SourceText? {
        guard FileManager.default.fileExists(atPath: path) else {
            throw TaskError("\(path) does not exist", isUsage: true)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TaskError("\(path) cannot be read; check its owner and mode", isUsage: true)
        }
        return YAMLCursor.text(of: Array(data), name: path, log: log)
    }
}
