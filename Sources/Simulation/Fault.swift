/// What may go wrong between a marketplace or a receiver and us, on request.
package enum Fault: Sendable, Hashable {
    /// The connection ends before any answer.
    case hangUp
    /// An answer with this status and an empty body.
    case status(Int)
    /// 429 with `Retry-After` in seconds.
    case throttle(seconds: Int)
    /// 503 with this `Retry-After`, as written: a date, or nonsense.
    case unavailable(retryAfter: String)
    /// The answer ends in the middle, although its length was announced.
    case cut
    /// 200, and half a page that says it is whole.
    case half
    /// 200 with a page of HTML, as proxies and sign-in walls send.
    case garbage
    /// 200 with JSON that is no page.
    case otherJSON
    /// The page with all facts of the page before in it once more.
    case repeatPage
    /// The page's facts in another order.
    case reorder
    /// The page, with the cursor it was asked by: a loop.
    case loopCursor
    /// The page with one more entry that makes no sense, among the good ones.
    case badFact
    /// No answer until the other side gives up or the simulation ends.
    case stall
    /// The page in small pieces, one turn of the loop apart.
    case slow
    /// A redirect to this address.
    case redirect(String)
}
