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
        let zones = Set(try await assembly.watchedStores(nil).map(\.store.timezone))
        let common = zones.count == 1 ? zones.first.flatMap { StoreCalendar(timezone: $0) } : nil
        return Page(
            template: "audit", title: Words(en: "Audit", zh: "审计"), section: .audit,
            view: [
                "hasRows": !slice.isEmpty, "rows": slice.map { row($0, common ?? .utc, tongue) },
                "older": entries.count > Self.shown
                    ? slice.last.map { request.link(["before": "\($0.number)"]) } ?? false as Any : false,
            ])
    }

    /// - Parameter common: the zone of all stores, or UTC where they live in several.
    private func row(_ entry: AuditTask.Entry, _ common: StoreCalendar, _ tongue: Tongue) -> View {
        let calendar = entry.store.flatMap { assembly.fleet.watched($0)?.calendar } ?? common
        let rest = entry.details.count - Self.detailsShown
        return [
            // The order is the entries' own.
            "at": calendar.shown(entry.at, tongue), "who": entry.who,
            "way": AuditWords.ways[entry.way].map { tongue($0) } ?? entry.way, "act": entry.act,
            "did": AuditWords.acts[entry.act].map { tongue($0) } ?? false,
            "store": entry.store ?? "", "url": entry.store.map(Link.store) ?? false, "subject": entry.subject,
            "why": entry.why, "hasDetails": !entry.details.isEmpty,
            "details": entry.details.prefix(Self.detailsShown).map { tongue($0) },
            "more": rest > 0 ? tongue("and \(rest) more", "另有 \(rest) 项") : false,
            "digest": entry.digest, "short": String(entry.digest.prefix(12)),
        ]
    }
}
