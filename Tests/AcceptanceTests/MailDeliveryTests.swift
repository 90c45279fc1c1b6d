import Foundation
import TestSupport
import Testing

@Suite(
    "A real mail server hears of alerts", .serialized,
    .enabled(if: MailServer.isThere && Tool.exists("openssl"), MailServer.absence), .timeLimit(.minutes(2)))
struct MailDeliveryTests {
    @Test("a firing that was put off comes again under its id, its resolve hangs below it, and no password is anywhere")
    func wholeLife() async throws {
        let authority = try await Authority(#require(Tool("openssl")), days: 90)
        try await authority.certify("mail", for: "DNS:\(MailServer.host)", days: 3)
        let site = try Site()
        let environment = ["MAIL_PASSWORD": MailServer.password]
        try await MailServer.serving(certificate: authority.folder.path("mail"), answers: [1: "451 greylisted"]) {
            server in
            let entry = """
                {id: boss, email: "smtp://\(MailServer.host):\(server.port)", from: standing@shop.example, \
                to: [a@shop.example, nobody@shop.example], user: \(MailServer.user), secret: {env: MAIL_PASSWORD}, language: zh}
                """
            try site.configure(receivers: [entry])
            try site.folder.write(
                "goodstanding.yaml",
                "ca_file: \(authority.file)\n" + (try String(contentsOfFile: site.config, encoding: .utf8)))
            try await site.take(Site.refunds(3, at: "店铺 a"), environment: environment)
            try await RunningDaemon.running(site.config, environment: environment) { daemon in
                try #require(await Wait.until(20) { try server.envelopes.count == 1 }, "\(daemon.log)")
                #expect(!daemon.lines(with: "'boss'", "451 greylisted").isEmpty)
                #expect(
                    await Wait.until(5) { !daemon.lines(with: "in to: (550 no such user)").isEmpty },
                    "\(daemon.log)")
                try await site.take(
                    (1...3).map { Site.refund("r\($0)", at: "店铺 a", more: #","deleted":true"#) },
                    environment: environment)
                try #require(await Wait.until(20) { try server.envelopes.count == 2 }, "\(daemon.log)")
                #expect(!daemon.log.contains(MailServer.password))
            }
            let (fired, over) = (try await server.read(1), try await server.read(2))
            #expect(fired.headers["Subject"]?.hasPrefix("【不达标】店铺 a：") == true, "\(fired.headers)")
            #expect(over.headers["Subject"]?.hasPrefix("【已恢复】店铺 a：") == true, "\(over.headers)")
            #expect(over.headers["In-Reply-To"] == fired.headers["Message-ID"])
            #expect(fired.parts[0].text.contains("goodstanding ntc_") && fired.defects.isEmpty)
            #expect(try site.ask("SELECT count(*) FROM notices WHERE state = 'taken'") == ["2"])
            #expect(
                try site.ask("SELECT count(*) FROM notices WHERE instr(body, '\(MailServer.password)') > 0") == ["0"])

            let doctor = try await Program.run("doctor", "--config", site.config, environment: environment)
            #expect(doctor.output.contains("receiver 'boss': the mail server lets us in"), "\(doctor)")
            let tried = try await Program.run(
                "alerts", "test", "boss", "--config", site.config, environment: environment)
            #expect(tried.status == 1 && tried.error.contains("550"), "\(tried)")
            #expect(try server.envelopes.count == 3)
        }
    }
}
