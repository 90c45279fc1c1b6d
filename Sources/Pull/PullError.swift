package import Curl
package import Facts
import HTTPTypes
import Rules

/// Why one request of a pull did not become a page.
package enum PullError: Error, Sendable, Hashable {
    /// 401 or 403: what was configured is not taken.
    case refused(status: Int)
    /// Another status from 400 to 499, or one that says that it is not known how to do this: asking again the same way
    /// cannot help.
    case rejected(status: Int)
    /// 429, or another answer that asks to wait. `wait` is nil when it does not say how long.
    case throttled(status: Int, wait: TimeSpan?)
    /// Nothing was asked: the other side said before not to come back until then.
    case notYet(Timestamp)
    /// Another one from 500 on, 408 and 425: the other side could not answer now.
    case failing(status: Int)
    /// A redirect that is not followed.
    case redirected(status: Int)
    /// A status that has no meaning here, such as 204, or 304 to a question that was not asked.
    case unexpected(status: Int)
    /// The reply is no page; the words say what it is instead, without quoting it.
    case unreadable(String)
    /// The platform says in its own words that its answer is none.
    case said(PlatformSaying)
    /// The page leads to a cursor that this pull was given before.
    case loop
    /// Cursors are ever new, and pages bring what earlier pages brought, or nothing.
    case endless
    case transport(TransportError)
    /// No token is to be had without the owner; the words say why and what to do. Nothing was asked.
    case needsConsent(String)
    /// A token was got, or is to be got, and cannot be kept; nothing was asked with it.
    case unkept(String)

    /// Whether the same request may go better soon.
    package var isTransient: Bool {
        switch self {
        case .throttled, .failing, .unreadable: true
        case .said(let saying): saying.meaning == .throttled || saying.meaning == .busy
        case .refused, .rejected, .redirected, .unexpected, .loop, .endless, .notYet, .needsConsent, .unkept: false
        case .transport(let error): error.isTransient
        }
    }

    /// Whether it is the place in the feed that failed, so that going on from there cannot be relied on.
    var concernsPlace: Bool {
        switch self {
        case .rejected, .failing, .unexpected, .unreadable, .loop, .endless: true
        // A cursor that makes no address that can be asked is such a place too.
        case .transport(.unusableRequest): true
        case .said(let saying): saying.meaning == nil || saying.meaning == .busy || saying.meaning == .refused
        case .refused, .throttled, .redirected, .transport, .notYet, .needsConsent, .unkept: false
        }
    }

    /// How long the other side asks to wait.
    var asked: TimeSpan? {
        switch self {
        case .throttled(_, let wait): wait
        case .said(let saying): saying.wait
        default: nil
        }
    }

    /// The access token is over: with a new one the same may go well.
    package var isExpiry: Bool {
        if case .said(let saying) = self { saying.meaning == .expired } else { false }
    }

    /// The access token is over, or a right is lacking: nobody can say which before a new token is refused too.
    package var mayLackRight: Bool {
        if case .said(let saying) = self { saying.mayLackRight } else { false }
    }

    /// The other side answered, whatever it said.
    package var isAnswer: Bool {
        switch self {
        case .refused, .rejected, .throttled, .failing, .redirected, .unexpected, .said: true
        case .unreadable, .loop, .endless, .transport, .notYet, .needsConsent, .unkept: false
        }
    }

    /// Somebody has to act before it can go better: consent, or mend what is configured.
    package var needsPerson: Bool {
        switch self {
        case .refused, .needsConsent: true
        case .said(let saying): saying.meaning == .refused
        default: false
        }
    }

    /// What a reply that is no page means; nil when it may be one.
    package init?(_ reply: Reply, now: Timestamp) {
        let status = reply.status.code
        let wait = reply.retryAfter(now: now.microseconds / 1_000_000).map { TimeSpan.seconds($0) }
        switch status {
        case 200, 304: return nil
        case 401, 403: self = .refused(status: status)
        case 429: self = .throttled(status: status, wait: wait)
        // What it does not know how to do it will not know when it is asked again.
        case 501, 505: self = .rejected(status: status)
        case 408, 425, 500...:
            if let wait {
                self = .throttled(status: status, wait: wait)
            } else {
                self = .failing(status: status)
            }
        case 300..<400: self = .redirected(status: status)
        case 400..<500: self = .rejected(status: status)
        default: self = .unexpected(status: status)
        }
    }
}

extension PullError {
    /// The same of a store's platform: what to do stands at the store, and not at a feed.
    ///
    /// - Parameter path: at which it was asked; nil: nobody knows.
    package func ofStore(path: String?) -> String {
        switch self {
        case .refused(let status):
            "the server answered \(status): it does not take the credentials; check credentials: of the store or its account"
        case .rejected(404):
            "the server answered 404: there is nothing at \(path ?? "this address"); check endpoint:"
        case .redirected(let status):
            "the server answered \(status), a redirect that is not followed; write the address it leads to as endpoint:"
        case .unreadable(let what): "the answer cannot be read: \(what)"
        default: description
        }
    }

    /// `doctor` asks each list for itself, and so tells more of it.
    var isDoctors: Bool {
        switch self {
        case .refused, .rejected: true
        case .said(let saying): saying.meaning == .refused && saying.advice == nil
        default: false
        }
    }
}

extension PullError: CustomStringConvertible {
    /// What came back and what to do, to follow "Pulling … failed: ".
    package var description: String {
        switch self {
        case .refused(let status):
            "the server answered \(status): it does not take the credentials; check the feed's headers or the store's account"
        case .rejected(404): "the server answered 404: there is nothing at this address; check the url"
        case .rejected(let status): "the server answered \(status): it does not take the request"
        case .throttled(let status, let wait?): "the server answered \(status) and asks to wait \(wait) s"
        case .throttled(let status, nil): "the server answered \(status): too many requests"
        case .notYet(let moment): "the server asked not to be asked again before \(moment)"
        case .failing(let status): "the server answered \(status)"
        case .redirected(let status):
            "the server answered \(status), a redirect that is not followed; write the address it leads to as the url"
        case .unexpected(let status): "the server answered \(status), which is no page"
        case .unreadable(let what): "the reply is no page of facts: \(what)"
        case .said(let saying): "\(saying)"
        case .loop:
            "the page leads to a cursor that was met before in the same pull; the next pull begins at the first page"
        case .endless:
            "page after page has a new cursor and brings nothing new; a last page says \"next\": null. The next pull "
                + "begins at the first page"
        case .transport(let error): "\(error)"
        case .needsConsent(let what), .unkept(let what): what
        }
    }
}
