import ArgumentParser
import Daemon
import Facts
import Language
import Rules

/// Packs: what they say and whether they are right.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Packs: validate, test, list, document.",
        discussion: """
              goodstanding rules check my-pack.yaml
              goodstanding rules test --packs my-pack.yaml my-tests.yaml
              goodstanding rules list
            """,
        subcommands: [
            RulesCheckCommand.self, RulesTestCommand.self, RulesListCommand.self, RulesDocsCommand.self,
            RulesParametersCommand.self, RulesDiffCommand.self,
        ])
}

struct RulesCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reads packs and says everything that is wrong, or right and yet hardly meant.",
        discussion: """
            A folder means the .yaml files directly in it; without a path, the built-in packs. With --history packs are \
            held against the past of the configured stores too: limits that never or always held there, and windows that \
            are longer than what is known of it.

              goodstanding rules check rules/
              goodstanding rules check --deny-warnings my-pack.yaml
              goodstanding rules check --history my-pack.yaml
            """)

    @OptionGroup var options: ConfigOptions
    @Flag(help: "Against the configured ledger's past too; without a path, the configured packs.") var history = false
    @Argument(help: "Pack files and folders.", completion: .file()) var paths: [String] = []
    @Flag(name: .customLong("deny-warnings"), help: "A warning ends with 1 as well.") var denyWarnings = false

    func run() async throws {
        var outcome = try RulesTask.check(paths)
        if history, outcome.errors == 0 {
            let progress = ProgressLine()
            let task = HistoryLintTask(config: options.config, paths: paths, log: options.logLevel.rawValue)
            let found = try await task.run { done, all in
                progress.show(Tongue.current("\(done) of \(all) stores", "\(done) / \(all) 家店铺"))
            }
            progress.clear()
            outcome.warnings += found.count
            outcome.diagnostics += found.map { $0.render() }
        }
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
        let packs = try RulesTask.list(paths)
        for pack in packs {
            for rule in pack.rules {
                let basis = RulesListCommand.basis(of: rule, in: pack)
                table.add([
                    .init(pack.name), .init(rule.id), .init(tongue(rule.title)), .init(rule.severity.rawValue),
                    .init(basis?.rawValue ?? tongue("owner", "自定")), .init(rule.require.written.text),
                ])
            }
        }
        var counts = TextTable(
            [(tongue("PACK", "规则包"), .left), (tongue("RULES", "规则数"), .right)]
                + Basis.allCases.reversed().map { (tongue($0.title), .right) } + [(tongue("owner", "自定"), .right)])
        for pack in packs {
            let bases = pack.rules.map { RulesListCommand.basis(of: $0, in: pack) }
            counts.add(
                [.init(pack.name), .init("\(pack.rules.count)")]
                    + Basis.allCases.reversed().map { basis in .init("\(bases.count { $0 == basis })") }
                    + [.init("\(bases.count { $0 == nil })")])
        }
        Terminal.write(table.text + "\n" + counts.text)
    }

    /// The weakest word that the limit rests on; nil: its owner's.
    static func basis(of rule: Rule, in pack: Pack) -> Basis? {
        let limits = rule.limits.flatMap { name -> [Basis?] in
            guard let parameter = pack.parameter(name) else { return [] }
            return parameter.rows.isEmpty && parameter.measure != nil ? [.shown] : parameter.rows.map(\.basis)
        }
        return (limits + [rule.basis]).compactMap { $0 }.min()
    }
}
