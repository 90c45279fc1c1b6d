package import Daemon
package import Facts

/// Who asks, and what he may see and do.
///
/// What he may not see is not listed, and is not there when he asks for it.
package struct Caller: Sendable {
    /// How he has shown who he is.
    package enum Proof: Sendable, Hashable {
        /// Not at all: he may see nothing, or it is asked on this machine.
        case none
        /// A token with the request, as programs do.
        case token
        /// A session of the login form.
        case session(String)
        /// A proxy vouches for him.
        case proxy
    }

    package var name: String
    /// nil: he may see nothing.
    package var role: AccessTerms.Role?
    package var proof: Proof
    private var grantee: AccessTerms.Grantee?

    package static let nobody = Caller(name: "", role: nil, proof: .none, grantee: nil)

    /// Whoever asks on this machine, where nobody has to show who he is.
    package static func local(_ role: AccessTerms.Role) -> Caller {
        Caller(name: "local", role: role, proof: .none, grantee: nil)
    }

    package init(_ grantee: AccessTerms.Grantee, by proof: Proof) {
        self.init(name: grantee.id, role: grantee.role, proof: proof, grantee: grantee)
    }

    private init(name: String, role: AccessTerms.Role?, proof: Proof, grantee: AccessTerms.Grantee?) {
        (self.name, self.role, self.proof, self.grantee) = (name, role, proof, grantee)
    }

    // MARK: What he may

    /// Of pages and answers: pushers bring facts and see nothing.
    package var mayLook: Bool { role == .viewer || role == .operator }

    /// No store is kept from him.
    package var seesAll: Bool { mayLook && isEverywhere }

    /// What concerns all stores, such as a receiver.
    package var mayActOnAll: Bool { role == .operator && isEverywhere }
    package var isOperator: Bool { role == .operator }

    package func mayRead(_ store: Store) -> Bool { mayLook && fits(store) }

    /// Acknowledge, silence, accept, mark, enter, …
    package func mayAct(on store: Store) -> Bool { role == .operator && fits(store) }

    /// Bring facts of that kind.
    package func mayWrite(_ store: Store, _ kind: FactKind) -> Bool {
        role == .pusher && fits(store) && (grantee?.kinds?.contains(kind) ?? true)
    }

    private var isEverywhere: Bool { grantee.map { $0.stores.isEmpty && $0.labels.isEmpty } ?? true }

    private func fits(_ store: Store) -> Bool {
        guard let grantee else { return true }
        return (grantee.stores.isEmpty || grantee.stores.contains { $0.matches(store.id) })
            && grantee.labels.allSatisfy { label, values in store.labels[label].map(values.contains) ?? false }
    }
}

extension Caller {
    /// Of what the configuration watches; what it does not, and what is about many stores (the empty id), is shown to who sees
    /// all.
    package func mayRead(_ store: String, in fleet: Fleet) -> Bool {
        watched(store, fleet).map { mayRead($0) } ?? seesAll
    }

    /// Whose figures he sees, for what asks the ledger for them alone; nil: he sees all there is.
    package func stores(in assembly: Assembly) async throws -> [String]? {
        guard !seesAll else { return nil }
        return try await assembly.watchedStores(nil).map(\.store).filter { mayRead($0) }.map(\.id)
    }

    package func mayAct(on store: String, in fleet: Fleet) -> Bool {
        watched(store, fleet).map { mayAct(on: $0) } ?? mayActOnAll
    }

    package func mayWrite(_ store: String, _ kind: FactKind, in fleet: Fleet) -> Bool {
        if let watched = watched(store, fleet) { return mayWrite(watched, kind) }
        return role == .pusher && isEverywhere && (grantee?.kinds?.contains(kind) ?? true)
    }

    /// No store has the empty id, though a pattern may fit it.
    private func watched(_ store: String, _ fleet: Fleet) -> Store? {
        store.isEmpty ? nil : fleet.watched(store)?.store
    }
}
