import Daemon
import Facts
import HTTPTypes
import Hummingbird
import NIOCore

/// A page in the frame that all have in common.
struct Page {
    /// The place in the navigation under which it stands.
    enum Section: String, CaseIterable {
        case stores, alerts, due, appeals, sources, outbox, packs, audit

        var path: String { self == .stores ? "/" : "/\(rawValue)" }
        var title: Words {
            switch self {
            case .stores: Words(en: "Stores", zh: "店铺")
            case .alerts: Words(en: "Alerts", zh: "告警")
            case .due: Words(en: "To enter", zh: "待录入")
            case .appeals: Words(en: "Appeals", zh: "申诉")
            case .sources: Words(en: "Sources", zh: "数据来源")
            case .outbox: Words(en: "Outbox", zh: "发件箱")
            case .packs: Words(en: "Rules", zh: "规则")
            case .audit: Words(en: "Audit", zh: "审计")
            }
        }
    }

    var template: String
    var title: Words
    var section: Section
    var view: View
    var status: HTTPResponse.Status = .ok

    func text(_ request: PageRequest, _ state: DaemonStatus) -> String {
        var view = view
        let tongue = request.tongue
        let other: Tongue = tongue == .english ? .chinese : .english
        view["lang"] = tongue == .chinese ? "zh-CN" : "en"
        (view["en"], view["zh"]) = (tongue == .english, tongue == .chinese)
        view["heading"] = tongue(title)
        if let words = view["words"] as? Words { view["text"] = tongue(words) }
        view["version"] = state.version
        (view["style"], view["script"]) = (Templates.style, Templates.script)
        view["otherTongue"] = [
            "lang": other == .chinese ? "zh-CN" : "en", "name": other == .chinese ? "简体中文" : "English",
            "url": request.link(["lang": other.rawValue, "page": request["page"]]),
        ]
        let sections = Section.allCases.filter { $0 != .audit || request.caller.isOperator }
        view["navigation"] =
            !request.caller.mayLook
            ? []
            : sections.map { section -> View in
                ["url": section.path, "name": tongue(section.title), "isHere": section == self.section]
            }
        view["caller"] = Self.caller(request)
        view["notices"] = banner(request) + notices(state, request)
        return Templates.render(template, view)
    }

    /// Who looks, where he had to show it; false elsewhere.
    private static func caller(_ request: PageRequest) -> Any {
        switch request.caller.proof {
        case .none: return false
        case .session: return ["name": request.caller.name, "logout": request.formToken] as View
        case .token, .proxy: return ["name": request.caller.name, "logout": false] as View
        }
    }

    private func banner(_ request: PageRequest) -> [View] {
        guard let banner = request.banner else { return [] }
        return [["kind": banner.isGood ? "good" : "bad", "text": request.tongue(banner.words)]]
    }

    /// What everybody who may see all has to know, whatever page he looks at.
    private func notices(_ state: DaemonStatus, _ request: PageRequest) -> [View] {
        guard request.caller.seesAll else { return [] }
        let tongue = request.tongue
        var notices: [View] = []
        if let refusal = state.refusal {
            notices.append([
                "kind": "bad", "text": tongue("The changed configuration is not in force: ", "新配置未生效：") + refusal,
            ])
        }
        for receiver in state.receiversDown.keys.sorted() {
            notices.append([
                "kind": "bad",
                "text": tongue("Receiver '\(receiver)' takes nothing.", "接收方 '\(receiver)' 无法送达。"),
            ])
        }
        if !state.isReady {
            notices.append([
                "kind": "",
                "text": tongue("The stores are being judged; what is shown is not whole yet.", "正在考核店铺，内容尚不完整。"),
            ])
        }
        return notices
    }

    func response(_ request: PageRequest, _ state: DaemonStatus) -> Response {
        Response(
            status: status, headers: Page.headers(request),
            body: .init(byteBuffer: ByteBuffer(string: text(request, state))))
    }

    static func headers(_ request: PageRequest) -> HTTPFields {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache", .vary: "Accept-Language, Cookie",
            .contentLanguage: request.tongue == .chinese ? "zh-CN" : "en",
        ]
        if request.setsTongue {
            headers[.setCookie] = "lang=\(request.tongue.rawValue); Path=/; Max-Age=31536000; SameSite=Lax"
        }
        return headers
    }
}
