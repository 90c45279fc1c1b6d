import Alerts
import Curl
import Facts
import HTTPTypes
import Notify

/// Receivers, looked at without sending them anything.
extension DoctorTask {
    /// Asks for the address, or greets the mail server: whatever it answers, it can be reached.
    func look(at receiver: ReceiverEntry, through transport: any Transport) async -> [Finding] {
        switch receiver.address {
        case .web(let urls, _):
            var findings: [Finding] = []
            for url in urls { findings.append(await look(at: receiver, url, through: transport)) }
            return findings
        case .mail(let mail):
            return [await greet(receiver, mail, through: transport)]
        case .program(let words):
            // That it can be run was found when the configuration was read.
            return [
                .good(
                    "receiver '\(receiver.id)': \(words[0]) can be run", zh: "接收方 '\(receiver.id)'：\(words[0]) 可以运行")
            ]
        }
    }

    private func look(at receiver: ReceiverEntry, _ url: Secret, through transport: any Transport) async -> Finding {
        guard let request = Request(method: .head, url: url.reveal()) else {
            return .bad(
                "receiver '\(receiver.id)': its address cannot be asked; correct it",
                zh: "接收方 '\(receiver.id)'：地址无效，请更正")
        }
        do {
            _ = try await transport.send(request)
            let kind = receiver.writing.kind
            return receiver.secret == nil && [.webhook, .dingtalk, .feishu].contains(kind)
                ? .doubtful(
                    "receiver '\(receiver.id)' can be reached; without secret: what it gets is not signed",
                    zh: "接收方 '\(receiver.id)' 可以连通；未设置 secret:，发送的内容不签名")
                : .good("receiver '\(receiver.id)' can be reached", zh: "接收方 '\(receiver.id)' 可以连通")
        } catch {
            return .bad("receiver '\(receiver.id)': \(error)", zh: "接收方 '\(receiver.id)'：\(error)")
        }
    }

    /// As far as to whom it would be: the server has then shown its certificate and taken the password, and no message.
    private func greet(
        _ receiver: ReceiverEntry, _ mail: ReceiverAddress.MailAddress, through transport: any Transport
    ) async -> Finding {
        do {
            guard let reply = try await MailGreeting(mail, password: receiver.secret).reply(through: transport) else {
                return .bad(
                    "receiver '\(receiver.id)': its address cannot be asked; correct it",
                    zh: "接收方 '\(receiver.id)'：地址无效，请更正")
            }
            return reply.isTaken
                ? .good("receiver '\(receiver.id)' can be reached", zh: "接收方 '\(receiver.id)' 可以连通")
                : .bad(
                    "receiver '\(receiver.id)': the mail server answered \(reply.code) \(reply.text)",
                    zh: "接收方 '\(receiver.id)'：邮件服务器答复 \(reply.code) \(reply.text)")
        } catch {
            return .bad("receiver '\(receiver.id)': \(error)", zh: "接收方 '\(receiver.id)'：\(error)")
        }
    }
}
