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
            let calendar = try options.opening.calendars()
            Terminal.write(format == .table ? OutboxText.table(entries, calendar) : OutboxText.json(entries))
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has the daemon send what waits, now that a receiver is mended, or what was given up.",
            discussion: """
                Nothing waits for its next attempt any longer; the daemon looks within half a minute. With --dead it sends once \
                more, under its id, what was given up because it was not taken in time (expire:); what a person dropped, and \
                what a later word about the same alert has overtaken, is sent by its id alone.

                  goodstanding outbox retry
                  goodstanding outbox retry --receiver duty
                  goodstanding outbox retry --receiver duty --dead
                  goodstanding outbox retry ntc_952d43e911ea
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "One notice, owed or given up: its id, or its beginning.") var notice: String?
        @Option(help: ArgumentHelp("Only to this receiver.", valueName: "id")) var receiver: String?
        @Flag(help: "What was given up because nobody took it.") var dead = false

        func validate() throws {
            guard notice == nil || receiver == nil && !dead else {
                throw ValidationError("a notice has one receiver: leave --receiver and --dead out")
            }
        }

        func run() async throws {
            let task = OutboxTask(options.opening)
            let tongue = Tongue.current
            let retried: OutboxTask.Retried
            if let notice {
                retried = try await task.retry(notice: notice)
            } else if dead {
                retried = try await task.retryDead(receiver)
            } else {
                retried = try await task.retry(receiver)
            }
            if retried.revived > 0 || dead {
                Terminal.note(
                    tongue(
                        "\(counted(retried.revived, "dead letter")) go\(retried.revived == 1 ? "es" : "") out again",
                        "\(retried.revived) 条已放弃的通知将重新发送"))
            } else {
                Terminal.note(
                    tongue(
                        "\(counted(retried.waited, "notice")) that waited can go now",
                        "\(retried.waited) 条等待重试的通知现在可以发送"))
            }
            if retried.overtaken > 0 {
                Terminal.note(
                    tongue(
                        "\(counted(retried.overtaken, "dead letter")) stay\(retried.overtaken == 1 ? "s" : ""): the receiver has a later word about the same alert; outbox retry ID sends one all the same",
                        "\(retried.overtaken) 条保留：接收方已收到同一告警的更新消息；如仍需发送，请用 outbox retry ID"))
            }
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
