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

    /// How far back a pull looks that is the first; nil: everything there ever was.
    var reach: TimeSpan? { get }
    /// How far back the other side can be asked at all; nil: as far as one likes.
    var memory: TimeSpan? { get }
    /// How late the other side shows what happened: a pull proves nothing of what is younger.
    var lag: TimeSpan { get }
    /// Whether T goes by when the last pull began, and not by the greatest `updated_at` that came.
    var asksByClock: Bool { get }

    /// The request for the page at `state`.
    func request(after state: PullState, at asking: Asking) -> Request

    /// What the call for the page at `state` counts against.
    func allowances(after state: PullState) -> [RateLimit.Allowance]

    /// What a failure at `state` is told with: the list that was asked, and where on the server; nil where there is one
    /// list only, at an address that the configuration gives whole.
    func asked(after state: PullState) -> AskedPlace?

    /// How far the pull at `state` has come; nil where nobody can tell.
    func progress(of state: PullState) -> PullProgress?

    /// A pull begins or goes on: what becomes due in it.
    func noteBegin(of state: inout PullState)

    /// What a pull that is done covers.
    ///
    /// - Parameter until: what is asked for as it is was complete then.
    func finish(of state: PullState, until: Timestamp) -> PulledPages.Finish

    /// A pull is done: what else the next one has to know.
    func noteFinish(of state: inout PullState)

    /// What is asked next where the reply tells only where the page lies; the page is in the reply to that.
    func onward(from reply: Reply, after state: PullState, at now: Timestamp) throws(PullError) -> Request?

    /// The page in a reply to the request for `state`, or what the reply is instead.
    func page(from reply: Reply, after state: PullState, at now: Timestamp) throws(PullError) -> Page

    /// In place of a page that cannot be had after all attempts, where the rest is good without it; nil: the pull ends.
    func pagePassingOver(_ error: PullError, after state: PullState) -> Page?
}

extension Source {
    package var reach: TimeSpan? { nil }
    package var memory: TimeSpan? { nil }
    package var lag: TimeSpan { .zero }
    package var asksByClock: Bool { false }
    package func noteBegin(of state: inout PullState) {}
    package func noteFinish(of state: inout PullState) {}
    package func finish(of state: PullState, until: Timestamp) -> PulledPages.Finish {
        PulledPages.Finish(kinds: kinds, from: state.coversFrom, until: until)
    }
    package func onward(from reply: Reply, after state: PullState, at now: Timestamp) throws(PullError) -> Request? {
        nil
    }
    package func pagePassingOver(_ error: PullError, after state: PullState) -> Page? { nil }
    package func allowances(after state: PullState) -> [RateLimit.Allowance] { [] }
    package func asked(after state: PullState) -> AskedPlace? { nil }
    package func progress(of state: PullState) -> PullProgress? { nil }
}

/// A list of a platform, and the path at which it was asked for, for people.
package struct AskedPlace: Sendable, Hashable {
    package var list: String
    /// Without its query, and without what was configured in secret.
    package var path: String

    package init(list: String, path: String) { (self.list, self.path) = (list, path) }
}

/// What differs each time the same is asked: signatures hold the moment, and something that was never sent before.
package struct Asking: Sendable, Hashable {
    package var now: Timestamp
    package var nonce: UInt64

    package init(now: Timestamp, nonce: UInt64) { (self.now, self.nonce) = (now, nonce) }
}
