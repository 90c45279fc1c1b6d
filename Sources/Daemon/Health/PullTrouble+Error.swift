import Ledgers
import Pull
import Rules

extension PullTrouble {
    /// Who has to act after such a failure.
    init(_ error: PullError) {
        switch error {
        case .refused, .needsConsent: self = .auth
        case .throttled, .notYet: self = .throttled
        case .failing, .transport: self = .away
        case .rejected, .redirected, .unexpected, .unreadable, .loop, .endless: self = .schema
        case .unkept: self = .internal
        case .said(let saying):
            switch saying.meaning {
            case .refused, .expired: self = .auth
            case .throttled: self = .throttled
            case .busy, .nothing: self = .away
            case nil: self = .schema
            }
        }
    }
}
