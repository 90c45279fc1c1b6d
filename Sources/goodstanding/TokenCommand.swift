import ArgumentParser
import Dashboard
import Facts
import Rules

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens by which people and programs show who they are.",
        discussion: """
              goodstanding token new mei --role operator
            """,
        subcommands: [New.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token, shows it once, and prints the entry for the configuration.",
            discussion: """
                The token goes to whom it is for: into the login form of the pages, or as `Authorization: Bearer …` of a program. \
                The entry holds only its hash and goes under `access: tokens:`; nothing is written anywhere.

                  goodstanding token new mei --role operator
                  goodstanding token new erp --role pusher
                """)

        @Argument(help: "The person or program that it is for.") var name: String
        @Option(help: "viewer (looks), operator (acts too) or pusher (brings facts, sees nothing).")
        var role: TokenRole = .viewer

        func validate() throws {
            guard YAMLCursor.isID(name) else {
                throw ValidationError("a name is letters, digits, '.', '_' and '-', beginning with a letter or digit")
            }
        }

        func run() throws {
            let token = AccessToken.made()
            Terminal.note(
                Tongue.current(
                    "The token, shown this once; give it to whom it is for:", "令牌仅显示这一次，请交给使用者："))
            Terminal.write(token + "\n")
            Terminal.note(Tongue.current("Its entry for the configuration:", "写入配置的条目："))
            Terminal.write(
                """
                access:
                  tokens:
                    - {id: \(name), role: \(role.rawValue), hash: "sha256:\(AccessToken.hash(of: token))"}

                """)
        }
    }
}

enum TokenRole: String, ExpressibleByArgument, CaseIterable { case viewer, `operator`, pusher }
