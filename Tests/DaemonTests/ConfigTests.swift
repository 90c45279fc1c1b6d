import Curl
import Daemon
import Facts
import Foundation
import Language
import Notify
import Rules
import Testing

/// A folder of files, gone with the test.
final class Folder {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = NSTemporaryDirectory() + "/goodstanding-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    func write(_ text: String, to name: String) throws {
        let url = URL(filePath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("The configuration is read whole, or everything wrong in it is said")
struct ConfigTests {
    @Test("what is written arrives, what is not has its default")
    func good() throws {
        let folder = try Folder([
            "goodstanding.yaml": """
            database: sqlite:ledger.db
            packs: [rules, one.yaml]
            public_url: https://standing.example/
            stores:
              - {id: a, name: 店铺甲, pack: marketplace, timezone: Asia/Shanghai, currency: CNY, market: CN, labels: {team: east}, confirmed: [dispute-refunds]}
              - stores.d
              - {match: "erp-*", pack: marketplace, confirmed: true, quarantine_limit: 0, sources: {refund: "feed:erp"}}
            feeds:
              - {id: erp, url: "https://erp.example/facts?a=1", headers: {Authorization: {env: TOKEN}}, every: 10m, kinds: [order, refund]}
              - {id: local, url: "http://127.0.0.1:1/facts"}
            receivers:
              - {id: ops, webhook: {file: hook}, secret: {env: SECRET}}
            """,
            "rules/b.yaml": "pack: b", "rules/a.yaml": "pack: a", "rules/notes.txt": "no pack", "one.yaml": "pack: one",
            "stores.d/1.yaml": "- {id: filed, pack: marketplace}", "hook": "https://ops.example/hook\n",
        ])
        let (config, warnings) = try Config.read(
            folder.path + "/goodstanding.yaml",
            environment: [
                "TOKEN": "Bearer t", "SECRET": "whsec_" + Data("0123456789abcdef01234567".utf8).base64EncodedString(),
            ])
        #expect(warnings.map(\.message) == [])
        #expect(config.database == .sqlite(path: folder.path + "/ledger.db"))
        #expect(config.packs.map(\.text) == ["pack: a", "pack: b", "pack: one"])
        #expect(config.listen == ListenAddress(host: "127.0.0.1", port: 8420))
        #expect(config.publicURL == "https://standing.example")
        #expect(config.stores.map(\.subject) == [.id("a"), .id("filed"), .match("erp-*")])
        #expect(config.stores[0].name == "店铺甲")
        #expect(config.stores[0].labels == ["team": "east"])
        #expect(config.stores[0].confirmation == .rules(["dispute-refunds"]))
        #expect(config.stores[1].quarantineLimit == 10)
        #expect(config.stores[2].quarantineLimit == 0)
        #expect(config.stores[2].sources == [.refund: "feed:erp"])
        #expect(config.feeds[0].every == .minutes(10))
        #expect(config.feeds[0].staleAfter == .minutes(30))
        #expect(config.feeds[0].overlap == .minutes(10))
        #expect(config.feeds[0].kinds == [.order, .refund])
        #expect(config.feeds[0].headers.map { "\($0.name): \($0.value.reveal())" } == ["Authorization: Bearer t"])
        // Three times five minutes is a quarter of an hour, which is also the least.
        #expect(config.feeds[1].staleAfter == .minutes(15))
        #expect(config.feeds[1].kinds == nil)
        #expect(config.receivers[0].address == .web([Secret("https://ops.example/hook")]))
    }

    @Test(
        "what /metrics shows of single stores: by default all, up to a thousand; labels under names that Prometheus takes"
    )
    func metrics() throws {
        func read(_ entry: String) throws -> MetricsEntry {
            let folder = try Folder(["goodstanding.yaml": "database: sqlite:l.db\nstores: []\n\(entry)\n"])
            return try Config.read(folder.path + "/goodstanding.yaml", environment: [:]).config.metrics
        }
        #expect(try read("") == MetricsEntry())
        #expect(MetricsEntry().stores == .all && MetricsEntry().limit == 1000 && MetricsEntry().labels.isEmpty)
        let entry = try read("metrics: {stores: \"pdd-*\", labels: [team, cost-center], limit: 5}")
        #expect(entry.stores == .fitting("pdd-*") && entry.limit == 5)
        #expect(entry.labels.map { "\($0.key) \($0.name)" } == ["team team", "cost-center cost_center"])
        #expect(try read("metrics: {stores: false}").stores == .none)
        #expect(try read("metrics: {stores: true}").stores == .all)
        for (wrong, words) in [
            ("metrics: {labels: [团队]}", "cannot be a label at Prometheus"), ("metrics: {labels: [store]}", "already"),
            ("metrics: {labels: [a-b, a_b]}", "already"), ("metrics: {limit: -1}", "limit"),
            ("metrics: {stores: 5}", "so many at most is `limit`"),
            ("metrics: {store: true}", "did you mean 'stores'?"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try read(wrong) }
            #expect(error?.diagnostics.contains { $0.message.contains(words) } == true, "\(wrong): \(error as Any)")
        }
    }

    @Test("a receiver that is no web address arrives whole")
    func receivers() throws {
        let folder = try Folder([
            "goodstanding.yaml": """
            database: sqlite:ledger.db
            stores: [{match: "*", pack: marketplace}]
            receivers:
              - {id: boss, email: {env: MAIL}, from: standing@shop.example, to: [a@shop.example, b@shop.example], user: robot, secret: {env: SECRET}, language: zh}
              - {id: relay, email: "smtp://127.0.0.1", from: standing@shop.example, to: a@shop.example}
              - {id: am, alertmanager: ["http://127.0.0.1:9093", {env: MEMBER}], hold: 2h}
              - {id: one, alertmanager: "http://127.0.0.1:9093"}
              - {id: bridge, webhook: "https://ops.example/hook", format: alertmanager}
              - {id: pager, command: [page, --urgent]}
            """,
            "page": "#!/bin/sh\n",
        ])
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path + "/page")
        let environment = ["MAIL": "smtp://mail.example:587", "SECRET": "s", "MEMBER": "http://127.0.0.1:9094"]
        let (config, warnings) = try Config.read(folder.path + "/goodstanding.yaml", environment: environment)
        #expect(warnings.isEmpty, "\(warnings)")
        let entries = config.receivers
        #expect(
            entries[0].address
                == .mail(
                    .init(
                        server: Secret("smtp://mail.example:587"), from: "standing@shop.example",
                        to: ["a@shop.example", "b@shop.example"], user: "robot")))
        #expect(entries[0].writing.message.language == .zh)
        #expect(
            entries[1].address
                == .mail(
                    .init(
                        server: Secret("smtp://127.0.0.1"), from: "standing@shop.example", to: ["a@shop.example"],
                        user: nil)))
        #expect(entries[2].address == .web([Secret("http://127.0.0.1:9093"), Secret("http://127.0.0.1:9094")]))
        #expect(entries[2].hold == .hours(2) && entries[3].hold == .hours(6))
        #expect(entries[4].writing.format == .alertmanager && entries[3].writing.format == .goodstanding)
        #expect(entries[5].address == .program([folder.path + "/page", "--urgent"]))
    }

    @Test("a template is read with the configuration: what is wrong in it is told with its file and line")
    func templates() throws {
        let folder = try Folder([
            "goodstanding.yaml": """
            database: sqlite:ledger.db
            stores: [{match: "*", pack: marketplace}]
            receivers:
              - {id: duty, dingtalk: "https://x", template: words/duty.mustache}
              - {id: boss, email: "smtp://127.0.0.1", from: a@x, to: b@x, template: words/duty.mustache}
            """,
            "words/duty.mustache": "{{headline}}\n{{limit}}",
        ])
        let path = folder.path + "/goodstanding.yaml"
        let (config, warnings) = try Config.read(path, environment: [:])
        #expect(config.receivers.allSatisfy { $0.writing.message.template != nil })
        #expect(warnings.count == 1 && warnings[0].message.contains("does not say goodstanding"), "\(warnings)")
        try folder.write("{{headline}} goodstanding\n{{limits}}", to: "words/duty.mustache")
        do {
            _ = try Config.read(path, environment: [:])
            Issue.record("a misspelt member was taken")
        } catch {
            let shown = error.diagnostics.map { $0.render() }.joined(separator: "\n")
            #expect(shown.contains("words/duty.mustache:2:") && shown.contains("did you mean 'limit'?"), "\(shown)")
        }
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var yaml: String
        var message: String
        var line = 0
        var testDescription: String { message }
        init(_ yaml: String, _ message: String, line: Int = 0) {
            (self.yaml, self.message, self.line) = (yaml, message, line)
        }
    }

    /// Tokens called `a`.
    static func token(_ rest: String...) -> String {
        whole + "access:\n  tokens: ["
            + rest.map { "{id: a, hash: \"\(String(repeating: "0f", count: 32))\", \($0)}" }.joined(separator: ", ")
            + "]\n"
    }

    static let whole = "database: sqlite:l.db\nstores: [{id: a, pack: p}]\n"

    static let faults: [Fault] = [
        Fault("", "the configuration is empty"),
        Fault("database: sqlite:l.db\n", "lacks 'stores'"),
        Fault(
            whole + "recievers: []\n", "unknown key 'recievers' in the configuration; did you mean 'receivers'?",
            line: 3),
        Fault("database: sqlite:l.db\nstores:\n  - {id: a, pack: p, zone: UTC}\n", "unknown key 'zone'", line: 3),
        Fault("database: mysql:x\nstores: []\n", "this is no database address", line: 1),
        Fault("database: postgres://x\nstores: []\n", "PostgreSQL is not supported yet", line: 1),
        Fault("database: 'sqlite:'\nstores: []\n", "has no path", line: 1),
        Fault("database: [a]\nstores: []\n", "database", line: 1),
        Fault(whole + "listen: 0.0.0.0:8420\n", "can be reached by other machines", line: 3),
        Fault(whole + "listen: 127.evil.example:8420\n", "can be reached by other machines", line: 3),
        Fault(whole + "listen: 0.0.0.0:8420\naccess: {metrics: open}\n", "can be reached by other machines", line: 3),
        Fault(
            whole + "listen: 0.0.0.0:8420\naccess: {proxy: {from: [10.0.0.1]}}\n", "can be reached by other machines",
            line: 3),
        Fault(whole + "access: {tokens: []}\n", "tokens: is empty", line: 3),
        Fault(whole + "access: {tokens: [{id: a, role: viewer}]}\n", "lacks 'hash'", line: 3),
        Fault(whole + "access: {tokens: [{id: a, role: viewer, hash: gst_abc}]}\n", "no hash of a token", line: 3),
        Fault(token("role: admin"), "must be one of viewer, operator, pusher", line: 4),
        Fault(token("role: viewer, kinds: [order]"), "kinds: are what a pusher may bring", line: 4),
        Fault(token("role: pusher, kinds: [orders]"), "'orders' is no kind of fact", line: 4),
        Fault(token("role: viewer, stores: []"), "stores: names nothing", line: 4),
        Fault(token("role: viewer, labels: {}"), "labels: names nothing", line: 4),
        Fault(token("role: viewer, until: soon"), "must be a day", line: 4),
        Fault(token("role: viewer") + "  local: operator\n", "local: says what is asked without a token", line: 5),
        Fault(token("role: viewer", "role: viewer"), "the token 'a' is given twice"),
        Fault(whole + "access: {proxy: {header: X-User, role: viewer}}\n", "lacks 'from'", line: 3),
        Fault(
            whole + "access: {proxy: {header: X-User, from: [proxy.example], role: viewer}}\n", "is no address such as",
            line: 3),
        Fault(
            whole + "access: {proxy: {header: \"X User\", from: [10.0.0.1], role: viewer}}\n", "is no HTTP header name",
            line: 3),
        Fault(whole + "access: {proxy: {header: X-User, from: [10.0.0.1]}}\n", "nobody would be let in", line: 3),
        Fault(whole + "access: {proxy: {from: [10.0.0.1], role: viewer}}\n", "say which: header:", line: 3),
        Fault(whole + "listen: 127.0.0.1\n", "no address to listen on", line: 3),
        Fault(whole + "listen: 127.0.0.1:70000\n", "no address to listen on", line: 3),
        Fault(whole + "packs: [nowhere.yaml]\n", "does not exist", line: 3),
        Fault(whole + "public_url: standing.example\n", "public_url must begin with https://", line: 3),
        Fault(whole + "accounts: [{id: a, pack: p}]\n", "lacks 'credentials'", line: 3),
        Fault("database: sqlite:l.db\nstores: [{pack: p}]\n", "a store needs `id:`", line: 2),
        Fault("database: sqlite:l.db\nstores: [{id: a, match: b, pack: p}]\n", "not both", line: 2),
        Fault("database: sqlite:l.db\nstores: [{id: a}]\n", "lacks 'pack'", line: 2),
        Fault(
            "database: sqlite:l.db\nstores:\n- {id: a, pack: p}\n- {id: a, pack: q}\n",
            "the store 'a' is there twice, first on line 3", line: 4),
        Fault(
            "database: sqlite:l.db\nstores: [{id: a, pack: p, timezone: Asia/Shangai}]\n",
            "'Asia/Shangai' is no time zone", line: 2),
        Fault("database: sqlite:l.db\nstores: [{id: a, pack: p, timezone: CST}]\n", "'CST' is no time zone", line: 2),
        Fault("database: sqlite:l.db\nstores: [{id: a, pack: p, currency: yuan}]\n", "no ISO 4217 code", line: 2),
        Fault(
            "database: sqlite:l.db\nstores: [{id: a, pack: p, sources: {refunds: file}}]\n",
            "'refunds' is no kind of fact; did you mean 'refund'?", line: 2),
        Fault(
            "database: sqlite:l.db\nstores: [{id: a, pack: p, quarantine_limit: many}]\n", "quarantine_limit", line: 2),
        Fault("database: sqlite:l.db\nstores: [missing.d]\n", "does not exist", line: 2),
        Fault(whole + "feeds: [{id: f}]\n", "lacks 'url'", line: 3),
        Fault(whole + "feeds: [{id: f, url: ftp://x/y}]\n", "is no web address", line: 3),
        Fault(whole + "feeds: [{id: f, url: \"https://\"}]\n", "is no web address", line: 3),
        Fault(whole + "feeds: [{id: f, url: \"https://x\", every: 0s}]\n", "too short", line: 3),
        Fault(whole + "feeds: [{id: f, url: \"https://x\", every: soon}]\n", "every", line: 3),
        Fault(whole + "feeds: [{id: f, url: \"https://x\", kinds: [orders]}]\n", "did you mean 'order'?", line: 3),
        Fault(
            whole + "feeds: [{id: f, url: \"https://x\", headers: {Authorization: {env: NOT_SET}}}]\n",
            "NOT_SET is not set", line: 3),
        Fault(whole + "feeds: [{id: f, url: \"https://x\", headers: {\"A B\": x}}]\n", "no HTTP header name", line: 3),
        Fault(
            whole + "feeds:\n- {id: f, url: \"https://x\"}\n- {id: f, url: \"https://y\"}\n",
            "the feed 'f' is there twice", line: 5),
        Fault(whole + "receivers: [{id: r, webhook: {file: gone}}]\n", "does not exist", line: 3),
        Fault(
            whole + "receivers: [{id: r, webhook: \"https://x\", expire: 10s}]\n", "expire is too short; at least 1m",
            line: 3),
        Fault(
            whole + "receivers: [{id: r, webhook: \"https://x\", zone: Asia/Shanghai}]\n", "zone: says where quiet:",
            line: 3),
        Fault(whole + "receivers: [{id: r, webhook: {vault: x}}]\n", "this is no place for a secret", line: 3),
        Fault(whole + "receivers: [{id: r, webhook: \"https://x\", secret: {env: BAD}}]\n", "whsec_", line: 3),
        Fault(whole + "receivers: [{id: r, email: \"smtp://x\"}]\n", "email needs from:", line: 3),
        Fault(
            whole + "receivers: [{id: r, email: \"https://x\", from: a@x, to: b@x}]\n", "is no mail server", line: 3),
        Fault(
            whole + "receivers: [{id: r, email: \"smtp://x\", from: a@x, to: [b@x, \"b x@y\"]}]\n",
            "this is no mail address", line: 3),
        Fault(
            whole + "receivers: [{id: r, email: \"smtp://x\", from: a@x, to: b@x, user: u}]\n", "has one alone", line: 3
        ),
        Fault(whole + "receivers: [{id: r, slack: \"https://x\", from: a@x}]\n", "slack has no from:", line: 3),
        Fault(
            whole + "receivers: [{id: r, slack: \"https://x\", format: alertmanager}]\n", "slack has no format:",
            line: 3),
        Fault(
            whole + "receivers: [{id: r, webhook: \"https://x\", format: am}]\n",
            "is one of goodstanding, alertmanager",
            line: 3),
        Fault(whole + "receivers: [{id: r, alertmanager: []}]\n", "a list of addresses is not empty", line: 3),
        Fault(
            whole + "receivers: [{id: r, alertmanager: [\"https://x\", \"ftp://y\"]}]\n", "is no web address", line: 3),
        Fault(
            whole + "receivers: [{id: r, alertmanager: \"https://x\", hold: 1min}]\n", "hold: is at least 4m", line: 3),
        Fault(whole + "receivers: [{id: r, webhook: [\"https://x\"]}]\n", "must be", line: 3),
        Fault(
            whole + "receivers: [{id: r, webhook: \"https://x\", template: t}]\n", "webhook has no template:", line: 3),
        Fault(
            whole + "receivers: [{id: r, slack: \"https://x\", template: gone}]\n", "the template", line: 3),
        Fault(whole + "receivers: [{id: r, command: page}]\n", "must be a list", line: 3),
        Fault(whole + "receivers: [{id: r, command: []}]\n", "a command is a list", line: 3),
        Fault(whole + "receivers: [{id: r, command: [gone/page]}]\n", "is no program that can be run", line: 3),
        Fault(
            whole + "receivers: [{id: r, command: [/bin/true], secret: {env: BAD}}]\n", "has none beside its address",
            line: 3),
        Fault(whole + "receivers: [{id: r, slack: \"https://x\", wecom: \"https://y\"}]\n", "has one address", line: 3),
        Fault(whole + "receivers: [{id: r}]\n", "has one address", line: 3),
        Fault(whole + "receivers: [{id: r, slack: \"https://x\", chat: \"1\"}]\n", "slack has no chat:", line: 3),
        Fault(whole + "receivers: [{id: r, telegram: \"https://x\"}]\n", "lacks chat:", line: 3),
        Fault(whole + "receivers: [{id: r, ntfy: \"https://x/y\", language: zn}]\n", "is one of en, zh, both", line: 3),
        Fault(whole + "receivers: [{id: 'a b', webhook: \"https://x\"}]\n", "id", line: 3),
        Fault("database: &x sqlite:l.db\nstores: []\n", "anchors", line: 1),
        Fault("database: sqlite:l.db\ndatabase: sqlite:l.db\nstores: []\n", "twice"),
        Fault("database: [\n", "YAML"),
    ]

    @Test("a fault is said with its line", arguments: faults)
    func bad(_ fault: Fault) throws {
        let folder = try Folder(["c.yaml": fault.yaml])
        let error = try #require(throws: ConfigurationError.self) {
            try Config.read(folder.path + "/c.yaml", environment: ["BAD": "not a webhook secret"])
        }
        let found = error.diagnostics.filter { $0.severity == .error }.map {
            ($0.message, $0.source.lineAndColumn(at: $0.range.lowerBound).line)
        }
        #expect(found.contains { $0.0.contains(fault.message) && (fault.line == 0 || $0.1 == fault.line) }, "\(found)")
        #expect(!found.contains { $0.0.contains("not a webhook secret") }, "no message repeats a secret")
    }

    @Test("several faults are said at once")
    func all() throws {
        let folder = try Folder(["c.yaml": "database: x\nlisten: y\nstores: [{id: a}]\nfeeds: [{id: f}]\n"])
        let error = try #require(throws: ConfigurationError.self) {
            try Config.read(folder.path + "/c.yaml", environment: [:])
        }
        #expect(error.diagnostics.count >= 4, "\(error.diagnostics.map(\.message))")
    }

    @Test("files that are no configuration are told apart")
    func files() throws {
        let folder = try Folder()
        try Data([0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 0xFF]).write(to: URL(filePath: folder.path + "/binary"))
        for (name, words) in [("gone", "does not exist"), ("binary", "not UTF-8"), ("", "is a folder")] {
            let error = try #require(throws: ConfigurationError.self) {
                try Config.read(folder.path + "/" + name, environment: [:])
            }
            #expect(error.diagnostics.contains { $0.message.contains(words) }, "\(error.diagnostics.map(\.message))")
        }
    }

    @Test("a secret written into the file, and plain http beyond this machine, are warned of")
    func warnings() throws {
        let folder = try Folder([
            "c.yaml": Self.whole + """
                feeds: [{id: f, url: "http://erp.example/x", headers: {Authorization: abc}}]
                receivers: [{id: r, webhook: "https://x", secret: "whsec_\(Data("0123456789abcdef01234567".utf8).base64EncodedString())"}]
                """
        ])
        let (_, warnings) = try Config.read(folder.path + "/c.yaml", environment: [:])
        #expect(warnings.count == 3)
        #expect(warnings.contains { $0.message.contains("plain http") })
        #expect(warnings.filter { $0.message.contains("stands in the file itself") }.count == 2)
        let shown = warnings.map { $0.render() }.joined()
        #expect(!shown.contains("whsec_") && !shown.contains("abc"), "no line with a secret is shown")
    }

    @Test("of thousands of warnings that read alike a few are shown, and how many more there are")
    func alike() throws {
        let stores = (1...3000).map {
            "  - {id: s\($0), pack: woocommerce, credentials: {consumer_key: a, consumer_secret: b}}\n"
        }
        let folder = try Folder(["c.yaml": "database: sqlite:x.db\nstores:\n" + stores.joined()])
        let (_, warnings) = try Config.read(folder.path + "/c.yaml", environment: [:])
        let secrets = warnings.filter { $0.message.contains("stands in the file itself") }
        #expect(secrets.count == 5)
        #expect(secrets.last?.message.hasSuffix("(and 2995 more like this)") == true)
        #expect(secrets.allSatisfy { $0.hidesLine })
    }

    @Test("a wrong database hides nothing that is wrong with the stores")
    func everything() throws {
        let folder = try Folder([
            "c.yaml":
                "database: mysql:x\nlisten: 1\nstores: [{id: a, pack: nopack}, {id: b, pack: marketplace, parameters: {nope: 1}}]\n"
        ])
        do {
            _ = try Assembly.fleet(config: folder.path + "/c.yaml", environment: [:])
            Issue.record("it was taken")
        } catch {
            let errors = error.diagnostics.filter { $0.severity == .error }.map(\.message)
            for words in ["no database address", "no address to listen on", "no pack 'nopack'", "no parameter 'nope'"] {
                #expect(errors.contains { $0.contains(words) }, "\(words): \(errors)")
            }
            #expect(errors.count == 4)
        }
    }

    @Test("a store is known by its composed id, however it is written", arguments: ["e\u{301}", "\u{E9}"])
    func composed(_ id: String) throws {
        let folder = try Folder([
            "c.yaml":
                "database: sqlite:l.db\nstores: [{id: \"\(id)\", pack: marketplace}, {match: \"*\", pack: marketplace}]\n"
        ])
        let fleet = try Assembly.fleet(config: folder.path + "/c.yaml", environment: [:]).fleet
        for asked in ["e\u{301}", "\u{E9}"] {
            #expect(fleet.watched(asked).map { Array($0.store.id.utf8) } == [0xC3, 0xA9])
        }
        #expect(fleet.watched("o\u{308}").map { Array($0.store.id.utf8) } == [0xC3, 0xB6])
    }

    @Test("the mark that some editors put before a text is no part of it")
    func byteOrderMark() throws {
        let folder = try Folder([
            "c.yaml": "\u{FEFF}" + Self.whole + "packs: [p.yaml]\n",
            "p.yaml": "\u{FEFF}pack: p\r\nmetrics:\r\n  n: count(order by paid_at over 30d)\r\n",
        ])
        let fleet = try Assembly.fleet(config: folder.path + "/c.yaml", environment: [:]).fleet
        #expect(fleet.library["p"]?.metrics == ["n"])
    }

    @Test("a password in an address is not shown, whatever is wrong with it")
    func password() throws {
        for database in ["postgres://user:s3cret@host/db", "mysql://user:s3cret@host/db"] {
            let folder = try Folder(["c.yaml": "database: \(database)\nstores: []\n"])
            do {
                _ = try Config.read(folder.path + "/c.yaml", environment: [:])
                Issue.record("\(database) is no ledger of ours")
            } catch {
                #expect(!error.diagnostics.map { $0.render() }.joined().contains("s3cret"))
            }
        }
    }

    @Test("the configuration is looked for where the manual says")
    func finding() throws {
        #expect(try Config.find("asked.yaml", environment: ["GOODSTANDING_CONFIG": "env.yaml"]) == "asked.yaml")
        #expect(try Config.find(nil, environment: ["GOODSTANDING_CONFIG": "env.yaml"]) == "env.yaml")
    }
}
