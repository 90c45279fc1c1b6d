package import Alerts
package import Language
import Rules

/// The tests of packs: those of each file run against the pack that it names.
package enum PackTestsTask {
    package struct Outcome: Sendable {
        /// By file, in the order given.
        package var files: [(name: String, tests: [PackTestRun.Outcome])] = []
        /// What is wrong with the files themselves; of such a file nothing is run.
        package var diagnostics: [Diagnostic] = []

        package var count: Int { files.reduce(0) { $0 + $1.tests.count } }
        package var failed: Int { files.reduce(0) { $0 + $1.tests.count { !$0.differences.isEmpty } } }
    }

    /// - Parameters:
    ///   - paths: files and folders of tests.
    ///   - packs: files and folders of packs that may be tested, before the built-in ones of the same names.
    package static func run(_ paths: [String], packs: [String]) throws -> Outcome {
        var known = PackLibrary.builtIn().library.packs
        if !packs.isEmpty { for pack in try RulesTask.list(packs) { known[pack.name] = pack } }
        var outcome = Outcome()
        let log = DiagnosticLog()
        for path in try YAMLFiles.named(paths) {
            guard let source = try YAMLFiles.text(path, log: log) else { continue }
            let (file, found) = PackTestReader.read(source, packs: known)
            log.add(found)
            guard let file, !found.contains(where: { $0.severity == .error }) else { continue }
            outcome.files.append((path, file.tests.map { PackTestRun.run($0, of: file.pack, in: source) }))
        }
        outcome.diagnostics = log.diagnostics
        return outcome
    }
}
