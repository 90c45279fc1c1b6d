/// How a receiver is spoken to: the key under which its address stands. Here what of it decides when something is told;
/// how it is told is Notify's business.
package enum ReceiverKind: String, Sendable, Hashable, CaseIterable {
    case webhook, alertmanager, dingtalk, feishu, wecom, slack, telegram, teams, pagerduty, ntfy, email, command

    /// Whether people read what it gets: then it has a language.
    package var isForPeople: Bool {
        switch self {
        case .webhook, .alertmanager, .command: false
        case .dingtalk, .feishu, .wecom, .slack, .telegram, .teams, .pagerduty, .ntfy, .email: true
        }
    }

    /// Several alerts may go in one message: not where the service keeps a case of its own for each.
    package var bundles: Bool { self != .pagerduty && self != .alertmanager }
    /// Where each of its members has an address, and all are told. It groups, waits and steps by itself: what it is told it
    /// is told at once.
    package var hasMembers: Bool { self == .alertmanager }

    /// So many alerts at most in one message. One alert has some kilobytes, and many servers take no more than a
    /// megabyte; of what people read, what has no room is counted instead.
    package var mostTogether: Int? { isForPeople ? nil : 100 }
}
