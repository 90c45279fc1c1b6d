import Alerts
import Daemon
import Facts
import Ledgers
import Rules

extension APIRoute {
    static func marks(_ request: APIRequest) async throws -> JSONValue {
        func place(_ mark: Mark) -> APIPlace {
            APIPlace(mark.store, mark.fact.kind.name, mark.fact.id, mark.member.name, mark.at.description)
        }
        // Store by store, and no farther than is shown.
        let task = MarkTask(.running(request.assembly))
        var found: [Mark] = []
        let marked = Set(try await request.assembly.ledger.markedStores())
        let stores = try await request.stores().filter { marked.contains($0.store.id) }.sorted {
            $0.store.id.utf8.lexicographicallyPrecedes($1.store.id.utf8)
        }
        for watched in stores {
            if let cursor = request.cursor, !cursor.lexicographicallyPrecedes(APIPlace(watched.store.id).bytes + [255])
            {
                continue
            }
            found += try await task.list(of: watched, all: request.isTrue("all"))
            if APIPage(found, request, place: place).next != nil { break }
        }
        return APIPage(found, request, place: place).json("marks", MarkBody.json)
    }

    static func storeCounts(_ request: APIRequest) async throws -> [String: Int] {
        try await request.stores().reduce(into: [:]) { $0[$1.pack.name, default: 0] += 1 }
    }

    static func sources(_ request: APIRequest) async throws -> JSONValue {
        var found: [PulledSource: SourceBody.Source] = [:]
        for subject in request.assembly.fleet.pullSubjects {
            let pulled: PulledSource =
                switch subject {
                case .feed(let feed): PulledSource(.feed(feed.id), store: nil)
                case .store(let watched, _): PulledSource(.platform, store: watched.store.id)
                }
            found[pulled] = SourceBody.Source(name: pulled.source, store: pulled.store, every: subject.every)
        }
        for (pulled, record) in try await request.assembly.ledger.pullRecords() {
            found[pulled, default: SourceBody.Source(name: pulled.source, store: pulled.store)].record = record
        }
        // A feed brings many stores: it is shown to who may see all.
        let shown = found.values.filter { source in
            source.store.map(request.fits) ?? (request.caller.seesAll && request.glob == nil)
        }
        return APIPage(shown, request) { APIPlace($0.name.description, $0.store ?? "") }
            .json("sources", SourceBody.json)
    }

    static func quarantine(_ request: APIRequest) async throws -> JSONValue {
        let stores = try await request.chosenStores()
        return try await APIPage(
            newest: request, at: \.at,
            place: { fact in
                let rest = [
                    fact.source.description, fact.position, fact.kind ?? "", fact.id ?? "", fact.reason, fact.excerpt,
                ]
                return APIPlace(before: fact.at, fact.store ?? "", ContentID.digest(of: rest))
            },
            // What names no store may be anybody's.
            fits: { fact in fact.store.map(request.fits) ?? (request.caller.seesAll && request.glob == nil) },
            read: { try await request.assembly.ledger.quarantine(of: stores, until: $0, limit: $1) }
        ).json("quarantine", QuarantineBody.json)
    }
}
