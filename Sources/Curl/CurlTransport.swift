/// Speaks HTTP, and SMTP to mail servers, through libcurl: callers wait suspended, one thread of its own does the work.
///
/// Connections are kept and used again; HTTP/2 where a server offers it over TLS; compressed bodies are decoded. At
/// most `maxConcurrent` exchanges are under way, further ones wait in order of arrival, servers taking turns.
package final class CurlTransport: Transport {
    private let mailbox: Mailbox

    package init(configuration: CurlConfiguration = CurlConfiguration()) {
        let multi = MultiHandle(maxConnections: configuration.maxConcurrent)
        mailbox = Mailbox(bell: multi)
        guard let multi else { return }
        if !CurlLoop(mailbox: mailbox, multi: multi, configuration: configuration).start() {
            mailbox.silence()
            mailbox.sayFarewell()
        }
    }

    deinit { mailbox.close() }

    package func send(_ request: Request) async throws(TransportError) -> Reply {
        guard let address = request.address else { throw .unusableRequest(host: request.host) }
        return Reply(try await Exchange(.web(request), address).run(through: mailbox).get())
    }

    package func send(_ mail: Mail) async throws(TransportError) -> MailReply {
        let raw = try await Exchange(.mail(mail), mail.address).run(through: mailbox).get()
        return MailReply(raw, to: mail)
    }

    /// Ends all exchanges with `.shutDown`, closes the connections, and returns when the thread has let go of them.
    /// Requests sent afterwards fail at once. May be called more than once.
    package func shutDown() async {
        await mailbox.closeAndWait()
    }
}
