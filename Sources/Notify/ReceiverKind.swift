package import Facts

/// How a receiver is spoken to: the key under which its address stands.
package enum ReceiverKind: String, Sendable, Hashable, CaseIterable {
    case webhook, dingtalk, feishu, wecom, slack, telegram, teams, pagerduty, ntfy

    /// nil: what is sent is the webhook's JSON, for programs.
    var chat: (any ChatService)? {
        switch self {
        case .webhook: nil
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
        case .wecom, .slack, .telegram, .teams: nil
        }
    }

    /// Without which nothing can be sent.
    package var needsSecret: Bool { self == .pagerduty }
    package var needsChat: Bool { self == .telegram }

    /// Several alerts may go in one message: not where the service keeps a case of its own for each.
    package var bundles: Bool { self != .pagerduty }

    /// So many alerts at most in one message. One alert has some kilobytes, and many servers take no more than a
    /// megabyte; of what people read, what has no room is counted instead.
    package var mostTogether: Int? { chat == nil ? 100 : nil }

    /// The least time from one notice to the next: services block who sends faster.
    package var pace: TimeSpan { chat?.pace ?? .zero }
}
