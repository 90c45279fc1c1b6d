import Crypto
import Daemon
import Facts
import Synchronization

/// Who has logged in, who has failed to, and what is to be told with somebody's next page. It lives as long as the daemon: a
/// restart ends all sessions.
///
/// Requests come side by side, so it stands behind a lock, held for the look-up of an entry.
final class Admission: Sendable {
    private struct Session {
        /// Of the token that it was opened with: one that is taken back or replaced ends it.
        var hash: String
        var ends: Timestamp
    }

    private struct Failures {
        var count = 0
        var since: Timestamp
    }

    private struct Kept {
        /// By the hash of the session's id: who reads our memory cannot log in with it.
        var sessions: [String: Session] = [:]
        var failures: [String: Failures] = [:]
        var banners: [String: Banner] = [:]
        /// Answers to wrong tokens that are held.
        var held = 0
    }

    /// What was done, or not, for the top of the next page.
    struct Banner: Sendable {
        var words: Words
        var isGood: Bool
    }

    private let key = SymmetricKey(size: .bits256)
    private let kept = Mutex(Kept())

    /// A working day and a bit: nobody logs in twice a day, and a session that was left open is over by the next.
    static let lasting = TimeSpan.hours(12)
    /// A person mistypes a token a few times; more within the time looks for one.
    static let (failuresAllowed, failuresWithin) = (10, TimeSpan.minutes(10))
    /// Of each, at most: what strangers cause must not fill the memory.
    private static let most = 10_000
    private static let (hold, mostHeld) = (Duration.milliseconds(200), 100)

    // MARK: Sessions

    /// - Returns: its id, for the cookie.
    func open(_ hash: String, at now: Timestamp) -> String {
        let id = AccessToken.random()
        kept.withLock { kept in
            kept.sessions = kept.sessions.filter { $0.value.ends > now }
            if kept.sessions.count >= Self.most, let oldest = kept.sessions.min(by: { $0.value.ends < $1.value.ends }) {
                kept.sessions[oldest.key] = nil
            }
            kept.sessions[AccessToken.hash(of: id)] = Session(hash: hash, ends: now + Self.lasting)
        }
        return id
    }

    /// Of whose token it is, while it lasts.
    func hash(ofSession id: String, at now: Timestamp) -> String? {
        let session = kept.withLock { $0.sessions[AccessToken.hash(of: id)] }
        return session.flatMap { $0.ends > now ? $0.hash : nil }
    }

    func close(_ id: String) { kept.withLock { $0.sessions[AccessToken.hash(of: id)] = nil } }

    // MARK: Failures

    var heldAnswers: Int { kept.withLock { $0.held } }

    enum Look: Sendable {
        case known(AccessTerms.Grantee)
        case none
        /// It is none, and so were many from there.
        case tooMany(TimeSpan)
    }

    /// Whose token it is. A right one passes whatever others at its address got wrong (a proxy, an office, a program with
    /// an old token). Each wrong one too many is held for a moment before it is answered, and as soon as many are held none
    /// from such an address is looked at any more: so guessing stays slow.
    ///
    /// - Parameter isFit: whether it lets anybody in here.
    func look(
        _ token: String, from address: String, _ terms: AccessTerms, at now: Timestamp,
        isFit: (AccessTerms.Grantee) -> Bool = { _ in true }
    ) async -> Look {
        let wait = wait(of: address, at: now)
        if let wait, heldAnswers >= Self.mostHeld { return .tooMany(wait) }
        if let grantee = terms.grantee(of: token, at: now), isFit(grantee) { return .known(grantee) }
        noteFailure(of: address, at: now)
        guard let wait else { return .none }
        kept.withLock { $0.held += 1 }
        try? await Task.sleep(for: Self.hold)
        kept.withLock { $0.held -= 1 }
        return .tooMany(wait)
    }

    /// How long an address is not listened to; nil: it is.
    func wait(of address: String, at now: Timestamp) -> TimeSpan? {
        let failures = kept.withLock { $0.failures[AddressRange.neighbourhood(of: address)] }
        guard let failures, failures.count >= Self.failuresAllowed else { return nil }
        let end = failures.since + Self.failuresWithin
        return end > now ? end - now : nil
    }

    func noteFailure(of address: String, at now: Timestamp) {
        kept.withLock { kept in
            let place = AddressRange.neighbourhood(of: address)
            if kept.failures[place].map({ $0.since + Self.failuresWithin <= now }) ?? true {
                if kept.failures.count >= Self.most {
                    kept.failures = kept.failures.filter { $0.value.since + Self.failuresWithin > now }
                }
                if kept.failures.count >= Self.most { kept.failures.removeAll() }
                kept.failures[place] = Failures(since: now)
            }
            kept.failures[place]?.count += 1
        }
    }

    // MARK: Forms

    /// What a form of somebody's pages holds, and no page of a stranger's can know.
    func formToken(for holder: String) -> String {
        AccessToken.base64url(HMAC<SHA256>.authenticationCode(for: Array("form \(holder)".utf8), using: key))
    }

    func isFormToken(_ token: String, of holder: String) -> Bool {
        AccessToken.isSame(token, formToken(for: holder))
    }

    func tell(_ banner: Banner, to holder: String) {
        kept.withLock { kept in
            if kept.banners.count >= Self.most { kept.banners.removeAll() }
            kept.banners[holder] = banner
        }
    }

    /// Once.
    func banner(for holder: String) -> Banner? { kept.withLock { $0.banners.removeValue(forKey: holder) } }
}

extension Caller {
    /// Whose forms they are.
    var holder: String {
        switch proof {
        case .none: "local"
        case .token: "token \(name)"
        case .session(let id): "session \(id)"
        case .proxy: "proxy \(name)"
        }
    }
}
