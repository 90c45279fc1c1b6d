import Alerts
import Curl
import Facts
import Synchronization

/// By mail: what the server says decides, and it may say something else of each recipient.
extension Notifier {
    /// So long those who are refused for the time being are tried again by themselves. Who has it does not get it twice, and
    /// what else is to be told waits no longer.
    private static let patience = TimeSpan.hours(1)

    func send(
        _ notice: Notice, by mail: ReceiverAddress.MailAddress, to receiver: Receiver, attempt: Int,
        using generator: inout some RandomNumberGenerator
    ) async -> Outcome {
        let rest = receiver.rests[notice.id] ?? mail.to
        guard
            let message = Mail(
                server: mail.server.reveal(), as: mail.domain, from: mail.from, to: rest,
                message: Self.head(notice, mail) + notice.body, login: Self.login(mail, receiver.secret),
                limits: Self.limits(body: 1 << 16))
        else {
            return retry(
                .needsMending, "\(attempted(receiver, attempt)) failed: its address cannot be used.", attempt,
                using: &generator)
        }
        let reply: MailReply
        do {
            reply = try await transport.send(message)
        } catch .cancelled, .shutDown {
            return .interrupted
        } catch {
            return failed(error, receiver, attempt, using: &generator)
        }
        guard reply.isTaken else {
            let advice = Self.advice(reply.code)
            let words =
                "\(attempted(receiver, attempt)) failed: it answered \(reply.code) \(reply.text.withoutMailboxes)"
            return retry(
                advice == nil ? .passing : .needsMending, words + (advice.map { "; " + $0 } ?? "") + ".", attempt,
                using: &generator)
        }
        guard !reply.refused.isEmpty else {
            receiver.rests[notice.id] = nil
            return .taken(Self.answer("\(reply.code) \(reply.text.withoutMailboxes)"))
        }
        // Whose mailbox it is stands in the configuration, and nowhere else.
        func place(_ recipient: String) -> String {
            mail.to.firstIndex(of: recipient).map { "\($0 + 1) of \(mail.to.count) in to:" } ?? "one of to:"
        }
        let named = reply.refused.map { "\(place($0.recipient)) (\($0.code) \($0.text.withoutMailboxes))" }
            .joined(separator: ", ")
        let words = "\(attempted(receiver, attempt)) was taken, but not for \(named)"
        let passing = reply.refused.filter { $0.code < 500 }.map(\.recipient)
        guard !passing.isEmpty, clock.now < notice.madeAt + Self.patience else {
            receiver.rests[notice.id] = nil
            return .partly(Failure(.needsMending, words + "; correct to:, or ask their server."))
        }
        receiver.rests[notice.id] = passing
        return retry(
            .passing, words + "; tried again for \(passing.map(place).joined(separator: ", ")).", attempt,
            using: &generator)
    }

    private static func login(_ mail: ReceiverAddress.MailAddress, _ password: Secret?) -> Mail.Login? {
        guard let user = mail.user, let password else { return nil }
        return Mail.Login(user: user, password: password)
    }

    /// The fields that say who, to whom and which: the id is the notice's, also in a second attempt, and hangs below that of the
    /// episode's first notice, so that mail programs show them as one thread.
    private static func head(_ notice: Notice, _ mail: ReceiverAddress.MailAddress) -> [UInt8] {
        func id(_ notice: String) -> String { "<\(notice)@\(mail.domain)>" }
        var lines = [
            "From: goodstanding <\(mail.from)>", "To: " + mail.to.joined(separator: ",\r\n "),
            "Date: " + MailHeader.date(notice.madeAt), "Message-ID: " + id(notice.id),
        ]
        let first = ContentID.notice(receiver: notice.receiver, episode: notice.episode, change: 1)
        // No rule's id holds a colon: what else is told of does not begin with its first change.
        if first != notice.id, !notice.key.rule.contains(":") {
            lines += ["In-Reply-To: " + id(first), "References: " + id(first)]
        }
        lines += ["Auto-Submitted: auto-generated", "X-Goodstanding-Receiver: " + MailHeader.value(notice.receiver)]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// nil where it may pass by itself.
    private static func advice(_ code: Int) -> String? {
        switch code {
        case ..<500: nil
        case 530: "it wants user: and secret:, or another way to it"
        case 534...538: "compare user: and secret: with the account at the mail server"
        case 550...553: "it does not take this mail; compare from: and to: with what it allows"
        default: "it does not take this mail; its own log should say why"
        }
    }
}

extension String {
    /// What a server says, with the domain alone of every mailbox that it names.
    var withoutMailboxes: String { replacing(/[^\s<>@]+@(?<domain>[^\s<>@]+)/) { "…@\($0.domain)" } }
}

/// Of notices that some have and others not, those who have not. It lasts as long as the receiver: after a restart all are
/// told again.
final class MailRests: Sendable {
    private let rests = Mutex<[String: [String]]>([:])

    subscript(notice: String) -> [String]? {
        get { rests.withLock { $0[notice] } }
        set { rests.withLock { $0[notice] = newValue } }
    }
}
