import ArgumentParser
import Daemon
import Facts

struct RulesDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What another version of a pack says otherwise: limits, rules, metrics.",
        discussion: """
            Each side is a file, a folder or the name of a built-in pack; packs are held against those of their name.

              goodstanding rules diff pinduoduo ./my-pinduoduo.yaml
              goodstanding rules diff old-rules/ new-rules/
            """)

    @Argument(help: "The one before.", completion: .file()) var before: String
    @Argument(help: "The one after.", completion: .file()) var after: String

    func run() throws {
        let words = try RulesTask.differences(from: before, to: after)
        let tongue = Tongue.current
        Terminal.write(words.isEmpty ? tongue("no difference\n", "无差异\n") : words.map { tongue($0) + "\n" }.joined())
    }
}
