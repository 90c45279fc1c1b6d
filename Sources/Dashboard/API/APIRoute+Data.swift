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
            let pulled = subject.pulled
            found[pulled] = SourceBody.Source(name: pulled.source, store: pulled.store, every: subject.every)
        }
        for (pulled, record) in try await request.assembly.ledger.pullRecords() {
            found[pulled, default: SourceBody.Source(name: pulled.source, store: pulled.store)].record = record
        }
        // What is pushed, imported and entered is nobody's to pull: it is told of each store that is judged by it.
        for line in await request.state.wall.view.lines {
            for input in line.inputs {
                let brought = PulledSource(input.source, store: line.store.id)
                found[brought, default: SourceBody.Source(name: input.source, store: line.store.id)].input = input
            }
            for source in line.readBy where source != .platform {
                let brought = PulledSource(source, store: line.store.id)
                if found[brought] == nil { found[brought] = SourceBody.Source(name: source, store: line.store.id) }
            }
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
            place: QuarantineBody.place,
            // What names no store may be anybody's.
            fits: { fact in fact.store.map(request.fits) ?? (request.caller.seesAll && request.glob == nil) },
            read: { try await request.assembly.ledger.quarantine(of: stores, until: $0, limit: $1) }
        ).json("quarantine", QuarantineBody.json)
    }
}
