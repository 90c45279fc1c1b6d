package import Curl

/// A look at a mail server that sends no message.
package struct MailGreeting: Sendable {
    private let mail: ReceiverAddress.MailAddress
    private let password: Secret?

    package init(_ mail: ReceiverAddress.MailAddress, password: Secret?) {
        (self.mail, self.password) = (mail, password)
    }

    /// nil: the address is none.
    package func reply(through transport: any Transport) async throws(TransportError) -> MailReply? {
        var greeting = Mail(
            server: mail.server.reveal(), as: mail.domain, from: mail.from, to: mail.to, message: [],
            login: mail.user.flatMap { user in password.map { Mail.Login(user: user, password: $0) } },
            limits: Limits(connect: .seconds(5), total: .seconds(15), stall: .seconds(15), body: 1 << 16))
        greeting?.isGreeting = true
        guard let greeting else { return nil }
        return try await transport.send(greeting)
    }
}
