import Simulation

/// A chat service among the receivers: it hears of its own team's stores, each store a group.
struct Post: Sendable {
    let service: ChatRobot.Service
    let robot: ChatRobot

    init(_ service: ChatRobot.Service) {
        self.service = service
        let secret: String? =
            switch service {
            case .dingtalk: "SECmade-up"
            case .feishu, .ntfy, .pagerduty: "made-up"
            case .telegram: "-100200"
            default: nil
            }
        robot = ChatRobot(service, secret: secret)
    }

    /// Also the label of its team, and how the ids of its stores begin.
    var id: String { service.rawValue }

    func entry(_ address: String) -> String {
        let more =
            switch service {
            case .dingtalk: ", secret: {env: DINGTALK_KEY}"
            case .feishu, .ntfy, .pagerduty: ", secret: {env: CHAT_KEY}"
            case .telegram: ", chat: \"-100200\""
            default: ""
            }
        // A service with a case for each alert takes them one by one.
        let group = service == .pagerduty ? "" : ", group: {by: [store], wait: 1s, interval: 2s}"
        return """
            {id: \(id), \(id): "\(address)", evidence: counts, when: {labels: {team: \(id)}}\(group)\(more)}
            """
    }

    static let environment = ["DINGTALK_KEY": "SECmade-up", "CHAT_KEY": "made-up", "HOOK_KEY": Fire.secret]

    /// How it says no, within a 200 where it does so, and how its connections break. None asks for minutes.
    var refusals: [ChatRobot.Answer] {
        let own: [ChatRobot.Answer] =
            switch service {
            case .dingtalk, .wecom: [.init(200, #"{"errcode":-1,"errmsg":"system busy"}"#)]
            case .feishu: [.init(200, #"{"code":99999,"msg":"internal"}"#)]
            case .slack: [.init(200, #"{"ok":false,"error":"fatal_error"}"#), .init(429, "")]
            case .telegram:
                [.init(429, #"{"ok":false,"error_code":429,"parameters":{"retry_after":1}}"#), .init(200, "{}")]
            case .teams: [.init(429, ""), .init(503, "")]
            case .ntfy: [.init(500, #"{"code":50001,"http":500}"#), .init(200, "{}")]
            // By a 429 it asks for three minutes.
            case .pagerduty: [.init(503, "")]
            }
        // Codes that no document names, and a status that nobody expects.
        let odd: [ChatRobot.Answer] =
            switch service {
            case .dingtalk, .wecom: [.init(200, #"{"errcode":987654,"errmsg":"?"}"#)]
            case .feishu: [.init(200, #"{"code":987654,"msg":"?"}"#)]
            case .slack: [.init(200, "odd_word")]
            case .telegram: [.init(400, #"{"ok":false,"error_code":499,"description":"?"}"#)]
            case .teams: [.init(418, "")]
            case .ntfy: [.init(418, #"{"code":41899,"http":418}"#)]
            case .pagerduty: [.init(418, #"{"status":"?"}"#)]
            }
        return own + own + odd + [.init(500, ""), .hangUp, .shownUnheard]
    }
}
