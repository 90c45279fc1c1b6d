import TestSupport
import Testing

@Suite("Help shows how, and shells are told how")
struct HelpTests {
    /// As in the contract's table; what later issues add comes into this list.
    static let commands = [
        "run", "check", "pull", "import", "export", "metrics", "explain", "rules", "config", "doctor", "verify", "demo",
        "measure", "maps", "auth", "reconcile", "calibrate", "resume", "audit", "token", "report", "calendar",
        "grafana",
        "prometheus-rules",
    ]
    static let withSubcommands =
        commands.map { [$0] } + [
            ["rules", "check"], ["rules", "list"], ["config", "check"], ["measure", "set"], ["measure", "import"],
            ["measure", "due"], ["maps", "list"], ["maps", "show"], ["maps", "check"], ["auth", "consent"],
            ["auth", "list"], ["auth", "check"], ["auth", "revoke"], ["token", "new"],
        ]

    @Test("every command answers --help with an example that one can copy", arguments: withSubcommands)
    func examples(_ command: [String]) async throws {
        let folder = try Workplace()
        let help = try await folder.run(command + ["--help"])
        #expect(help.status == 0 && help.error == "")
        #expect(help.output.contains("USAGE: goodstanding \(command.joined(separator: " "))"))
        let lines = help.output.lines
        let examples = lines.indices.filter { lines[$0].trimmed.hasPrefix("goodstanding ") }
        #expect(!examples.isEmpty, "\(command.joined(separator: " ")) shows no example")
        expectWhole(examples, of: lines)
        let asked = try await folder.run(["help"] + command)
        #expect(asked.output == help.output, "`help` says the same")
    }

    @Test("every example of the help is a command that is understood", arguments: withSubcommands)
    func examplesParse(_ command: [String]) async throws {
        let folder = try Workplace()
        let help = try await folder.run(command + ["--help"]).output
        for line in help.lines.map(\.trimmed) where line.hasPrefix("goodstanding ") {
            // Up to a pipe or a redirection; with --help the parser looks at all of it and runs nothing.
            let words = line.split(separator: " ").dropFirst().prefix { !["|", ">"].contains($0) }
            let arguments = words.map { $0.trimmingQuotes }
            let ended = try await folder.run(arguments + ["--help"])
            #expect(ended.status == 0 && ended.output.contains("USAGE: goodstanding \(command[0])"), "\(line)")
            for option in arguments where option.hasPrefix("--") {
                let isListed = [" \(option) ", " \(option)\n"].contains { ended.output.contains($0) }
                #expect(isListed, "the help knows no \(option): \(line)")
            }
        }
    }

    @Test("the help of the program lists every command, with examples to begin with")
    func root() async throws {
        let folder = try Workplace()
        let help = try await folder.run("--help")
        #expect(help.status == 0 && help.error == "")
        let lines = help.output.lines
        let heading = try #require(lines.firstIndex { $0.hasPrefix("SUBCOMMANDS") })
        let listed = lines[(heading + 1)...].filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(Self.commands.filter { !listed.contains($0) } == [])
        let examples = lines.indices.filter { lines[$0].hasPrefix("  goodstanding ") }
        #expect(examples.count >= 3)
        expectWhole(examples, of: lines)
    }

    /// An example that goes on at the beginning of the next line cannot be copied.
    private func expectWhole(_ examples: [Int], of lines: [String]) {
        for index in examples {
            let next = lines[index + 1]
            #expect(next.isEmpty || next.hasPrefix("  "), "broken over two lines: \(lines[index])⏎\(next)")
        }
    }

    @Test("the version is a number, on standard output")
    func version() async throws {
        let ended = try await Workplace().run("--version")
        #expect(ended.status == 0 && ended.error == "")
        #expect(ended.output.contains(/^\d+\.\d+\.\d+(-\w+)?\n$/), "\(ended.output)")
    }

    @Test("completions know every command", arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) async throws {
        let ended = try await Workplace().run("--generate-completion-script", shell)
        #expect(ended.status == 0 && ended.error == "")
        for word in Self.commands + ["--config", "nagios"] {
            #expect(ended.output.contains(word.hasPrefix("--") && shell == "fish" ? "config" : word), "\(word)")
        }
        // The shell's own opinion, where it is installed; bash always is.
        guard let tool = Tool(shell) else {
            #expect(shell != "bash")
            return
        }
        let folder = try Workplace()
        try folder.write("completions", ended.output)
        try await tool.run([shell == "fish" ? "--no-execute" : "-n", folder.file("completions")])
    }

    @Test("a shell there is not is wrong usage")
    func unknownShell() async throws {
        let ended = try await Workplace().run("--generate-completion-script", "tcsh")
        #expect(ended.status == 64 && !ended.error.isEmpty)
    }

    @Test("the completions that are installed serve the program by its name")
    func bash() async throws {
        let folder = try Workplace()
        try folder.write("completions", try await Program.run("--generate-completion-script", "bash").output)
        let bash = try #require(Tool("bash"))
        let script = "source '\(folder.file("completions"))'; complete -p goodstanding"
        let registered = String(decoding: try await bash.run(["-c", script]), as: UTF8.self)
        #expect(registered.contains("goodstanding"))
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}

extension Substring {
    fileprivate var trimmingQuotes: String { String(drop { $0 == "'" }.reversed().drop { $0 == "'" }.reversed()) }
}
