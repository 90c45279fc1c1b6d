import Alerts
import Curl
import Facts
import HTTPTypes
import Notify
import TestSupport
import Testing

@Suite("A look at a receiver tells its people nothing, and claims to know no more than it saw")
struct ReceiverLookTests {
    fileprivate struct Row: Sendable, CustomTestStringConvertible {
        var kind: ReceiverKind
        /// By method and path, status and body; what is not listed is 404.
        var answers: [String: (Int, String)]
        var grade: ReceiverLook.Grade
        /// Of what is said.
        var says: String
        var testDescription: String { "\(kind.rawValue) \(answers.values.map(\.0)) \(says)" }
    }

    /// Where a service documents nothing that is harmless.
    private static let silent: [ReceiverKind] = [.webhook, .dingtalk, .feishu, .wecom, .slack, .teams, .pagerduty]

    fileprivate static let rows: [Row] =
        silent.flatMap { kind in
            [
                Row(
                    kind: kind, answers: ["HEAD /hook?key=hidden": (405, "")], grade: .good,
                    says: "is not known without a message: goodstanding alerts test ops"),
                Row(
                    kind: kind, answers: ["HEAD /hook?key=hidden": (200, "")], grade: .good,
                    says: "goodstanding alerts test ops"),
                Row(kind: kind, answers: [:], grade: .doubtful, says: "answers 404 to who sends nothing"),
                Row(kind: kind, answers: ["HEAD /hook?key=hidden": (403, "")], grade: .doubtful, says: "answers 403"),
                Row(
                    kind: kind, answers: ["HEAD /hook?key=hidden": (503, "")], grade: .doubtful,
                    says: "takes nothing now"),
                Row(kind: kind, answers: ["HEAD /hook?key=hidden": (301, "")], grade: .bad, says: "redirects"),
            ]
        } + [
            Row(
                kind: .telegram,
                answers: [
                    "GET /hook/getMe": (200, #"{"ok":true}"#),
                    "GET /hook/getChat?chat_id=-100200": (200, #"{"ok":true}"#),
                ], grade: .good, says: "the bot is there and knows the chat"),
            Row(
                kind: .telegram, answers: ["GET /hook/getMe": (401, #"{"ok":false}"#)], grade: .bad,
                says: "answered 401 to getMe: there is no such bot"),
            Row(
                kind: .telegram,
                answers: [
                    "GET /hook/getMe": (200, #"{"ok":true}"#),
                    "GET /hook/getChat?chat_id=-100200": (400, #"{"ok":false,"error_code":400}"#),
                ], grade: .bad, says: "names no chat that it knows"),
            Row(
                kind: .ntfy, answers: ["GET /v1/health": (200, #"{"healthy":true}"#)], grade: .good,
                says: "goodstanding alerts test ops"),
            Row(kind: .ntfy, answers: ["GET /v1/health": (200, #"{"healthy":false}"#)], grade: .bad, says: "not well"),
            Row(kind: .ntfy, answers: [:], grade: .bad, says: "answered 404"),
            Row(
                kind: .alertmanager,
                answers: ["GET /hook/api/v2/status": (200, #"{"versionInfo":{"version":"0.27.0"}}"#)], grade: .good,
                says: "Alertmanager is there"),
            Row(
                kind: .alertmanager, answers: ["GET /hook/api/v2/status": (200, "<html>")], grade: .bad, says: "no such"
            ),
        ]

    private func receiver(_ kind: ReceiverKind) throws -> Receiver {
        let address =
            ["telegram", "alertmanager"].contains(kind.rawValue)
            ? "https://chat.example/hook"
            : kind == .ntfy ? "https://chat.example/hook" : "https://chat.example/hook?key=hidden"
        let key =
            kind == .webhook ? secret : kind.needsSecret || [.dingtalk, .feishu].contains(kind) ? Secret("k") : nil
        return try Receiver(
            id: "ops", kind: kind, url: Secret(address), secret: key, chat: kind == .telegram ? "-100200" : nil)
    }

    @Test("each kind by what it answers", arguments: rows)
    fileprivate func look(_ row: Row) async throws {
        let transport = CannedTransport { request, _ in
            let asked = "\(request.head.method.rawValue) \(request.head.path ?? "")"
            let (status, body) = row.answers[asked] ?? (404, "")
            return .success(Reply(status: .init(code: status), body: Array(body.utf8)))
        }
        let found = await ReceiverLook(try receiver(row.kind)).findings(through: transport)
        let one = try #require(found.first)
        #expect(found.count == 1 && one.grade == row.grade, "\(found)")
        #expect(one.words.en.contains(row.says) && !one.words.zh.isEmpty, "\(one)")
        #expect(!"\(one.words)".contains("hidden"))
        // Nothing that anybody would read.
        #expect(transport.requests.allSatisfy { $0.head.method != .post && $0.body == nil })
    }

    @Test("who cannot be reached is bad, whichever kind", arguments: ReceiverKind.allCases)
    func unreachable(_ kind: ReceiverKind) async throws {
        guard ![.email, .command].contains(kind) else { return }
        let transport = CannedTransport([.failure(.couldNotVerify(host: "chat.example", fault: .expired))])
        let found = await ReceiverLook(try receiver(kind)).findings(through: transport)
        #expect(found.map(\.grade) == [.bad] && found[0].words.en.contains("chat.example"), "\(found)")
    }

    @Test("a mail server is greeted and given the password; a command is not run", arguments: [250, 535])
    func mail(_ code: Int) async throws {
        final class Server: Transport {
            let code: Int
            init(_ code: Int) { self.code = code }
            func send(_ request: Request) async throws(TransportError) -> Reply { throw .shutDown }
            func send(_ mail: Mail) async throws(TransportError) -> MailReply {
                mail.isGreeting && mail.login != nil
                    ? MailReply(code: code, text: "boss@shop.example") : MailReply(code: 500)
            }
        }
        let mail = ReceiverAddress.MailAddress(
            server: Secret("smtps://mail.example"), from: "a@shop.example", to: ["b@shop.example"], user: "u")
        let receiver = try Receiver(id: "ops", kind: .email, address: .mail(mail), secret: Secret("p"))
        let found = await ReceiverLook(receiver).findings(through: Server(code))
        #expect(found.map(\.grade) == [code == 250 ? .good : .bad])
        #expect(!"\(found)".contains("boss@"), "\(found)")
        let command = try Receiver(id: "ops", kind: .command, address: .program(["/bin/false"]), secret: nil)
        let said = await ReceiverLook(command).findings(through: Server(code))
        #expect(said.map(\.grade) == [.good] && said[0].words.en.contains("it was not"), "\(said)")
    }
}
