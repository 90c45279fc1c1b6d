package import Facts
import Foundation
package import Language
import Rules
import Tables

/// Maps from files, or the built-in ones.
package enum MapsTask {
    package static let builtInNames = BuiltInMaps.texts.map { $0.name.replacing(".yaml", with: "") }

    /// What a map may say of how characters are written.
    package static let encodings: [String] = TextEncoding.named.keys.sorted()

    /// - Parameter name: a file, or the name of a built-in map.
    static func map(_ name: String) throws -> TableMap {
        let (map, diagnostics) = TableMapReader.read(try text(name))
        guard let map else { throw ConfigurationError(diagnostics) }
        return map
    }

    /// A built-in map in a list.
    package struct Listed: Sendable {
        package var name: String
        package var title: Words
        package var kinds: FactKinds
        /// Where the file's form is described, and when that was read.
        package var source: String?
    }

    /// By name.
    package static func list() throws -> [Listed] {
        try builtInNames.map(map).map { Listed(name: $0.name, title: $0.title, kinds: $0.kinds, source: $0.source) }
    }

    package struct Checked: Sendable {
        package var maps: Int
        package var errors = 0
        package var warnings = 0
        /// As they are shown, with place and caret.
        package var diagnostics: [String] = []
    }

    /// - Parameter names: files, or names of built-in maps; none: all of these.
    package static func check(_ names: [String]) throws -> Checked {
        let names = names.isEmpty ? builtInNames : names
        var checked = Checked(maps: names.count)
        for name in names {
            for diagnostic in TableMapReader.read(try text(name), packs: pack).diagnostics {
                checked.diagnostics.append(diagnostic.render())
                if diagnostic.severity == .error { checked.errors += 1 } else { checked.warnings += 1 }
            }
        }
        return checked
    }

    /// A built-in one: maps are checked without a configuration.
    private static func pack(_ name: String) -> Pack? { PackLibrary.builtIn(only: [name]).library[name] }

    /// As it is written.
    package static func text(_ name: String) throws -> SourceText {
        if let place = builtInNames.firstIndex(of: name) {
            return SourceText(name: "built-in \(BuiltInMaps.texts[place].name)", text: BuiltInMaps.texts[place].text)
        }
        guard FileManager.default.fileExists(atPath: name) else {
            let hint = NearestName.words(for: name, among: builtInNames)
            let list = Words(en: "; `goodstanding maps list` shows those", zh: "；见 `goodstanding maps list`")
            throw TaskError(
                Words(en: "\(name) is neither a file nor a built-in map", zh: "\(name) 不是文件或内置映射")
                    + (hint.en.isEmpty ? list : hint), isUsage: true)
        }
        let log = DiagnosticLog()
        guard let text = try YAMLFiles.text(name, log: log) else { throw ConfigurationError(log.inOrder) }
        return text
    }
}
