/// What each service answers, and what it bears.
extension ChatRobot.Service {
    var success: String {
        switch self {
        case .dingtalk, .wecom: #"{"errcode":0,"errmsg":"ok"}"#
        case .feishu: #"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#
        case .slack: "ok"
        case .telegram: #"{"ok":true,"result":{"message_id":1}}"#
        case .teams: ""
        case .pagerduty: #"{"status":"success","message":"Event processed","dedup_key":"k"}"#
        case .ntfy: #"{"id":"sPs71M8A2T","event":"message"}"#
        }
    }

    var largest: Int { self == .pagerduty ? 512 << 10 : self == .teams ? 28_672 : 20_000 }
    var mostInAMinute: Int {
        switch self {
        case .dingtalk, .wecom, .telegram: 20
        case .feishu: 100
        default: 60
        }
    }

    /// nil: none is documented.
    var mostInASecond: Int? {
        switch self {
        case .feishu: 5
        case .teams: 4
        case .telegram: 1
        default: nil
        }
    }
    /// In seconds.
    var blocksFor: Double { self == .dingtalk ? 600 : 0 }

    var tooMany: ChatRobot.Answer {
        switch self {
        case .dingtalk:
            ChatRobot.Answer(200, #"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#)
        case .feishu: ChatRobot.Answer(200, #"{"code":11232,"data":{},"msg":"frequency limited"}"#)
        case .wecom: ChatRobot.Answer(200, #"{"errcode":45009,"errmsg":"api freq out of limit"}"#)
        case .telegram:
            ChatRobot.Answer(
                429, #"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":30}}"#
            )
        case .ntfy: ChatRobot.Answer(429, #"{"code":42901,"http":429,"error":"limit reached"}"#)
        default: ChatRobot.Answer(429, "")
        }
    }

    var badRequest: ChatRobot.Answer {
        switch self {
        case .dingtalk: ChatRobot.Answer(200, #"{"errcode":400001,"errmsg":"param error"}"#)
        case .feishu: ChatRobot.Answer(200, #"{"code":9499,"data":{},"msg":"Bad Request"}"#)
        case .wecom: ChatRobot.Answer(200, #"{"errcode":40008,"errmsg":"invalid message type"}"#)
        case .slack: ChatRobot.Answer(400, "invalid_payload")
        case .telegram: ChatRobot.Answer(400, #"{"ok":false,"error_code":400,"description":"Bad Request"}"#)
        case .pagerduty: ChatRobot.Answer(400, #"{"status":"invalid event","message":"Event object is invalid"}"#)
        default: ChatRobot.Answer(400, #"{"code":40001,"http":400}"#)
        }
    }
}
