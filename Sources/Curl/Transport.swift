/// The door through which the program calls out: one request, one reply.
package protocol Transport: Sendable {
    /// Sends one request and gives the server's reply, whatever its status.
    ///
    /// A reply with status 404 or 500 is a reply. What is thrown says that no complete reply came; the server may still
    /// have acted on the request. A cancelled task gets `.cancelled` promptly.
    func send(_ request: Request) async throws(TransportError) -> Reply
}
