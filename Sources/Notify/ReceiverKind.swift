package import Facts

/// How a receiver is spoken to: the key under which its address stands.
package enum ReceiverKind: String, Sendable, Hashable, CaseIterable {
    case webhook, alertmanager, dingtalk, feishu, wecom, slack, telegram, teams, pagerduty, ntfy, email, command

    /// nil: it is no service on which people read.
    var chat: (any ChatService)? {
        switch self {
        case .webhook, .alertmanager, .email, .command: nil
        case .dingtalk: DingTalk()
        case .feishu: Feishu()
        case .wecom: WeCom()
        case .slack: Slack()
        case .telegram: Telegram()
        case .teams: Teams()
        case .pagerduty: PagerDuty()
        case .ntfy: Ntfy()
        }
    }

    /// What `secret:` is; nil: there is none.
    package var secretMeans: String? {
        switch self {
        case .webhook: "whsec_ and Base64, by which what is sent is signed"
        case .dingtalk: "the robot's signing secret, SEC…"
        case .feishu: "the robot's signing secret"
        case .pagerduty: "the integration's routing key"
        case .ntfy: "an access token"
        case .email: "the password of user: at the mail server"
        case .wecom, .slack, .telegram, .teams, .alertmanager, .command: nil
        }
    }

    /// Whether people read what it gets: then it has a language, and is shown as much of the facts as its entry says.
    package var isForPeople: Bool { chat != nil || self == .email }

    /// Where each of its members has an address, and all are told. It groups, waits and steps by itself: what it is told it
    /// is told at once.
    package var hasMembers: Bool { self == .alertmanager }

    /// Without which nothing can be sent.
    package var needsSecret: Bool { self == .pagerduty }
    package var needsChat: Bool { self == .telegram }

    /// Several alerts may go in one message: not where the service keeps a case of its own for each.
    package var bundles: Bool { self != .pagerduty && self != .alertmanager }

    /// So many alerts at most in one message. One alert has some kilobytes, and many servers take no more than a
    /// megabyte; of what people read, what has no room is counted instead.
    package var mostTogether: Int? { isForPeople ? nil : 100 }

    /// Sent one after the other, also where nothing bounds how fast: a mail server keeps one connection, and a command need
    /// not bear being run beside itself.
    package var isOneByOne: Bool { pace > .zero || self == .email || self == .command }

    /// The least time from one notice to the next: services block who sends faster.
    package var pace: TimeSpan { chat?.pace ?? .zero }
}
