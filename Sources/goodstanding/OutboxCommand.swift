import ArgumentParser
import Daemon
import Facts

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "What is owed to receivers, and what became of it.",
        subcommands: [List.self, Retry.self, Drop.self], defaultSubcommand: List.self)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Notices, the latest first.",
            discussion: """
                What is owed, with how often it was tried, when it is tried next and why it was not taken; with --state taken \
                what was sent to whom when.

                  goodstanding outbox list
                  goodstanding outbox list --receiver duty --state taken
                """)

        @OptionGroup var options: ConfigOptions
        @Option(help: ArgumentHelp("Only to this receiver.", valueName: "id")) var receiver: String?
        @Option(help: "owed, taken, abandoned or all.") var state = "owed"
        @Option(help: "So many at most.") var limit = 200
        @Option(help: "How to print it.") var format: Format = .table

        func validate() throws {
            guard state == "all" || OutboxTask.states.contains(state) else {
                throw ValidationError("--state is one of \(OutboxTask.states.joined(separator: ", ")), all")
            }
            guard limit > 0 else { throw ValidationError("--limit is at least 1") }
        }

        func run() async throws {
            let entries = try await OutboxTask(options.opening)
                .list(receiver, state == "all" ? nil : state, limit: limit)
            Terminal.write(format == .table ? OutboxText.table(entries) : OutboxText.json(entries))
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has the daemon send what waits, now that a receiver is mended.",
            discussion: """
                Nothing waits for its next attempt any longer; the daemon looks within half a minute. A notice that is named was \
                given up, and is owed again.

                  goodstanding outbox retry
                  goodstanding outbox retry --receiver duty
                  goodstanding outbox retry ntc_952d43e911ea
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "One that was given up, by its id or its beginning.") var notice: String?
        @Option(help: ArgumentHelp("Only to this receiver.", valueName: "id")) var receiver: String?

        func validate() throws {
            guard notice == nil || receiver == nil else { throw ValidationError("a notice has its receiver already") }
        }

        func run() async throws {
            if let notice {
                let entry = try await OutboxTask(options.opening).revive(notice)
                Terminal.note(Tongue.current("owed again: \(entry.id)", "已重新排入发送：\(entry.id)"))
                return
            }
            let count = try await OutboxTask(options.opening).retry(receiver)
            Terminal.note(
                Tongue.current("\(counted(count, "notice")) that waited can go now", "\(count) 条等待重试的通知现在可以发送"))
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives up a notice: it is never sent, and what comes after it goes.",
            discussion: """
                  goodstanding outbox drop ntc_952d43e911ea --why "told by phone"
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The notice's id, or its beginning.") var notice: String
        @Option(help: "Why it is given up; kept with it.") var why: String

        func run() async throws {
            try await OutboxTask(options.opening).drop(notice, because: why)
            Terminal.note(Tongue.current("given up: \(notice)", "已放弃：\(notice)"))
        }
    }
}
