import Alerts
package import Curl
package import Facts
import HTTPTypes
import Rules

/// A look at a receiver that tells its people nothing: what its service documents as harmless is asked, else it is only
/// connected to. What nobody can know without sending a message is said so.
package struct ReceiverLook: Sendable {
    package enum Grade: Sendable, Hashable { case good, doubtful, bad }

    package struct Finding: Sendable, Hashable {
        package var grade: Grade
        /// What was found, and what to do; without the receiver's name.
        package var words: Words
    }

    private let receiver: Receiver

    package init(_ receiver: Receiver) { self.receiver = receiver }

    /// Of each of its addresses.
    package func findings(through transport: any Transport) async -> [Finding] {
        switch receiver.address {
        case .mail(let mail): return [await greet(mail, through: transport)]
        case .program(let words):
            // That it can be run was found when the configuration was read.
            return [
                .init(
                    .good, "\(words[0]) can be run; it was not: \(Self.tryIt(receiver.id).en)",
                    "\(words[0]) 可以运行；未实际运行：\(Self.tryIt(receiver.id).zh)")
            ]
        case .web(let urls, _):
            var findings: [Finding] = []
            for url in urls { findings.append(await look(at: url.reveal(), through: transport)) }
            return findings
        }
    }

    static func tryIt(_ id: String) -> Words { Words("goodstanding alerts test \(id)") }

    // MARK: Over HTTP

    private func look(at address: String, through transport: any Transport) async -> Finding {
        do {
            switch receiver.kind {
            case .telegram: return try await lookAtBot(address, transport)
            case .ntfy:
                let root = address.lastIndex(of: "/").map { String(address[..<$0]) } ?? address
                return judge(
                    try await ask(root + "/v1/health", transport), isWell: { ChatAnswer($0).text("healthy") == "true" },
                    "the server is well; whether it takes messages to the topic is not known without one",
                    "服务器正常；是否接受该主题的消息，需发送一条才能得知")
            case .alertmanager:
                let base = address.hasSuffix("/") ? address : address + "/"
                return judge(
                    try await ask(base + "api/v2/status", transport),
                    isWell: { ChatAnswer($0).text("versionInfo", "version") != nil },
                    "Alertmanager is there and answers", "Alertmanager 可以连通并正常答复", isAllKnown: true)
            default: return heard(try await ask(address, transport, .head))
            }
        } catch {
            return Finding(.bad, "\(error)", "\(error)")
        }
    }

    private func ask(
        _ url: String, _ transport: any Transport, _ method: HTTPRequest.Method = .get
    ) async throws(TransportError) -> Reply {
        guard
            let request = Request(method: method, url: url, limits: Notifier.limits(body: 1 << 16))
        else { throw .unusableRequest(host: receiver.host) }
        return try await transport.send(request)
    }

    /// By what a service says of itself.
    private func judge(
        _ reply: Reply, isWell: (Reply) -> Bool, _ en: String, _ zh: String, isAllKnown: Bool = false
    ) -> Finding {
        let status = reply.status.code
        guard status == 200, isWell(reply) else {
            return Finding(
                .bad,
                "it answered \(status) where it says how it is: there is no such service at its address, or it is not well",
                "查询状态时答复 \(status)：该地址没有此服务，或服务异常")
        }
        return Finding(
            .good, en + (isAllKnown ? "" : ": " + Self.tryIt(receiver.id).en),
            zh + (isAllKnown ? "" : "：" + Self.tryIt(receiver.id).zh))
    }

    /// Who the bot is, and whether it knows the chat.
    private func lookAtBot(_ address: String, _ transport: any Transport) async throws(TransportError) -> Finding {
        let base = address.hasSuffix("/sendMessage") ? String(address.dropLast("/sendMessage".count)) : address
        let bot = try await ask(base + "/getMe", transport)
        guard ChatAnswer(bot).text("ok") == "true" else {
            return Finding(
                .bad, "it answered \(bot.status.code) to getMe: there is no such bot; correct its address",
                "getMe 答复 \(bot.status.code)：没有这个机器人；请更正地址")
        }
        let chat = try await ask(base + "/getChat?chat_id=\((receiver.chat ?? "").percentEncoded)", transport)
        guard ChatAnswer(chat).text("ok") == "true" else {
            return Finding(
                .bad,
                "the bot is there, and answered \(chat.status.code) to getChat: chat: names no chat that it knows; let it in, or correct chat:",
                "机器人存在，但 getChat 答复 \(chat.status.code)：chat: 不是它认识的会话；请邀请它加入，或更正 chat:")
        }
        return Finding(.good, "the bot is there and knows the chat", "机器人存在，且认识该会话")
    }

    /// Of who was asked for nothing, in the hope that whoever only takes messages says at least that he is there.
    private func heard(_ reply: Reply) -> Finding {
        let status = reply.status.code
        switch status {
        case 300..<400:
            return Finding(
                .bad, "it redirects (\(status)), and redirects are not followed; give the final address",
                "地址发生重定向（\(status)），不会跟随；请填写最终地址")
        case 401, 403, 404, 410:
            return Finding(
                .doubtful,
                "it is there, and answers \(status) to who sends nothing; if it does so to messages as well, its address or secret is wrong: \(Self.tryIt(receiver.id).en)",
                "可以连通，但对空请求答复 \(status)；如对消息也如此，则地址或密钥有误：\(Self.tryIt(receiver.id).zh)")
        case 429, 500..<501, 502...:
            return Finding(
                .doubtful, "it is there, and answers \(status): it takes nothing now", "可以连通，但答复 \(status)：目前不接受消息")
        default: break
        }
        if receiver.kind == .webhook
            ? receiver.key == nil : receiver.secret == nil && [.dingtalk, .feishu].contains(receiver.kind)
        {
            return Finding(
                .doubtful, "can be reached; without secret: what it gets is not signed", "可以连通；未设置 secret:，发送的内容不签名")
        }
        return Finding(
            .good,
            "can be reached; whether it takes what it is sent is not known without a message: \(Self.tryIt(receiver.id).en)",
            "可以连通；是否接受消息，需发送一条才能得知：\(Self.tryIt(receiver.id).zh)")
    }

    // MARK: By mail

    /// As far as to whom it would be: the server has then shown its certificate and taken the password, and no message.
    private func greet(_ mail: ReceiverAddress.MailAddress, through transport: any Transport) async -> Finding {
        do {
            guard let reply = try await MailGreeting(mail, password: receiver.secret).reply(through: transport) else {
                return Finding(.bad, "its address cannot be asked; correct it", "地址无效，请更正")
            }
            let said = "\(reply.code) \(reply.text.withoutMailboxes)"
            return reply.isTaken
                ? mail.user == nil
                    ? Finding(.good, "the mail server greets us", "邮件服务器可以连通")
                    : Finding(.good, "the mail server lets us in", "邮件服务器可以连通并登录")
                : Finding(.bad, "the mail server answered \(said)", "邮件服务器答复 \(said)")
        } catch {
            return Finding(.bad, "\(error)", "\(error)")
        }
    }
}

extension ReceiverLook.Finding {
    fileprivate init(_ grade: ReceiverLook.Grade, _ en: String, _ zh: String) {
        (self.grade, words) = (grade, Words(en: en, zh: zh))
    }
}
