/// What a message shows, where it has the form that the service takes.
extension ChatRobot.Service {
    /// What people would see; nil: it is not the service's form.
    func text(in document: JSONText, path: String) -> String? {
        switch self {
        case .dingtalk, .wecom:
            guard document["msgtype"]?.plain == "text", let text = document["text"]?["content"]?.plain else {
                return nil
            }
            return self == .wecom && text.utf8.count > 2048 ? nil : text
        case .feishu:
            guard document["msg_type"]?.plain == "post", let post = document["content"]?["post"]?["zh_cn"],
                let title = post["title"]?.plain, case .array(let lines)? = post["content"]
            else { return nil }
            let texts = lines.flatMap { line -> [JSONText] in
                if case .array(let parts) = line { parts } else { [] }
            }.compactMap { $0["text"]?.plain }
            return ([title] + texts).joined(separator: "\n")
        case .slack:
            guard document["text"]?.plain?.isEmpty == false, case .array(let blocks)? = document["blocks"] else {
                return nil
            }
            let texts = blocks.compactMap { $0["text"]?["text"]?.plain }
            return texts.allSatisfy { $0.count <= 3000 } && texts[0].count <= 150
                ? texts.joined(separator: "\n") : nil
        case .telegram:
            guard path.hasSuffix("/sendMessage"), let text = document["text"]?.plain, text.utf16.count <= 4096
            else { return nil }
            return text
        case .teams:
            guard document["type"]?.plain == "message", case .array(let cards)? = document["attachments"],
                let card = cards.first, card["contentType"]?.plain == "application/vnd.microsoft.card.adaptive",
                case .array(let blocks)? = card["content"]?["body"]
            else { return nil }
            return blocks.flatMap { block -> [String] in
                if case .array(let runs)? = block["inlines"] { runs.compactMap { $0["text"]?.plain } } else { [] }
            }.joined(separator: "\n")
        case .pagerduty:
            guard let action = document["event_action"]?.plain, ["trigger", "resolve"].contains(action),
                let payload = document["payload"], let summary = payload["summary"]?.plain, summary.count <= 1024,
                payload["source"]?.plain != nil,
                ["critical", "error", "warning", "info"].contains(payload["severity"]?.plain ?? "")
            else { return nil }
            return summary + "\n" + (payload["custom_details"]?["text"]?.plain ?? "")
        case .ntfy:
            guard path == "/", document["topic"]?.plain == "alerts", let title = document["title"]?.plain,
                let text = document["message"]?.plain, text.utf8.count <= 4096
            else { return nil }
            return title + "\n" + text
        }
    }
}

extension JSONText {
    subscript(_ name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    var plain: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
