/// An error in the platform's words.
struct PinduoduoRefusal: Error {
    var code: Int
    var message: String
    var subCode: JSONText = nil

    static func common(_ name: String) -> PinduoduoRefusal { .init(code: 10001, message: "公共参数错误:\(name)") }
    static func parameter(_ name: String) -> PinduoduoRefusal { .init(code: 10000, message: "参数错误:\(name)") }
    static let badToken = PinduoduoRefusal(code: 20032, message: "access_token或client_id错误", subCode: "20032")
    static let overToken = PinduoduoRefusal(code: 10019, message: "access_token已过期", subCode: "10019")
    static let badSign = PinduoduoRefusal(code: 20004, message: "签名sign校验失败")
    static let noRight = PinduoduoRefusal(code: 20031, message: "用户没有授权访问此接口")
    static let tooOften = PinduoduoRefusal(code: 70031, message: "调用过于频繁，请调整调用频率", subCode: 70031)
    static let throttled = PinduoduoRefusal(code: 52101, message: "当前接口被限流，请稍后重试")
    static let busy = PinduoduoRefusal(code: 50001, message: "业务服务错误")

    var reply: PlatformReply {
        PlatformReply([
            "error_response": [
                "error_msg": .string(message), "sub_msg": "", "sub_code": subCode, "error_code": .int(code),
                "request_id": "15440104776643887",
            ]
        ])
    }
}
