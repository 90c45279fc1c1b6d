import Daemon
import Facts
import HTTPTypes
import Hummingbird
import Language
import Ledgers
import NIOCore
import Rules

/// What one route is asked, once it is known that all of it can be understood.
struct APIRequest: Sendable {
    let state: DaemonState
    let caller: Caller
    /// As it is in force, by the clock.
    let assembly: Assembly
    let http: Request
    private let parameters: [String: [String]]

    init(_ http: Request, _ context: DashboardContext, _ state: DaemonState, _ route: APIRoute) async throws {
        (self.http, self.state, caller) = (http, state, context.caller)
        assembly = await state.assembly
        parameters = try Self.parameters(http, context.parameters, route)
    }

    private static func parameters(
        _ http: Request, _ path: Parameters, _ route: APIRoute
    ) throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for parameter in route.parameters where parameter.place == .path {
            found[parameter.name] = [try path.text(parameter.name)]
        }
        let known = route.parameters.filter { $0.place == .query }
        for (name, value) in http.uri.queryParameters.map({ (String($0.key), String($0.value)) }) {
            guard let parameter = known.first(where: { $0.name == name }) else {
                if name.isEmpty, value.isEmpty { continue }
                let hint = NearestName.hint(for: name, among: known.map(\.name))
                throw APIProblem(.badRequest, "there is no parameter '\(name)' here\(hint)", parameter: name)
            }
            if let fault = parameter.fault(of: value) {
                throw APIProblem(.badRequest, "\(name) \(fault), and not '\(value)'", parameter: name)
            }
            if case .texts = parameter.kind {
            } else if found[name] != nil {
                throw APIProblem(.badRequest, "\(name) is given twice", parameter: name)
            }
            found[name, default: []].append(value)
        }
        if let missing = known.first(where: { $0.isRequired && found[$0.name] == nil }) {
            throw APIProblem(.badRequest, "\(missing.name) is missing", parameter: missing.name)
        }
        return found
    }

    // MARK: What is asked

    /// All that came by the path and behind it.
    var written: [(name: String, value: String)] {
        parameters.flatMap { name, values in values.map { (name, $0) } }
    }

    subscript(_ name: String) -> String? { parameters[name]?.first }
    func texts(_ name: String) -> [String] { parameters[name] ?? [] }
    func isTrue(_ name: String) -> Bool { self[name] == "true" }

    /// Ids of stores that fit what is asked for, as `--store` has it.
    var glob: Glob? { self["store"].map { Glob($0) } }

    func fits(_ store: String) -> Bool { caller.mayRead(store, in: assembly.fleet) && glob?.matches(store) ?? true }

    /// Facts of a store that nobody watches are everybody's who may write everywhere.
    func mayWrite(_ store: String, _ kind: FactKind) -> Bool { caller.mayWrite(store, kind, in: assembly.fleet) }

    /// By platform and label too.
    func fits(_ store: Store) -> Bool {
        guard fits(store.id), self["platform"].map({ $0 == store.pack }) ?? true else { return false }
        guard let label = self["label"] else { return true }
        let parts = label.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let value = store.labels[parts[0]] else { return false }
        return parts.count < 2 || value == parts[1]
    }

    /// The watched stores that fit, by id.
    func stores() async throws -> [Watched] {
        try await assembly.watchedStores(nil).filter { fits($0.store) }
    }

    /// Of which stores the ledger is asked for a list; nil: it is asked for all.
    func chosenStores() async throws -> [String]? {
        guard !caller.seesAll || glob != nil else { return nil }
        // What is about many stores bears none.
        let known = Set(try await assembly.ledger.seenStores()).union(assembly.fleet.listedIDs).union([""])
        return known.filter(fits).sorted()
    }

    /// The one store that the path names.
    func store() async throws -> Watched {
        let id = self["store"] ?? ""
        guard caller.mayRead(id, in: assembly.fleet), let watched = assembly.fleet.watched(id),
            try await assembly.watchedStores(nil).contains(where: { $0.store.id == id })
        else { throw APIProblem.noStore(id) }
        return watched
    }

    /// The one rule of it that the path names.
    func rule(of watched: Watched) throws -> String {
        let id = self["rule"] ?? ""
        guard watched.pack.rule(id) != nil else {
            let hint = NearestName.hint(for: id, among: watched.pack.rules.map(\.id))
            throw APIProblem(
                .notFound, "the pack '\(watched.pack.name)' has no rule '\(id)'\(hint)", parameter: "rule")
        }
        return id
    }

    /// The same as of the last moment at which anything came, or of the beginning of this minute: what is judged until then
    /// is the same answer, which who asks again need not be sent again, and never behind what is known.
    func judging() async throws -> Assembly {
        assembly.looking(at: try await state.judging.moment(assembly.ledger, at: assembly.clock.now))
    }

    // MARK: Lists

    var limit: Int { self["limit"].flatMap(Int.init) ?? APIRoute.standardLimit }
    var cursor: [UInt8]? { self["cursor"].flatMap(APIParameter.bytes) }
}
