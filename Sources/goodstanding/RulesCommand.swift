import ArgumentParser
import Daemon
import Language
import Rules

/// Packs: what they say and whether they are right.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Packs: validate, test, list.",
        discussion: """
              goodstanding rules check my-pack.yaml
              goodstanding rules test --packs my-pack.yaml my-tests.yaml
              goodstanding rules list
            """,
        subcommands: [RulesCheckCommand.self, RulesTestCommand.self, RulesListCommand.self])
}

struct RulesCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reads packs and says everything that is wrong.",
        discussion: """
            A folder means the .yaml files directly in it; without a path, the built-in packs.

              goodstanding rules check rules/
              goodstanding rules check --deny-warnings my-pack.yaml
            """)

    @Argument(help: "Pack files and folders.", completion: .file()) var paths: [String] = []
    @Flag(name: .customLong("deny-warnings"), help: "A warning ends with 1 as well.") var denyWarnings = false

    func run() throws {
        let outcome = try RulesTask.check(paths)
        for text in outcome.diagnostics { Terminal.note(text) }
        Terminal.write(
            "\(counted(outcome.packs, "pack")), \(counted(outcome.errors, "error")), \(counted(outcome.warnings, "warning"))\n"
        )
        if outcome.errors > 0 || (denyWarnings && outcome.warnings > 0) { throw ExitCode.failed }
    }
}

struct RulesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists packs with their rules and on whose word each limit rests.",
        discussion: """
              goodstanding rules list
              goodstanding rules list my-pack.yaml
            """)

    @Argument(help: "Pack files and folders; without, the built-in packs.", completion: .file()) var paths: [String] =
        []

    func run() throws {
        let tongue = Tongue.current
        var table = TextTable([
            (tongue("PACK", "规则包"), .left), (tongue("RULE", "规则"), .left), (tongue("TITLE", "名称"), .left),
            (tongue("SEVERITY", "级别"), .left), (tongue("BASIS", "依据"), .left), (tongue("REQUIRE", "要求"), .left),
        ])
        for pack in try RulesTask.list(paths) {
            for rule in pack.rules {
                // The weakest word that the limit rests on.
                let limits = rule.limits.flatMap { pack.parameter($0)?.rows.map(\.basis) ?? [] }
                let basis = (limits + [rule.basis]).compactMap { $0 }.min()
                table.add([
                    .init(pack.name), .init(rule.id), .init(tongue(rule.title)), .init(rule.severity.rawValue),
                    .init(basis?.rawValue ?? tongue("owner", "自定")), .init(rule.require.written.text),
                ])
            }
        }
        Terminal.write(table.text)
    }
}
