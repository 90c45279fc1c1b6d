import ArgumentParser
import Daemon
import Facts
import Foundation

struct AuthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth", abstract: "The consent of a store's owner, and the tokens that come of it.",
        discussion: """
            Prints where the owner consents, takes the address to which the platform leads back, and keeps the tokens in \
            a file beside the ledger, from which they are refreshed in time. Nothing of them is shown.

              goodstanding auth pdd-1                    ask for a consent and take it in
              goodstanding auth pdd-1 --redirected URL   take it in later
              goodstanding auth list                     what ends when
              goodstanding auth check pdd-1              is there a token that is good now?
              goodstanding auth revoke pdd-1             forget the tokens
            """,
        subcommands: [Consent.self, List.self, Check.self, Revoke.self], defaultSubcommand: Consent.self)

    struct Consent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "consent", abstract: "Ask the owner of a store for a consent and take it in.",
            discussion: """
                  goodstanding auth pdd-1
                  goodstanding auth pdd-1 --text             a text to send to the owner
                  goodstanding auth pdd-1 --redirected 'https://…?code=…&state=…'
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String
        @Option(help: ArgumentHelp("Where the platform led back, or the code alone.", valueName: "address"))
        var redirected: String?
        @Flag(help: "Only print a text that can be sent to the owner.") var text = false

        func run() async throws {
            let task = AuthTask(config: options.config, log: options.logLevel.rawValue)
            if let redirected { return AuthText.granted(try await task.take(redirected, for: store)) }
            let address = try await task.address(of: store)
            Terminal.write(AuthText.request(address, store: store, isToSend: text))
            if text { return }
            Terminal.note(AuthText.question)
            guard let line = readLine(), !line.isEmpty else {
                Terminal.note(AuthText.later(store))
                return
            }
            AuthText.granted(try await task.take(line, for: store))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Consents, and what ends when.",
            discussion: """
                  goodstanding auth list
                """)

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            AuthText.list(try AuthTask(config: options.config, log: options.logLevel.rawValue).list())
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Get a token that is good now.",
            discussion: """
                  goodstanding auth check pdd-1
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String

        func run() async throws {
            let task = AuthTask(config: options.config, log: options.logLevel.rawValue)
            if let grant = try await task.check(store) { return AuthText.granted(grant) }
            Terminal.write(
                Tongue.current(
                    Words(
                        en: "the access token under credentials: is used; nobody says when it ends\n",
                        zh: "正在使用 credentials: 中的 access token；其到期时间未知\n")))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Forget the tokens of a store.",
            discussion: """
                The platform goes on taking them until they end or the owner revokes the consent there.

                  goodstanding auth revoke pdd-1
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String

        func run() async throws {
            let task = AuthTask(config: options.config, log: options.logLevel.rawValue)
            let words =
                try await task.revoke(store)
                ? Words(
                    en: "forgotten; revoke the consent at the platform too, which goes on taking them until they end\n",
                    zh: "已删除本地令牌；请同时在平台后台撤销授权，否则令牌在到期前仍然有效\n")
                : Words(en: "there were none\n", zh: "没有保存的令牌\n")
            Terminal.write(Tongue.current(words))
        }
    }
}
