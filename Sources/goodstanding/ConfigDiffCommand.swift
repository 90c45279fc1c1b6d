import Alerts
import ArgumentParser
import Daemon
import Facts

struct ConfigDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What a changed configuration changes, and which alerts it would end.",
        discussion: """
            Stores, feeds, receivers and rules that come and go, limits that move, who hears what and when; and of the ledger that \
            OLD names, which is only read, the alerts that would end: their store or rule is gone in NEW, or they are clear by \
            what the rule says there. The daemon does not take in by itself what would end more \
            than 20 alerts or lose more than 5 % of the stores: `config accept` lets it pass once.

              goodstanding config diff /etc/goodstanding/goodstanding.yaml new.yaml
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: ArgumentHelp("The configuration in force.", valueName: "old"), completion: .file()) var old: String
    @Argument(help: ArgumentHelp("The changed one.", valueName: "new"), completion: .file()) var new: String
    @Option(help: "How to print it.") var format: Format = .text

    func run() async throws {
        let found = try await ConfigDiffTask(old: old, new: new).run()
        Terminal.write(format == .json ? Self.json(found) : Self.text(found))
    }

    private static func text(_ found: ConfigDiffTask.Difference) -> String {
        let tongue = Tongue.current
        var lines = found.changes.map { tongue($0) }
        if lines.isEmpty { lines.append(tongue("nothing changes", "没有变化")) }
        let ending = found.loss.ending
        if !ending.isEmpty {
            lines.append(tongue("alerts that would end: \(ending.count)", "将结束的告警：\(ending.count) 条"))
            lines += ending.map { "  \($0.key.store)/\($0.key.rule) (\($0.reason.rawValue))" }
        }
        if found.isWithoutLedger { lines.append(tongue("there is no ledger yet, and no alert in it", "尚无账本，也没有告警")) }
        if found.loss.isTooMuch {
            lines.append(
                tongue(found.loss.words)
                    + tongue("; it waits for: goodstanding config accept", "；需执行 goodstanding config accept 放行"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ found: ConfigDiffTask.Difference) -> String {
        JSONValue.object([
            (
                "changes",
                .array(found.changes.map { .object([("en", .string($0.en)), ("zh", .string($0.zh))]) })
            ),
            ("stores_lost", .array(found.loss.lost.map(JSONValue.string))),
            (
                "alerts_ending",
                .array(
                    found.loss.ending.map {
                        .object([
                            ("store", .string($0.key.store)), ("rule", .string($0.key.rule)),
                            ("reason", .string($0.reason.rawValue)),
                        ])
                    })
            ),
            ("needs_accept", .bool(found.loss.isTooMuch)),
        ]).text + "\n"
    }
}

struct ConfigAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Lets a configuration pass once that would end many alerts or lose many stores.",
        discussion: """
            The daemon keeps such a configuration out at a reload, and at a start ends nothing by it, until it is accepted: this \
            one, as it is written now. A daemon that waits at a start goes on by itself; else reload it.

              goodstanding config accept && systemctl reload goodstanding
            """)

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let loss = try await ConfigAcceptTask(config: options.config, log: options.logLevel.rawValue).run()
        Terminal.write(
            Tongue.current(Words(en: "accepted: ", zh: "已放行：") + loss.words) + "\n")
    }
}
