package import Alerts
package import Facts

extension ReceiverKind {
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

    /// Without which nothing can be sent.
    package var needsSecret: Bool { self == .pagerduty }
    package var needsChat: Bool { self == .telegram }

    /// Sent one after the other, also where nothing bounds how fast: a mail server keeps one connection, and a command need
    /// not bear being run beside itself.
    package var isOneByOne: Bool { pace > .zero || self == .email || self == .command }

    /// The least time from one notice to the next: services block who sends faster.
    package var pace: TimeSpan { chat?.pace ?? .zero }
}
