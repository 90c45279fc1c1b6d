import Daemon
import Facts

/// What people did and what was taken in, the newest first. Who may not see all stores sees what was done about his.
struct AuditPage {
    let request: PageRequest
    let assembly: Assembly

    private static let shown = 100
    /// A configuration may change thousands of lines; the command line prints them all.
    private static let detailsShown = 20

    func page() async throws -> Page {
        let tongue = request.tongue
        let entries = try await AuditTask(.running(assembly)).newest(
            before: request["before"].flatMap { Int64($0) }, of: try await request.caller.stores(in: assembly),
            limit: Self.shown + 1)
        let slice = entries.prefix(Self.shown)
        return Page(
            template: "audit", title: Words(en: "Audit", zh: "审计"), section: .audit,
            view: [
                "hasRows": !slice.isEmpty, "rows": slice.map { row($0, tongue) },
                "older": entries.count > Self.shown
                    ? slice.last.map { request.link(["before": "\($0.number)"]) } ?? false as Any : false,
            ])
    }

    private func row(_ entry: AuditTask.Entry, _ tongue: Tongue) -> View {
        let rest = entry.details.count - Self.detailsShown
        return [
            // To the second: the order is the entries' own.
            "at": String("\(entry.at)".prefix(19)).replacing("T", with: " "), "who": entry.who, "way": entry.way,
            "act": entry.act,
            "store": entry.store ?? "", "url": entry.store.map(Link.store) ?? false, "subject": entry.subject,
            "why": entry.why, "hasDetails": !entry.details.isEmpty,
            "details": entry.details.prefix(Self.detailsShown).map { tongue($0) },
            "more": rest > 0 ? tongue("and \(rest) more", "另有 \(rest) 项") : false,
            "digest": entry.digest, "short": String(entry.digest.prefix(12)),
        ]
    }
}
