package import Facts
import Foundation
import Language
package import Rules

/// Packs from files, or the built-in ones, without configuration and ledger.
package enum RulesTask {
    package struct Outcome: Sendable {
        package var packs: Int
        package var errors: Int
        package var warnings: Int
        /// As they are shown.
        package var diagnostics: [String]
    }

    /// - Parameter paths: files and folders; none means the built-in packs.
    package static func check(_ paths: [String]) throws(TaskError) -> Outcome {
        var (packs, diagnostics) = try read(paths)
        if !diagnostics.contains(where: { $0.severity == .error }) {
            let today = StoreCalendar.utc.day(of: SystemClock().now)
            diagnostics += packs.flatMap { PackLint.warnings($0, today: today) }
        }
        return Outcome(
            packs: packs.count, errors: diagnostics.count { $0.severity == .error },
            warnings: diagnostics.count { $0.severity == .warning }, diagnostics: diagnostics.map { $0.render() })
    }

    /// Throws when one of them cannot be read.
    package static func list(_ paths: [String]) throws -> [Pack] {
        let (packs, diagnostics) = try read(paths)
        let errors = diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else { throw ConfigurationError(errors) }
        return packs
    }

    /// What another version of packs says otherwise, a line a change; packs are held against those of their name.
    ///
    /// - Parameters:
    ///   - before: a file or folder, or the name of a built-in pack.
    ///   - after: the same.
    package static func differences(from before: String, to after: String) throws -> [Words] {
        func packs(_ name: String) throws -> [Pack] {
            if let pack = PackLibrary.builtIn(only: [name]).library[name] { return [pack] }
            return try list([name])
        }
        let (old, new) = (try packs(before), try packs(after))
        // One on each side are two versions of one thing, whatever their names.
        if old.count == 1, new.count == 1 {
            let renamed =
                old[0].name == new[0].name
                ? [] : [Words(en: "\(old[0].name) is now \(new[0].name)", zh: "\(old[0].name) 现为 \(new[0].name)")]
            return renamed + FleetDifferences.differences(of: old[0], to: new[0])
        }
        var words = new.filter { pack in !old.contains { $0.name == pack.name } }.map {
            Words(en: "\($0.name): new", zh: "\($0.name)：新增")
        }
        words += old.filter { pack in !new.contains { $0.name == pack.name } }.map {
            Words(en: "\($0.name): gone", zh: "\($0.name)：移除")
        }
        for pack in new {
            if let earlier = old.first(where: { $0.name == pack.name }) {
                words += FleetDifferences.differences(of: earlier, to: pack)
            }
        }
        return words
    }

    private static func read(_ paths: [String]) throws(TaskError) -> ([Pack], [Diagnostic]) {
        guard !paths.isEmpty else {
            let (library, diagnostics) = PackLibrary.builtIn()
            return (library.packs.values.sorted { $0.name < $1.name }, diagnostics)
        }
        var packs: [Pack] = []
        let log = DiagnosticLog()
        // A name of a built-in pack means that pack, unless there is such a file.
        let names = paths.filter {
            !FileManager.default.fileExists(atPath: $0) && PackLibrary.builtInNames.contains($0)
        }
        if !names.isEmpty {
            let (library, diagnostics) = PackLibrary.builtIn(only: Set(names))
            packs += library.packs.values.sorted { $0.name < $1.name }
            log.add(diagnostics)
        }
        let files = paths.filter { !names.contains($0) }
        for path in files.isEmpty ? [] : try YAMLFiles.named(files) {
            guard let text = try YAMLFiles.text(path, log: log) else { continue }
            let (pack, diagnostics) = PackReader.read(text, isBuiltIn: false)
            log.add(diagnostics)
            guard let pack else { continue }
            if let other = packs.first(where: { $0.name == pack.name }) {
                log.error(
                    "the pack '\(pack.name)' is already in \(other.source.name); rename one of the two", at: 0..<0,
                    in: text)
            } else {
                packs.append(pack)
            }
        }
        return (packs, log.diagnostics)
    }
}
