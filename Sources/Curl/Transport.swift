/// The door through which the program calls out: one request, one reply.
package protocol Transport: Sendable {
    /// Sends one request and gives the server's reply, whatever its status.
    ///
    /// A reply with status 404 or 500 is a reply. What is thrown says that no complete reply came; the server may still
    /// have acted on the request. A cancelled task gets `.cancelled` promptly.
    func send(_ request: Request) async throws(TransportError) -> Reply

    /// Hands one message to a mail server and gives what the server said of it, a refusal included.
    ///
    /// What is thrown says that no word about it came; the server may still have taken the message.
    func send(_ mail: Mail) async throws(TransportError) -> MailReply
}

extension Transport {
    /// Of a transport that sends no mail.
    package func send(_ mail: Mail) async throws(TransportError) -> MailReply {
        throw .unusableRequest(host: mail.host)
    }
}
