import Facts
import HTTPTypes
import Hummingbird

/// What a page is asked for: where, with which choices, in which language.
struct PageRequest: Sendable {
    let path: String
    /// As they came, without `lang`.
    let query: [(name: String, value: String)]
    let tongue: Tongue
    /// The language was asked for just now, and is to be remembered.
    let setsTongue: Bool
    let caller: Caller
    /// What was done with the last form, and what the forms of this page hold; filled in by the router.
    var banner: Admission.Banner?
    var formToken = ""

    init(_ request: Request, _ context: DashboardContext) {
        caller = context.caller
        path = request.uri.path
        let asked = request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
        query = asked.filter { $0.name != "lang" }
        let wanted = asked.last { $0.name == "lang" }.flatMap { Tongue(rawValue: $0.value) }
        setsTongue = wanted != nil
        tongue =
            wanted ?? request.cookies["lang"].flatMap { Tongue(rawValue: $0.value) }
            ?? Self.tongue(accepting: request.headers[.acceptLanguage])
    }

    /// The last word on a choice; nil where there is none, or an empty one.
    subscript(_ name: String) -> String? {
        query.last { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// What forms about a store hold; false where whoever looks may not act on it, and then there are none.
    func csrf(_ store: Store) -> Any { caller.mayAct(on: store) ? formToken : false }

    /// A whole number of at least 1.
    func number(_ name: String) -> Int? { self[name].flatMap(Int.init).flatMap { $0 >= 1 ? $0 : nil } }

    /// The same page with other choices; nil takes one away. Another choice begins at the first page.
    func link(_ changes: [String: String?]) -> String {
        var kept = query.filter { changes[$0.name] == nil && !$0.value.isEmpty }
        if changes["page"] == nil { kept.removeAll { $0.name == "page" } }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
            if let value { kept.append((name, value)) }
        }
        guard !kept.isEmpty else { return path }
        return path + "?"
            + kept.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
    }

    /// The first of ours that the reader would have, by what he likes best (RFC 9110, 12.5.4); English where he names
    /// neither.
    static func tongue(accepting header: String?) -> Tongue {
        var best: (tongue: Tongue, quality: Double)?
        for part in (header ?? "").split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.trimmingPrefix { $0 == " " } }
            guard let range = pieces.first?.lowercased() else { continue }
            let quality =
                pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            let tongue: Tongue? = range.hasPrefix("zh") ? .chinese : range.hasPrefix("en") ? .english : nil
            if let tongue, quality > best?.quality ?? 0 { best = (tongue, quality) }
        }
        return best?.tongue ?? .english
    }
}
