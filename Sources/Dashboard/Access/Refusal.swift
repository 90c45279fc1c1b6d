import Facts
import HTTPTypes
import Hummingbird
import NIOCore

/// Why a request is turned away before anybody looks at what it wants.
enum Refusal: Sendable {
    case notKnown, notLetIn, notForAll, foreign, misdirected
    case tooMany(TimeSpan)

    var status: HTTPResponse.Status {
        switch self {
        case .notKnown: .unauthorized
        case .notLetIn, .notForAll, .foreign: .forbidden
        case .misdirected: .misdirectedRequest
        case .tooMany: .tooManyRequests
        }
    }

    var words: Words {
        switch self {
        case .notKnown: Words(en: "this asks for a token: Authorization: Bearer …", zh: "需要令牌：Authorization: Bearer …")
        case .notLetIn: Words(en: "the proxy vouches for somebody who is not let in", zh: "代理所认证的用户未获准访问")
        case .notForAll: Words(en: "this tells of all stores, and not all are yours to see", zh: "该内容涉及全部店铺，超出您的权限")
        case .foreign: Words(en: "this comes from a page of another site", zh: "请求来自其他网站的页面")
        case .misdirected:
            Words(
                en: "it is asked by a name that is not ours; name it under public_url: in the configuration",
                zh: "访问所用的主机名不属于本服务；请在配置的 public_url: 中写明")
        case .tooMany: Words(en: "too many tokens that are none came from there; try again later", zh: "失败次数过多，请稍后再试")
        }
    }

    /// Whole seconds, at least one.
    var retryAfter: String? {
        guard case .tooMany(let wait) = self else { return nil }
        return "\(max(1, (wait.microseconds + 999_999) / 1_000_000))"
    }

    /// For programs and people alike; answers of the API are problems (RFC 9457).
    func response(_ path: String) -> Response {
        var response: Response
        if path.hasPrefix("/api/") {
            response = APIProblem(status, words.en).response
        } else {
            response = Plain.text("\(words.en)\n\(words.zh)\n", status: status)
        }
        if case .notKnown = self { response.headers[.wwwAuthenticate] = "Bearer realm=\"goodstanding\"" }
        response.headers[.retryAfter] = retryAfter
        return response
    }
}

extension Response {
    /// To look at something else now.
    static func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }
}
