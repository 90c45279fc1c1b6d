/// An error in TOP's words.
struct TaobaoRefusal: Error {
    var code: Int
    var message: String
    var subCode: String?
    var subMessage: String?

    static func missing(_ name: String) -> TaobaoRefusal {
        .init(
            code: 40, message: "Missing required arguments:\(name)", subCode: "isv.missing-parameter:\(name)",
            subMessage: "缺少必选参数:\(name)")
    }

    static func invalid(_ name: String) -> TaobaoRefusal {
        .init(
            code: 41, message: "Invalid arguments:\(name)", subCode: "isv.invalid-parameter:\(name)",
            subMessage: "非法的参数:\(name)")
    }

    static let badSession = TaobaoRefusal(
        code: 27, message: "Invalid session", subCode: "invalid-sessionkey", subMessage: "SessionKey非法")
    static let tooOften = TaobaoRefusal(
        code: 7, message: "App Call Limited", subCode: "accesscontrol.limited-by-api-access-count",
        subMessage: "This ban will last for 1 more seconds")
    static let busy = TaobaoRefusal(
        code: 15, message: "Remote service error", subCode: "isp.remote-service-timeout", subMessage: "API调用远程服务超时")

    /// XML unless JSON was asked for, as it is documented.
    func reply(isJSON: Bool) -> PlatformReply {
        guard isJSON else {
            let text = "<error_response><code>\(code)</code><msg>\(message)</msg></error_response>"
            return PlatformReply(status: 200, headers: [("Content-Type", "text/xml")], text: text)
        }
        var members: [(String, JSONText)] = [("code", .int(code)), ("msg", .string(message))]
        if let subCode { members.append(("sub_code", .string(subCode))) }
        if let subMessage { members.append(("sub_msg", .string(subMessage))) }
        members.append(("request_id", "109wcmcgllsj1"))
        return PlatformReply(["error_response": .object(members)])
    }
}
