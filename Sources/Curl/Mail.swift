/// A message for a mail server, and how much may be spent on it.
package struct Mail: Sendable {
    /// Who it is from, and who gets it, as the server is told; ASCII.
    package var from: String
    package var to: [String]
    /// Header and body, each line ended by CR LF.
    package var message: [UInt8]
    package var login: Login?
    package var limits: Limits
    /// The server is only greeted and told who we are; there is no message, and nobody gets any.
    package var isGreeting = false
    let address: Address

    package struct Login: Sendable, Hashable {
        package var user: String
        package var password: Secret

        package init(user: String, password: Secret) { (self.user, self.password) = (user, password) }
    }

    /// nil unless the server is `smtp://host[:port]` or `smtps://host[:port]`; without a port 25 and 465.
    ///
    /// - Parameter host: by which we name ourselves to it.
    package init?(
        server: String, as host: String, from: String, to: [String], message: [UInt8], login: Login? = nil,
        limits: Limits = .standard
    ) {
        guard var address = Address(server, schemes: ["smtp": 25, "smtps": 465]), !to.isEmpty else { return nil }
        if address.path == "/" { address.path += host }
        (self.address, self.from, self.to, self.message) = (address, from, to, message)
        (self.login, self.limits) = (login, limits)
    }

    /// Where it goes, safe to log.
    package var host: String { address.origin.host }

    /// A relay on this machine that asks for no password need not speak TLS. All else begins with it: by the scheme, or by
    /// STARTTLS.
    var needsTLS: Bool { login != nil || !isLocal }

    private var isLocal: Bool {
        let host = address.origin.host
        return host == "localhost" || host == "[::1]" || host.wholeMatch(of: /127\.\d+\.\d+\.\d+/) != nil
    }
}

/// What a mail server said of a message.
package struct MailReply: Sendable, Hashable {
    /// Its last word: 250 where it took the message, else a code from 400 on. 4xx may pass, 5xx will not.
    package var code: Int
    /// The same as text, without its code and shortened.
    package var text: String
    /// Whom it refused while it took the message for others.
    package var refused: [Refusal]

    package var isTaken: Bool { (200..<300).contains(code) }

    package struct Refusal: Sendable, Hashable {
        package var recipient: String
        package var code: Int
        package var text: String

        package init(recipient: String, code: Int, text: String) {
            (self.recipient, self.code, self.text) = (recipient, code, text)
        }
    }

    package init(code: Int, text: String = "", refused: [Refusal] = []) {
        (self.code, self.text, self.refused) = (code, text, refused)
    }
}

extension MailReply {
    /// From the lines that the server wrote in this exchange.
    init(_ raw: RawReply, to mail: Mail) {
        let replies = Self.replies(raw.head)
        // 354 asks for the message; one for each recipient came before it, and the verdict after it.
        let asked = replies.lastIndex { $0.code == 354 } ?? replies.endIndex
        let last = replies.last { $0.code != 354 }
        self.init(code: raw.status, text: last?.code == raw.status ? last?.text ?? "" : "")
        guard isTaken else { return }
        let answers = replies[..<asked].suffix(mail.to.count)
        guard answers.count == mail.to.count else { return }
        for (recipient, answer) in zip(mail.to, answers) where answer.code >= 400 {
            refused.append(Refusal(recipient: recipient, code: answer.code, text: answer.text))
        }
    }

    /// Of an answer of several lines the last.
    private static func replies(_ head: [UInt8]) -> [(code: Int, text: String)] {
        head.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let text = String(decoding: line, as: UTF8.self)
            guard let code = Int(text.prefix(3)), text.dropFirst(3).first != "-" else { return nil }
            let said = text.dropFirst(4).filter { !$0.isNewline && $0.unicodeScalars.allSatisfy { $0.value >= 32 } }
            return (code, String(said.prefix(200)))
        }
    }
}
