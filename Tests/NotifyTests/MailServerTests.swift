import Alerts
import Curl
import Facts
import TestSupport
import Testing

@testable import Notify

@Suite(
    "A real mail server", .serialized, .enabled(if: MailServer.isThere && Tool.exists("openssl"), MailServer.absence),
    .timeLimit(.minutes(2)))
struct MailServerTests {
    private struct Site {
        var server: MailServer
        var authority: Authority
        var transport: CurlTransport
        var clock: ManualClock

        func receiver(
            to: [String], scheme: String = "smtp", host: String = MailServer.host, user: String? = MailServer.user,
            password: String = MailServer.password
        ) throws -> Receiver {
            try Receiver(
                id: "boss", kind: .email,
                address: .mail(
                    .init(
                        server: Secret("\(scheme)://\(host):\(server.port)"), from: "standing@shop.example", to: to,
                        user: user)), secret: user == nil ? nil : Secret(password))
        }

        func send(_ change: Int = 1, to receiver: Receiver, attempt: Int = 1) async throws -> Outcome {
            let id = ContentID.notice(receiver: "boss", episode: "ep_1", change: change)
            let content = NoticeContent(id: id, receiver: "boss", madeAt: start, alerts: [try told()])
            let notice = Notice(
                id: id, receiver: "boss", key: key, episode: "ep_1", change: change, madeAt: start,
                body: ReceiverWriting(.email).bytes(of: content))
            var generator = SeededGenerator(seed: 1)
            return await Notifier(transport: transport, clock: clock)
                .send(notice, to: receiver, attempt: attempt, using: &generator)
        }
    }

    private func sending(
        _ mode: MailServer.Mode = .starttls, for names: String = "DNS:\(MailServer.host)", answers: [Int: String] = [:],
        _ body: (Site) async throws -> Void
    ) async throws {
        let authority = try await Authority(#require(Tool("openssl")))
        try await authority.certify("mail", for: names, days: 3)
        try await MailServer.serving(mode, certificate: authority.folder.path("mail"), answers: answers) { server in
            let transport = CurlTransport(configuration: CurlConfiguration(caFile: authority.file, proxy: .none))
            do {
                try await body(
                    Site(server: server, authority: authority, transport: transport, clock: ManualClock(start)))
                await transport.shutDown()
            } catch {
                await transport.shutDown()
                throw error
            }
        }
    }

    private func failure(_ outcome: Outcome) throws -> Failure {
        guard case .retry(_, let failure) = outcome else { return try #require(nil as Failure?, "it was \(outcome)") }
        return failure
    }

    @Test("over STARTTLS and with a password one message reaches all, and the episode is one thread")
    func taken() async throws {
        try await sending { site in
            let receiver = try site.receiver(to: ["a@shop.example", "b@shop.example"])
            #expect(try await site.send(1, to: receiver).isWhollyTaken)
            #expect(try await site.send(2, to: receiver).isWhollyTaken)
            let envelopes = try site.server.envelopes
            #expect(envelopes.count == 2 && envelopes.allSatisfy { $0.tls && $0.login == "robot" }, "\(envelopes)")
            #expect(envelopes[0].from == "standing@shop.example" && envelopes[0].helo == "shop.example")
            #expect(envelopes[0].to == ["a@shop.example", "b@shop.example"])
            let (first, second) = (try await site.server.read(1), try await site.server.read(2))
            #expect(first.defects.isEmpty && first.bare == 0 && first.longest <= 78, "\(first)")
            let id = ContentID.notice(receiver: "boss", episode: "ep_1", change: 1)
            #expect(first.headers["Message-ID"] == "<\(id)@shop.example>" && first.headers["In-Reply-To"] == nil)
            #expect(second.headers["In-Reply-To"] == "<\(id)@shop.example>")
            #expect(second.headers["References"] == second.headers["In-Reply-To"])
            #expect(first.headers["Date"] == "Mon, 02 Mar 2026 10:00:00 +0000", "\(first.headers)")
            #expect(first.headers["Auto-Submitted"] == "auto-generated")
            #expect(first.headers["To"] == "a@shop.example, b@shop.example")
            #expect(first.headers["From"] == "goodstanding <standing@shop.example>")
            #expect(!first.headers.values.contains { $0.contains("made-up") })
        }
    }

    @Test("a refusal for the time being is tried again under the same id; one for good wants somebody to mend it")
    func refused() async throws {
        try await sending(answers: [1: "451 greylisted", 2: "554 this is spam", 4: "452 full"]) { site in
            let receiver = try site.receiver(to: ["a@shop.example"])
            let greylisted = try failure(try await site.send(to: receiver))
            #expect(greylisted.kind == .passing && greylisted.description.contains("451 greylisted"), "\(greylisted)")
            let spam = try failure(try await site.send(to: receiver, attempt: 2))
            #expect(spam.kind == .needsMending && spam.description.contains("554 this is spam"), "\(spam)")
            #expect(try await site.send(to: receiver, attempt: 3).isWhollyTaken)
            let id = ContentID.notice(receiver: "boss", episode: "ep_1", change: 1)
            #expect(try await site.server.read(1).headers["Message-ID"] == "<\(id)@shop.example>")
        }
    }

    @Test("who is refused for good is told of, and the others have it; who is refused for now is tried again alone")
    func partly() async throws {
        try await sending { site in
            let outcome = try await site.send(to: try site.receiver(to: ["nobody@shop.example", "a@shop.example"]))
            guard case .partly(let failure) = outcome else {
                Issue.record("it was \(outcome)")
                return
            }
            #expect(failure.description.contains("1 of 2 in to: (550 no such user)"), "\(failure)")
            #expect(!failure.description.contains("@shop.example") && !failure.description.contains("2 of 2"))

            let receiver = try site.receiver(to: ["a@shop.example", "once@shop.example"])
            let late = try self.failure(try await site.send(to: receiver))
            #expect(late.kind == .passing && late.description.contains("2 of 2 in to: (451 try later)"), "\(late)")
            #expect(try await site.send(to: receiver, attempt: 2).isWhollyTaken)
            #expect(
                try site.server.envelopes.map(\.to) == [["a@shop.example"], ["a@shop.example"], ["once@shop.example"]])

            // What comes after it does not wait for long.
            let stubborn = try site.receiver(to: ["a@shop.example", "later@shop.example"])
            _ = try self.failure(try await site.send(to: stubborn))
            site.clock.advance(by: .hours(1))
            let alone = try self.failure(try await site.send(to: stubborn, attempt: 2))
            #expect(alone.description.contains("451"), "\(alone)")
            let nobody = try self.failure(try await site.send(to: try site.receiver(to: ["nobody@shop.example"])))
            #expect(nobody.kind == .needsMending && nobody.description.contains("compare from: and to:"), "\(nobody)")
        }
    }

    @Test("a wrong password, a wrong certificate and a server without STARTTLS get no message")
    func distrusted() async throws {
        try await sending { site in
            let wrong = try failure(
                try await site.send(to: try site.receiver(to: ["a@shop.example"], password: "guessed")))
            #expect(wrong.kind == .needsMending && wrong.description.contains("535"), "\(wrong)")
            #expect(wrong.description.contains("compare user: and secret:") && !wrong.description.contains("guessed"))
            #expect(try site.server.envelopes.isEmpty)
        }
        try await sending(for: "DNS:other.example") { site in
            let other = try failure(try await site.send(to: try site.receiver(to: ["a@shop.example"])))
            #expect(other.kind == .needsMending && other.description.contains("its certificate is for another host"))
            #expect(try site.server.envelopes.isEmpty)
        }
        try await sending(.plain) { site in
            for user in [nil, MailServer.user] {
                let plain = try failure(try await site.send(to: try site.receiver(to: ["a@shop.example"], user: user)))
                #expect(plain.kind == .needsMending && plain.description.contains("STARTTLS"), "\(plain)")
            }
            // A relay of this machine is another matter, unless a password is to be given away.
            let relay = try site.receiver(to: ["a@shop.example"], host: "127.0.0.1", user: nil)
            #expect(try await site.send(to: relay).isWhollyTaken)
            let given = try site.receiver(to: ["a@shop.example"], host: "127.0.0.1")
            #expect(try failure(try await site.send(to: given)).description.contains("STARTTLS"))
            #expect(try site.server.envelopes.count == 1)
        }
    }

    @Test("smtps begins with TLS; nobody there passes by itself")
    func implicit() async throws {
        try await sending(.tls) { site in
            let outcome = try await site.send(to: try site.receiver(to: ["a@shop.example"], scheme: "smtps"))
            #expect(outcome.isWhollyTaken)
            let envelopes = try site.server.envelopes
            #expect(envelopes.map(\.tls) == [true])
        }
        try await sending { site in
            let gone = try Receiver(
                id: "boss", kind: .email,
                address: .mail(
                    .init(
                        server: Secret("smtp://127.0.0.1:1"), from: "a@shop.example", to: ["b@shop.example"], user: nil)
                ),
                secret: nil)
            #expect(try failure(try await site.send(to: gone)).kind == .passing)
        }
    }

    @Test("a look at the server sends nobody anything")
    func greeting() async throws {
        try await sending { site in
            guard case .mail(let mail) = try site.receiver(to: ["a@shop.example"]).address else { return }
            let right = MailGreeting(mail, password: Secret(MailServer.password))
            #expect(try await right.reply(through: site.transport)?.isTaken == true)
            let wrong = MailGreeting(mail, password: Secret("guessed"))
            #expect(try await wrong.reply(through: site.transport)?.code == 535)
            #expect(try site.server.envelopes.isEmpty)
        }
    }
}
