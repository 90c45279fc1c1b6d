import Alerts
import Daemon
import Facts
import Language
import Ledgers

/// What is pulled by itself and how that goes, what others bring, and what came and could not be read.
enum SourcesPage {
    private static let (shown, quarantineShown) = (200, 100)

    static func page(_ request: PageRequest, _ wall: Wall.View, _ assembly: Assembly) async throws -> Page {
        let tongue = request.tongue
        let records = try await assembly.ledger.pullRecords()
        let caller = request.caller
        let subjects = assembly.fleet.pullSubjects.filter { subject in
            if case .store(let watched, _) = subject { caller.mayRead(watched.store) } else { caller.seesAll }
        }.map { subject in
            (subject: subject, record: records[subject.pulled] ?? PullRecord())
        }.sorted { ($1.record.failures, $0.subject.id) < ($0.record.failures, $1.subject.id) }
        let failing = subjects.count { $0.record.failures > 0 }
        let (slice, pages) = Paging.slice(subjects, request, size: shown)
        let brought = Brought.all(wall, assembly)
        let quarantine = try await quarantine(request, wall, assembly)
        return Page(
            template: "sources", title: Words(en: "Sources", zh: "数据来源"), section: .sources,
            view: [
                "hasSources": !subjects.isEmpty, "pages": pages,
                "summary": tongue(
                    "\(counted(subjects.count, "source")), \(failing) failing", "共 \(subjects.count) 个，\(failing) 个异常"),
                "sources": slice.map { view($0.subject, $0.record, assembly, tongue) },
                "hasBrought": !brought.isEmpty, "brought": brought.map { $0.view(tongue) },
                "hasQuarantine": !quarantine.items.isEmpty,
                "quarantine": quarantine.items.map { view($0, assembly, tongue) }, "search": request["q"] ?? "",
                "older": quarantine.next.map { request.link(["before": $0, "page": request["page"]]) + "#quarantine" }
                    ?? false,
                "newest": request["before"] == nil
                    ? false : request.link(["before": nil, "page": request["page"]]) + "#quarantine",
            ])
    }

    /// A page of what could not be read: of all stores, or of those whose name or id holds what is searched.
    private static func quarantine(
        _ request: PageRequest, _ wall: Wall.View, _ assembly: Assembly
    ) async throws -> APIPage<QuarantinedFact> {
        var stores = try await request.caller.stores(in: assembly)
        if let search = request["q"]?.lowercased() {
            let named = wall.lines.filter { $0.searched.contains(search) }.map(\.store.id)
            // Of stores that nobody watches there may be some too.
            let seen = try await assembly.ledger.seenStores().filter {
                $0.lowercased().contains(search) && request.caller.mayRead($0, in: assembly.fleet)
            }
            stores = Set(named + seen).sorted()
        }
        return try await APIPage(
            newest: APIPosition(limit: quarantineShown, cursor: request["before"].flatMap(APIParameter.bytes)),
            at: \.at, place: QuarantineBody.place,
            read: { [stores] in try await assembly.ledger.quarantine(of: stores, until: $0, limit: $1) })
    }

    private static func view(
        _ subject: PullSubject, _ record: PullRecord, _ assembly: Assembly, _ tongue: Tongue
    ) -> View {
        var (url, calendar): (Any, StoreCalendar) = (false, .utc)
        if case .store(let watched, _) = subject { (url, calendar) = (Link.store(watched.store.id), watched.calendar) }
        let (kind, state): (String, Words) =
            record.failures > 0
            ? ("breach", Words(en: "failing", zh: "异常"))
            : record.finishedAt == nil
                ? ("unknown", Words(en: "never finished", zh: "尚未完成")) : ("ok", Words(en: "ok", zh: "正常"))
        return [
            "kind": kind, "state": tongue(state), "name": tongue(subject.words), "url": url,
            "every": FigureText.text(.duration(Fraction(subject.every.microseconds))),
            "finished": record.finishedAt.map { calendar.shown($0, tongue) } ?? "–",
            "failure": record.failure.map { failure in
                tongue(
                    "\(counted(record.failures, "attempt")) failed: \(failure)", "连续 \(record.failures) 次失败：\(failure)")
            } ?? false,
        ]
    }

    private static func view(_ fact: QuarantinedFact, _ assembly: Assembly, _ tongue: Tongue) -> View {
        let watched = fact.store.flatMap { assembly.fleet.watched($0) }
        return [
            "at": (watched?.calendar ?? .utc).shown(fact.at, tongue), "source": fact.source.description,
            "position": fact.position, "store": watched?.store.name ?? fact.store ?? "–", "kind": fact.kind ?? "",
            "id": fact.id ?? "", "reason": fact.reason, "excerpt": fact.excerpt, "times": fact.times,
            "readWell": fact.readWellAt != nil,
        ]
    }
}
