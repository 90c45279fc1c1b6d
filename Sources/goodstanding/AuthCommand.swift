import Alerts
import ArgumentParser
import Daemon
import Facts
import Foundation

struct AuthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth", abstract: "The consent of a store's owner, and the tokens that come of it.",
        discussion: """
            Prints where the owner consents, takes the address to which the platform leads back, and keeps the tokens in \
            a file beside the ledger, from which they are refreshed in time. Nothing of them is shown, and a code is read \
            from standard input alone: arguments can be seen by others.

              goodstanding auth pdd-1
              goodstanding auth pdd-1 --text
              goodstanding auth pdd-1 --redirected
              goodstanding auth list
              goodstanding auth check pdd-1
              goodstanding auth revoke pdd-1
            """,
        subcommands: [Consent.self, List.self, Check.self, Revoke.self], defaultSubcommand: Consent.self)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    struct Consent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "consent", abstract: "Ask the owner of a store for a consent and take it in.",
            discussion: """
                The address that is printed carries a random word, its state, which the platform leads back with: an \
                answer without it, or to another address than those printed in the last 7 days, is refused. Each is good \
                once. Where nothing is pasted it ends with 1, and --redirected takes the answer in later.

                  goodstanding auth consent pdd-1
                  goodstanding auth consent pdd-1 --text
                  goodstanding auth consent pdd-1 --redirected
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String
        @Flag(help: "Only take in, from standard input, where the platform led back, or the code alone.")
        var redirected = false
        @Flag(help: "Only print a text that can be sent to the owner.") var text = false

        func validate() throws {
            if redirected && text { throw ValidationError("either --text or --redirected") }
        }

        func run() async throws {
            let task = AuthTask(config: options.config, log: options.logLevel.rawValue)
            if !redirected {
                let invitation = try await task.invite(store)
                Terminal.write(text ? AuthText.letter(invitation) : AuthText.place(invitation))
                if text || invitation.address == nil { return }
                for words in [invitation.consenting, invitation.access] {
                    if let words { Terminal.note(Tongue.current(words)) }
                }
            }
            Terminal.note(redirected ? AuthText.pasting : AuthText.question)
            guard let line = readLine(), !line.isEmpty else {
                Terminal.note(AuthText.later(store))
                throw ExitCode.failed
            }
            let taken = try await task.take(line, for: store)
            Terminal.write(AuthText.granted(taken.grant, store: store))
            AuthText.warn(of: taken.grant)
            if !taken.isStateChecked { Terminal.note(AuthText.unchecked(taken.grant)) }
            if let untold = taken.untold { Terminal.note(AuthText.untold(untold)) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "All stores that are pulled: whose consent there is, and what ends when.",
            discussion: """
                  goodstanding auth list
                  goodstanding auth list --format json
                """)

        @OptionGroup var options: ConfigOptions
        @Option(help: "How to print it.") var format: Format = .table

        func run() async throws {
            let task = AuthTask(config: options.config, log: options.logLevel.rawValue)
            let all = try task.list()
            AuthText.expiring(try await task.expiring())
            switch format {
            case .table:
                Terminal.write(AuthText.list(all))
                for access in all {
                    if case .granted(let grant) = access.kind { AuthText.warn(of: grant) }
                }
            case .json: Terminal.write(AuthText.json(all))
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Get a token that is good now and ask one harmless question with it.",
            discussion: """
                  goodstanding auth check pdd-1
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String

        func run() async throws {
            let checked = try await AuthTask(config: options.config, log: options.logLevel.rawValue).check(store)
            Terminal.write(AuthText.status(checked.access))
            if case .granted(let grant) = checked.access.kind { AuthText.warn(of: grant) }
            for finding in checked.findings { Terminal.write(DoctorCommand.line(finding)) }
            if checked.findings.contains(where: { $0.grade == .bad }) { throw ExitCode.failed }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Forget the tokens of a store.",
            discussion: """
                The platform goes on taking them until they end or the owner takes the consent back there; where that is \
                done is told.

                  goodstanding auth revoke pdd-1
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String

        func run() async throws {
            let revoked = try await AuthTask(config: options.config, log: options.logLevel.rawValue).revoke(store)
            Terminal.write(AuthText.revoked(revoked))
        }
    }
}
