package import Curl
import Facts
import HTTPTypes
import Rules

/// What is asked.
extension PlatformSource {
    package func request(after state: PullState, at asking: Asking) -> Request {
        if let step = reportStep(in: state) { return request(for: step, asking) }
        let place = place(of: state)
        let stream = stream(at: place)
        if case .link = stream.paging, place.items.isEmpty, let page = place.page {
            return signed(CallDraft(isPost: false, url: page, path: ""), asking, by: stream.authorization)
        }
        let values = values(for: stream, place, state, at: asking.now)
        // What rests on something that is not there is not asked for.
        func filled(_ pairs: [(name: String, template: String)]) -> [(name: String, value: String)] {
            pairs.compactMap { pair in
                let isWhole = PullPlan.names(in: pair.template).allSatisfy { values[$0] != nil }
                return isWhole ? (pair.name, PullPlan.filled(pair.template) { values[$0] }) : nil
            }
        }
        let path = PullPlan.filled(stream.path) { values[$0].map(PercentEncoding.strict) }
        var draft = CallDraft(isPost: stream.isPost, url: address + path, path: path)
        (draft.query, draft.form) = (filled(stream.query), filled(stream.form))
        draft.json = stream.json?.filled { values[$0] }
        if case .query = stream.paging, place.items.isEmpty, let page = place.page {
            // The platform wrote it: it says all that is to be asked.
            draft.query = []
            draft.url += page.hasPrefix("?") ? page : "?" + page
        }
        return signed(draft, asking, by: stream.authorization)
    }

    package func asked(after state: PullState) -> AskedPlace? {
        // Whatever differs from one moment to the next stands in no path.
        let path = request(after: state, at: Asking(now: Timestamp(seconds: 0), nonce: 0)).head.path ?? "/"
        return AskedPlace(
            list: stream(at: place(of: state)).name, path: credentials.masked(String(path.prefix { $0 != "?" })))
    }

    private func values(
        for stream: PullPlan.Stream, _ place: PlatformPlace, _ state: PullState, at now: Timestamp
    ) -> [String: String] {
        let outer = outer(at: place)
        var window = windows(of: outer, state)[place.window]
        if !place.items.isEmpty, let longest = stream.window {
            let until = windows(of: outer, state).until
            window = (until - longest, until)
        }
        if let memory, let from = window.from {
            // A pull that was broken off goes on where it was, though the platform has forgotten some of it by now.
            let edge = now - memory + .minutes(1)
            window = (max(from, edge), max(window.until, edge))
        }
        func text(_ moment: Timestamp?) -> String? { moment.map { stream.moments.text($0, calendar) } }
        var values: [String: String] = [:]
        for credential in plan.credentials { values[credential.name] = credentials[credential.name] }
        (values["from"], values["until"], values["since"]) = (
            text(window.from), text(window.until), text(since(outer, state))
        )
        if let list = outer.list, place.value < list.values.count { values[list.name] = list.values[place.value] }
        if !place.items.isEmpty, case .cursor(_, _, _, let first) = stream.paging {
            values["cursor"] = place.detailPage ?? first
        }
        if outer.open != nil {
            (values["item"], values["known_as"]) = (place.items.first?.asked, place.items.first?.known)
            return values
        }
        if let details = outer.details, !place.items.isEmpty {
            values["known_as"] = place.items.first?.known
            (values["item"], values["items"]) = (
                place.items.first?.asked, place.items.prefix(details.batch).map(\.asked).joined(separator: ",")
            )
            return values
        }
        switch stream.paging {
        case .number(let numbering): values["page"] = place.page ?? "\(numbering.first)"
        case .offset: values["page"] = place.page ?? "0"
        case .cursor(_, _, _, let first): values["cursor"] = place.page ?? first
        case .single, .link, .query: break
        }
        return values
    }

    /// The request with what shows who asks.
    func signed(
        _ draft: CallDraft, _ asking: Asking, by authorization: PullPlan.Authorization?
    ) -> Request {
        var draft = draft
        for header in plan.headers {
            let value = PullPlan.filled(header.template) { name in
                name == "guid" ? asking.guid : credentials[name] ?? ""
            }
            draft.headers.append((header.name, value))
        }
        draft.sign(authorization ?? plan.authorization, credentials, asking)
        // proof: the address can be asked; what the pack adds was read as an address, and the rest is percent-encoded.
        return draft.request ?? Request(method: .get, url: address)!
    }
}

extension PullPlan.JSONTemplate {
    /// Compact, with members in the order of their names; nil where a name in it has no value.
    func filled(_ value: (String) -> String?) -> JSONText? {
        func whole(_ template: String) -> String? {
            guard PullPlan.names(in: template).allSatisfy({ value($0) != nil }) else { return nil }
            return PullPlan.filled(template, value)
        }
        switch self {
        case .object(let members):
            return .object(members.compactMap { member in member.value.filled(value).map { (member.name, $0) } })
        case .array(let elements): return .array(elements.compactMap { $0.filled(value) })
        case .text(let template): return whole(template).map(JSONText.string)
        case .literal(let text): return .string(text)
        case .list(let template):
            return whole(template).map { text in
                .array(text.split(separator: ",").map { .string(String($0.trimmingPrefix(while: { $0 == " " }))) })
            }
        case .number(let template): return whole(template).map(JSONText.number)
        case .bool(let truth): return .number(truth ? "true" : "false")
        }
    }
}
