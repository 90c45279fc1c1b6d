package import Facts
package import Rules

/// What a platform says in place of an answer.
package struct PlatformSaying: Sendable, Hashable {
    /// Of HTTP.
    package var status: Int
    /// The platform's own, several joined by a slash.
    package var code: String
    /// The platform's own words, without what was configured.
    package var message: String
    /// nil: it does not take the request, and asking again the same way cannot help.
    package var meaning: PullPlan.ErrorClass?
    /// How long it asks to wait.
    package var wait: TimeSpan?
    /// Whose calls it is about, where it is about more than the store's; nil: the store's alone.
    package var whose: PullPlan.Limit.Scope?
    /// Of what is over: the platform says the same where a right is lacking.
    package var mayLackRight = false
    /// What to do, where more is known of it than the class tells.
    package var advice: String?

    package init(
        status: Int, code: String, message: String, meaning: PullPlan.ErrorClass?, wait: TimeSpan? = nil
    ) {
        (self.status, self.code, self.message, self.meaning, self.wait) = (status, code, message, meaning, wait)
    }
}

extension PlatformSaying: CustomStringConvertible {
    /// What came back and what to do.
    package var description: String {
        let words = message.isEmpty ? "" : " (\(message))"
        let said = code.isEmpty ? "the platform answered \(status)\(words)" : "the platform says \(code)\(words)"
        return switch meaning {
        case .throttled:
            wait.map { "\(said): too many calls\(whoseWords); it asks to wait \($0) s" }
                ?? "\(said): too many calls\(whoseWords)"
        case .busy: "\(said): it cannot answer now"
        case .expired: "\(said): the access token is over; get a new one, or give what it is refreshed with"
        case .refused:
            "\(said): \(advice ?? "it does not take what was configured; check the store's credentials and their rights")"
        case .nothing: "\(said): there is nothing"
        case nil: "\(said): it does not take the request"
        }
    }

    private var whoseWords: String {
        switch whose {
        case nil, .store, .account: ""
        case .application: " of the application, of which all stores wait"
        case .platform: " of all who ask the platform, so that all its stores wait"
        }
    }
}
