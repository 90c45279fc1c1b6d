import Foundation
import Glibc
import Simulation
import TestSupport
import Testing

/// What must not be found anywhere: planted values that can be told from everything else. None of them holds a word by
/// which a program might guess that it is a secret.
@Suite("No secret and nobody's personal data leaves the place where it belongs", .serialized, .timeLimit(.minutes(3)))
struct SecretTests {
    /// Base64 of `QvXz-signing-01` and of `QvXz-signing-02`.
    private static let keys = ["whsec_UXZYei1zaWduaW5nLTAx", "whsec_UXZYei1zaWduaW5nLTAy"]
    private static let secrets = [
        "QvXz-bearer-11", "QvXz-apikey-12", "QvXz-partner-13", "QvXz-ownline-14", "QvXz-block-15", "QvXz-env-16",
        "QvXz-hook-17", "QvXz-hook-18", "QvXz-hook-19", "UXZYei1zaWduaW5nLTAx", "UXZYei1zaWduaW5nLTAy", "QvXz-signing",
    ]
    private static let people = [
        "Weiming", "伟明", "13812345678", "138-1234-5678", "weiming@example.com", "Nanjing Road", "南京路",
        "buyer-4711", "leave it with the neighbour",
    ]

    private func environment(outside: String) -> [String: String] {
        ["FEED_KEY": "QvXz-env-16", "HOOK_URL": "\(outside)/QvXz-hook-18", "HOOK_KEY": Self.keys[1]]
    }

    /// Members that no schema names, as a platform's export is full of them, and a buyer.
    private static let person = #"""
        ,"buyer":"buyer-4711","buyer_name":"Zhang Weiming","phone":"+86 13812345678","mobile":13812345678,\#
        "email":"weiming@example.com","address":{"street":"88 Nanjing Road","more":"南京路88号","receiver":"张伟明"},\#
        "note":"please leave it with the neighbour","labels":{"customer":"Zhang Weiming"},"phones":["138-1234-5678"]
        """#

    /// Facts that are in order, and facts that are not, all of them with somebody in it.
    private static let lines =
        Site.refunds(3, at: "a", more: person) + [
            #"{"kind":"refund","store":"a","id":"bad-1","amount":"-1"\#(person)}"#,
            #"{"kind":"gift","store":"a","id":"bad-2"\#(person)}"#,
            #"{"kind":"order","store":"a","id":"bad-3","placed_at":"2026-03-02T10:00:00","buyer":13812345678}"#,
            #"{"kind":"order","store":"a","id":"o1","Zhang Weiming":"13812345678","amount":"1","currency":"EUR"}"#,
        ]

    private func configuration(feed: String, hook: String) -> (feeds: [String], receivers: [String]) {
        (
            [
                """
                id: erp
                    url: \(feed)
                    every: 1s
                    headers:
                      Authorization: Bearer QvXz-bearer-11
                      X-Api-Key: QvXz-apikey-12
                      X-Partner: QvXz-partner-13
                      X-Own-Line:
                        QvXz-ownline-14
                      Cookie: >-
                        QvXz-block-15
                      X-Env: {env: FEED_KEY}
                """
            ],
            [
                """
                id: literal
                    webhook: \(hook)/QvXz-hook-17
                    secret: \(Self.keys[0])
                """,
                """
                id: own-line
                    webhook:
                      http://127.0.0.1:9/h/QvXz-hook-19
                    secret:
                      \(Self.keys[0])
                """,
                "{id: outside, webhook: {env: HOOK_URL}, secret: {env: HOOK_KEY}}",
            ]
        )
    }

    @Test("they are in no log, page, ledger, notice or report, whatever fails")
    func nowhere() async throws {
        let site = try Site()
        let listener = Listener(secret: Self.keys[0])
        await listener.plan([.status(500), .hangUp])
        let away = Hook.Answer.status(302, more: "Location: http://127.0.0.1:9/QvXz-hook-18?phone=13812345678\r\n")
        let requests = Requests()
        try await Hook.serving({ _ in away }) { outsider, outside in
            let environment = environment(outside: outside)
            try await RawServer.running({ Self.answer($0, requests) }) { server in
                try await listener.serving { [port = server.port] hook in
                    let (feeds, receivers) = configuration(feed: "http://127.0.0.1:\(port)/facts", hook: hook)
                    try site.configure(feeds: feeds, receivers: receivers)
                    let printed = try await RunningDaemon.running(site.config, level: "trace", environment: environment)
                    { daemon in
                        // The refusals of the feed, those of the receivers, and a delivery that is taken at last.
                        try #require(
                            await Wait.until(60) { await listener.deliveries.contains(where: \.wasTaken) },
                            "\(daemon.log)")
                        try #require(
                            await Wait.until(60) { daemon.lines(with: "erp", "401").count > 0 }, "\(daemon.log)")
                        try #require(
                            await Wait.until(30) { daemon.lines(with: "'outside'", "failed").count > 0 },
                            "\(daemon.log)")
                        // A configuration that is refused, with its secrets in it.
                        let text = try String(contentsOfFile: site.config, encoding: .utf8)
                        try site.folder.write("goodstanding.yaml", text.replacing("every: 1s", with: "evry: 1s"))
                        daemon.send(SIGHUP)
                        try #require(await Wait.until { daemon.lines(with: "evry").count > 0 }, "\(daemon.log)")
                        try site.folder.write("goodstanding.yaml", text)

                        let pages = ["/metrics", "/readyz", "/healthz"].compactMap { daemon.page($0)?.text }
                        #expect(pages.count == 3)
                        try expectNothing(in: site, "while it runs")
                        let ended = await daemon.stop()
                        return [("the log", ended.error), ("the output", ended.output), ("the pages", pages.joined())]
                    }
                    for (place, text) in printed { expectNothing(in: Array(text.utf8), place) }
                    try await expectNothingReported(site, environment)
                }
            }
            try expectNothing(in: site, "afterwards")
            for body in await listener.deliveries.map(\.body) + outsider.arrivals.map(\.body) {
                expectNothing(in: body, "a notice")
            }
        }
        // What was searched is what it should be: the facts are there, and the buyer is told from others.
        #expect(try site.ask("SELECT count(*), count(DISTINCT buyer), min(buyer) LIKE 'h:%' FROM refunds") == ["3|1|1"])
        #expect(try site.ask("SELECT count(*) FROM quarantine") == ["3"])
    }

    private func expectNothingReported(_ site: Site, _ environment: [String: String]) async throws {
        let commands = [
            ["export"], ["explain", "--store", "a"], ["metrics", "--format", "json"], ["check", "--format", "json"],
            ["doctor"],
            ["config", "check"], ["pull"], ["verify"],
        ]
        for command in commands {
            let ended = try await Program.Running(command + ["--config", site.config], environment: environment)
                .finish()
            #expect(!(ended.output + ended.error).isEmpty, "\(command) says something")
            expectNothing(in: Array((ended.output + ended.error).utf8), command.joined(separator: " "))
        }
    }

    /// Lines of a feed, or of a receiver, with something wrong in them.
    private struct Mistake: Sendable, CustomTestStringConvertible {
        var what: String
        var feed: String?
        var receiver: String?
        var testDescription: String { what }
    }

    /// Mistakes that people make on the very line of a secret, or right above it.
    private static let mistakes = [
        Mistake(what: "a header's name with a space", feed: "headers:\n      \"X Partner\": QvXz-partner-13"),
        Mistake(what: "an anchor", feed: "headers:\n      X-Partner: &a QvXz-partner-13"),
        Mistake(what: "an alias", feed: "headers:\n      X-Partner: *QvXz-partner-13"),
        Mistake(what: "a mapping", feed: "headers:\n      X-Partner: {value: QvXz-partner-13}"),
        Mistake(what: "two places", feed: "headers:\n      X-Partner: {env: A, file: QvXz-partner-13}"),
        Mistake(what: "a list", feed: "headers:\n      X-Partner: [QvXz-partner-13]"),
        Mistake(what: "a colon", feed: "headers:\n      X-Partner: QvXz-partner-13: x"),
        Mistake(what: "a tab", feed: "headers:\n\t  X-Partner: QvXz-partner-13"),
        Mistake(what: "a quote that does not end", feed: "headers:\n      X-Partner: \"QvXz-partner-13"),
        Mistake(what: "a control character", feed: "headers:\n      X-Partner: QvXz-partner-13\u{1}"),
        Mistake(
            what: "the same header twice",
            feed: "headers:\n      X-Partner: QvXz-partner-13\n      X-Partner: QvXz-apikey-12"),
        Mistake(what: "a comma in flow style", feed: "headers: {Authorization: Bearer abc,QvXz-partner-13}"),
        Mistake(
            what: "padding that looks like an expression, twice",
            feed: "headers: {Authorization: Bearer abc,QvXz-partner-13=,QvXz-partner-13=}"),
        Mistake(what: "a header turned round", feed: "headers: {Bearer QvXz-partner-13: Authorization}"),
        Mistake(
            what: "a header of which the value is a list", feed: "headers: {Bearer QvXz-partner-13: [Authorization]}"),
        Mistake(
            what: "a mapping that goes on at the left margin",
            receiver: "webhook: https://127.0.0.1/h\n    secret: {env: A,\nQvXz-signing-03: }"),
        Mistake(what: "a header at the left margin", feed: "every: 5m\nX-Partner: QvXz-partner-13"),
        Mistake(
            what: "a secret where its name belongs",
            receiver: "webhook: https://127.0.0.1/h\n    secret: {env: whsec_QvXz-signing-03}"),
        Mistake(
            what: "a secret as a key", receiver: "webhook: https://127.0.0.1/h\n    secret: {whsec_QvXz-signing-03: x}"),
        Mistake(
            what: "a secret as a key twice",
            receiver: "webhook: https://127.0.0.1/h\n    secret: {whsec_QvXz-signing-03: x, whsec_QvXz-signing-03: y}"),
        Mistake(
            what: "a secret as a key without a value",
            receiver: "webhook: https://127.0.0.1/h\n    secret: {whsec_QvXz-signing-03}"),
        Mistake(
            what: "a secret in its name's place",
            receiver: "webhook: https://127.0.0.1/h\n    whsec_QvXz-signing-03: secret"),
        Mistake(what: "a header beside its mapping", feed: "X-Partner: QvXz-partner-13"),
        Mistake(what: "all headers as one text", feed: "headers: X-Partner QvXz-partner-13"),
        Mistake(what: "a webhook that is none", receiver: "webhook:\n      ftp://127.0.0.1/h/QvXz-hook-19"),
        Mistake(what: "a webhook's name misspelled", receiver: "webhok: https://127.0.0.1/h/QvXz-hook-17"),
        Mistake(what: "a receiver of another kind", receiver: "email: smtp://127.0.0.1/QvXz-hook-17"),
        Mistake(
            what: "a key of another form",
            receiver: "webhook: https://127.0.0.1/h\n    secret:\n      QvXz-signing-03"),
    ]

    @Test("a mistake in the configuration is shown by its place, without the secret beside it", arguments: mistakes)
    private func mistake(_ mistake: Mistake) async throws {
        let site = try Site()
        try site.configure(
            feeds: mistake.feed.map { ["id: erp\n    url: http://127.0.0.1:9/facts\n    \($0)"] } ?? [],
            receivers: mistake.receiver.map { ["id: ops\n    \($0)"] } ?? [])
        let checked = try await Program.run("config", "check", "--config", site.config)
        #expect(checked.status == 64)
        #expect(checked.error.contains(/goodstanding\.yaml:\d+:\d+: error:/), "the place is shown: \(checked.error)")
        expectNothing(in: Array((checked.output + checked.error).utf8), "the message")
    }

    // MARK: The feed

    /// Once well, and then in every way badly: what it says back holds what it was told.
    private static func answer(_ connection: RawServer.Connection, _ requests: Requests) {
        guard let head = connection.readHead() else { return }
        func say(_ status: String, _ body: String) {
            connection.write(
                "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        }
        switch requests.note("facts") {
        case 1: say("200 OK", #"{"facts":[\#(lines.joined(separator: ","))],"next":null}"#)
        case 2: say("200 OK", "Zhang Weiming, 13812345678, 88 Nanjing Road, QvXz-partner-13")
        case 3: say("200 OK", #"{"facts":[{"kind":"refund","store":"a","id":"bad-4"\#(person)"#)
        case 4: say("500 QvXz-partner-13", head)
        case 5: say("302 Found\r\nLocation: http://127.0.0.1:9/QvXz-hook-17?phone=13812345678", head)
        default: say("401 QvXz-partner-13\r\nWWW-Authenticate: Bearer realm=\"QvXz-partner-13 Weiming\"", head)
        }
    }

    // MARK: Searching

    private func expectNothing(in bytes: [UInt8], _ place: String, _ source: SourceLocation = #_sourceLocation) {
        let data = Data(bytes)
        for needle in Self.secrets + Self.people {
            #expect(data.range(of: Data(needle.utf8)) == nil, "'\(needle)' is in \(place)", sourceLocation: source)
        }
    }

    /// The ledger's file and all that stand beside it, byte for byte.
    private func expectNothing(in site: Site, _ moment: String, _ source: SourceLocation = #_sourceLocation) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: site.folder.path).filter {
            $0.hasPrefix("ledger.db")
        }
        try #require(names.contains("ledger.db"))
        for name in names {
            let bytes = try Data(contentsOf: URL(filePath: site.folder.file(name)))
            expectNothing(in: Array(bytes), "\(name) \(moment)", source)
        }
    }
}
