import Alerts
import ArgumentParser
import Daemon
import Facts
import Rules

extension AlertsCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One alert: what happened to it, who was told, and what holds it back.",
            discussion: "  goodstanding alerts show pdd-1 dispute-refunds")

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String
        @Argument(help: "The rule.") var rule: String
        @Option(help: "How to print it.") var format: Format = .table

        func run() async throws {
            let shown = try await AlertsTask(options.opening).show(store, rule)
            let calendar = try options.opening.calendars()
            Terminal.write(format == .table ? AlertText.text(shown, calendar) : AlertText.json(shown))
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack", abstract: "Somebody looks after an alert.",
            discussion: """
                It is not told again while it goes on, and no further step of escalation hears of it; that it is over is \
                told all the same. The word is taken back by a warning that becomes a breach, and by --until.

                  goodstanding alerts ack pdd-1 dispute-refunds --why "calling the warehouse"
                  goodstanding alerts ack pdd-1 dispute-refunds --why "vendor 88" --until 4h --by mei
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String
        @Argument(help: "The rule.") var rule: String
        @Option(help: "What is done about it.") var why: String
        @Option(help: ArgumentHelp("Who says so; else who is logged in.", valueName: "name")) var by: String?
        @Option(
            help: ArgumentHelp(
                "How long (4h), or the first day, or the moment, from which it no longer counts.", valueName: "end"))
        var until: String?

        func run() async throws {
            let word = try await AlertsTask(options.opening)
                .acknowledge(store, rule, by: by, why: why, until: until)
            Terminal.write(SilenceText.done(word))
        }
    }

    struct Silence: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tells nobody of certain alerts for a time.",
            discussion: """
                Standings, and what check says, stay as they are. When it is over, what still goes on is told in one \
                message; who heard that something began hears that it is over, silence or not.

                  goodstanding alerts silence --store 'pdd-*' --rule late-shipment --until 2h --why "carrier strike"
                  goodstanding alerts silence --platform taobao --until 2026-11-12 --why "Double Eleven"
                  goodstanding alerts silence --store pdd-1 --ends resolved --why "known, vendor mends it"
                  goodstanding alerts silence --label team=east --ends worse --until 3d --why "known warnings"
                """)

        @OptionGroup var options: ConfigOptions
        @Option(help: ArgumentHelp("Stores whose id fits.", valueName: "glob")) var store: [String] = []
        @Option(help: ArgumentHelp("Rules whose id fits.", valueName: "glob")) var rule: [String] = []
        @Option(help: ArgumentHelp("Packs whose name fits.", valueName: "glob")) var platform: [String] = []
        @Option(help: ArgumentHelp("Stores with this label.", valueName: "name=value")) var label: [String] = []
        @Option(help: "critical, major, minor, info.") var severity: [SeverityWord] = []
        @Option(help: "The reason.") var why: String
        @Option(help: ArgumentHelp("Who says so; else who is logged in.", valueName: "name")) var by: String?
        @Option(help: ArgumentHelp("How long (2h), or the first day, or the moment, without it.", valueName: "end"))
        var until: String?
        @Option(
            help:
                "What else ends it: time (nothing), resolved (when all that fits is over), worse (for what grows worse)."
        )
        var ends: SilenceEnd = .time

        func validate() throws {
            for text in label where !text.contains("=") {
                throw ValidationError("'\(text)' is no label; write its name and its value: --label team=east")
            }
        }

        func run() async throws {
            var filter = AlertFilter()
            (filter.stores, filter.rules, filter.platforms) = (store, rule, platform)
            filter.severities = severity.map(\.severity)
            for text in label {
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                filter.labels[parts[0], default: []].append(parts[1])
            }
            let (silence, alerts) = try await AlertsTask(options.opening)
                .silence(.init(filter: filter, until: until, ends: ends.end, by: by, why: why))
            Terminal.write(SilenceText.done(silence, alerts))
        }
    }

    struct Unsilence: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends a silence before its time.",
            discussion: "  goodstanding alerts unsilence sil_52d1 --why \"the strike is over\"")

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The silence's id, or its beginning.") var id: String
        @Option(help: "The reason.") var why: String
        @Option(help: ArgumentHelp("Who says so; else who is logged in.", valueName: "name")) var by: String?

        func run() async throws {
            let silence = try await AlertsTask(options.opening).unsilence(id, by: by, why: why)
            Terminal.write(SilenceText.ended(silence))
        }
    }

    struct Silences: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The silences in force.",
            discussion: """
                  goodstanding alerts silences
                  goodstanding alerts silences --all --format json
                """)

        @OptionGroup var options: ConfigOptions
        @Flag(help: "Those that are over too.") var all = false
        @Option(help: "How to print it.") var format: Format = .table

        func run() async throws {
            let silences = try await AlertsTask(options.opening)
                .silences(all: all)
            Terminal.write(format == .table ? SilenceText.table(silences) : SilenceText.json(silences))
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What happened to alerts, the latest first.",
            discussion: """
                  goodstanding alerts history --store 'pdd-*' --limit 50
                  goodstanding alerts history --rule dispute-refunds --format json
                """)

        @OptionGroup var options: ConfigOptions
        @Option(help: ArgumentHelp("Only of stores whose id fits.", valueName: "glob")) var store: String?
        @Option(help: "Only of this rule.") var rule: String?
        @Option(help: "So many at most.") var limit = 100
        @Option(help: "How to print it.") var format: Format = .table

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit is at least 1") }
        }

        func run() async throws {
            let events = try await AlertsTask(options.opening)
                .history(store, rule: rule, limit: limit)
            let calendar = try options.opening.calendars()
            Terminal.write(format == .table ? AlertText.table(events, calendar) : AlertText.json(events))
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Somebody answers for the breaches of a rule at a store.",
            discussion: """
                Until a day they count as warnings and stay visible, in check as well. The same as `accepted:` of the \
                store's entry, without a change of the configuration.

                  goodstanding alerts accept pdd-1 late-shipment --until 2026-12-01 --why "new warehouse" --by mei
                  goodstanding alerts accept pdd-1 late-shipment --undo --why "it works"
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String
        @Argument(help: "The rule.") var rule: String
        @Option(help: "The reason.") var why: String
        @Option(help: ArgumentHelp("Who says so; else who is logged in.", valueName: "name")) var by: String?
        @Option(help: ArgumentHelp("The first day without it, or how long (14d).", valueName: "end")) var until: String?
        @Flag(help: "Nobody answers for them any more.") var undo = false

        func validate() throws {
            guard undo != (until != nil) else { throw ValidationError("until when? --until 2026-12-01, or --undo") }
        }

        func run() async throws {
            let acceptance = try await AlertsTask(options.opening)
                .accept(store, rule, by: by, why: why, until: until)
            Terminal.write(SilenceText.done(acceptance, store, rule))
        }
    }

    struct WhyNot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "why-not", abstract: "What was known at a moment, what was shown, and why nothing was sent.",
            discussion: "  goodstanding alerts why-not pdd-1 dispute-refunds --at 2026-11-02T09:00:00+08:00")

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String
        @Argument(help: "The rule.") var rule: String
        @Option(help: ArgumentHelp("The moment; now if it is left out.", valueName: "time")) var at: Moment?
        @Option(help: "How to print it.") var format: Format = .table

        func run() async throws {
            let answer = try await WhyNotTask(options.opening)
                .run(store, rule, at: at?.timestamp)
            Terminal.write(format == .table ? WhyNotText.text(answer) : WhyNotText.json(answer))
        }
    }

    struct Route: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who would hear of an alert, when and why.", subcommands: [Explain.self])

        struct Explain: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract:
                    "Every receiver, whether it would hear of a rule at a store, when, and what holds it back now.",
                discussion: """
                      goodstanding alerts route explain pdd-1 dispute-refunds
                      goodstanding alerts route explain pdd-1 health:platform
                      goodstanding alerts route explain '' health:pinduoduo
                    """)

            @OptionGroup var options: ConfigOptions
            @Argument(help: "The store; empty for an alert that speaks for many.") var store: String
            @Argument(help: "The rule, or health:… for the store's data.") var rule: String
            @Option(help: "How to print it.") var format: Format = .table

            func run() async throws {
                let lines = try await RouteTask(options.opening)
                    .explain(store, rule)
                Terminal.write(format == .table ? RouteText.text(lines) : RouteText.json(lines))
            }
        }
    }
}

/// The words of an option.
enum SeverityWord: String, ExpressibleByArgument, CaseIterable {
    case critical, major, minor, info

    var severity: Severity {
        switch self {
        case .critical: .critical
        case .major: .major
        case .minor: .minor
        case .info: .info
        }
    }
}

enum SilenceEnd: String, ExpressibleByArgument, CaseIterable {
    case time, resolved, worse

    var end: Alerts.Silence.End {
        switch self {
        case .time: .time
        case .resolved: .resolved
        case .worse: .worse
        }
    }
}
