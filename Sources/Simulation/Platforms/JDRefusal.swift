/// An error of JD's gateway: it comes in place of every answer.
struct JDRefusal: Error {
    var code: Int
    var chinese: String
    var english: String

    // 2, 8, 12, 18 to 21 are documented; the others are the neighbours that the list is said to have.
    static let unavailable = JDRefusal(code: 1, chinese: "服务不可用", english: "Service Currently Unavailable")
    static let tooOften = JDRefusal(code: 2, chinese: "限制时间内调用次数超限", english: "App Call Limited")
    static let version = JDRefusal(code: 6, chinese: "非法的版本参数", english: "Invalid Version")
    static let timestamp = JDRefusal(code: 8, chinese: "非法的时间戳参数", english: "Invalid Timestamp")
    static let sign = JDRefusal(code: 12, chinese: "无效签名", english: "Invalid Signature")
    static let method = JDRefusal(code: 15, chinese: "不存在的方法名", english: "Invalid Method")
    static let noToken = JDRefusal(code: 18, chinese: "缺少access_token参数", english: "Missing Access Token")
    static let badToken = JDRefusal(code: 19, chinese: "无效access_token", english: "Invalid Access Token")
    static let noKey = JDRefusal(code: 20, chinese: "缺少app_key参数", english: "Missing App Key")
    static let badKey = JDRefusal(code: 21, chinese: "无效app_key", english: "Invalid App Key")

    /// No code for a business parameter is documented, so that it is one that nobody may take for passing.
    static func parameter(_ name: String) -> JDRefusal {
        JDRefusal(code: 41, chinese: "非法的参数:\(name)", english: "Invalid Arguments:\(name)")
    }

    var reply: PlatformReply {
        PlatformReply([
            "error_response": [
                "code": .string("\(code)"), "zh_desc": .string(chinese), "en_desc": .string(english),
            ]
        ])
    }
}
