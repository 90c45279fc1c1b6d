package import Curl
package import Facts

/// Where facts come from, as two pure functions: what to ask next, and what the answer says.
package protocol Source: Sendable {
    /// `feed:erp`: in messages, and as the source of what it brings.
    var name: String { get }
    /// What a finished pull covers.
    var kinds: FactKinds { get }
    /// By how much T lies before what is already known, so that facts that became visible late are met again.
    var overlap: TimeSpan { get }
    /// Changes when the source is another one under the same name: what was pulled from it before then says nothing
    /// about it, and it is pulled from the beginning.
    var fingerprint: String { get }

    /// The request for the page at `state`.
    func request(after state: PullState) -> Request

    /// The page in a reply of status 200 or 304 to the request for `state`.
    func page(from reply: Reply, after state: PullState) throws(PullError) -> Page
}
