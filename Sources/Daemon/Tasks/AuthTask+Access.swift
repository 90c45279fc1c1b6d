package import Alerts
import Curl
package import Facts
import Pull
import Rules

/// Consents that there are: listed, tried and forgotten.
extension AuthTask {
    /// What is known of a store's access.
    package struct Access: Sendable {
        package enum Kind: Sendable {
            /// Tokens are kept.
            case granted(Grant)
            /// What the configuration gives is used; nobody says when it ends.
            case configured
            /// Nobody has consented.
            case lacking
        }

        package var store: String
        package var pack: String
        package var kind: Kind
        /// What ends on a day that the configuration gives, the soonest first; of one day by name.
        package var expires: [(name: String, day: LocalDay, at: Timestamp)] = []
    }

    /// All stores whose platform is pulled, by id.
    package func list() throws -> [Access] {
        let fleet = try fleet()
        let contents = try fleet.tokenFile.read()
        fleet.tokenFile.warnIfOpen(Assembly.logger(level))
        return fleet.pullSubjects.compactMap { subject -> Access? in
            guard case .store(let watched, let access) = subject, let plan = watched.pack.pull else { return nil }
            return Access(
                store: watched.store.id, pack: watched.pack.name,
                kind: Self.kind(of: watched.store.id, access, plan, contents), expires: watched.expires(of: access))
        }.sorted { $0.store < $1.store }
    }

    static func kind(
        of store: String, _ access: PlatformAccess, _ plan: PullPlan, _ contents: TokenContents
    ) -> Access.Kind {
        guard let grantee = Grantee(store, access, plan, access.credentials) else { return .configured }
        if let entry = contents.entry(of: store, grantee.call) { return .granted(Grant(entry, grantee.token)) }
        let isGiven = access.credentials[PullPlan.TokenPlan.credential(in: plan)] != nil
        return isGiven || grantee.call.givenKey != nil ? .configured : .lacking
    }

    /// What ends within 30 days or has ended, the first to end first.
    /// Servers of the configuration's own are asked for their certificates.
    package func expiring() async throws -> [Expiry] {
        let fleet = try fleet()
        let known = try fleet.expiries(fleet.tokenFile.read())
        let transport = CurlTransport(configuration: CurlConfiguration(caFile: fleet.config.caFile))
        let shown = await CertificateLook(transport: transport).expiries(of: fleet)
        await transport.shutDown()
        return Expiry.all(known, shown).filter { $0.stage(at: clock.now) != nil }.sorted { $0.ends < $1.ends }
    }

    package struct Checked: Sendable {
        package var access: Access
        package var findings: [DoctorTask.Finding]
    }

    /// Gets a token that is good now and asks one harmless question with it.
    package func check(_ store: String) async throws -> Checked {
        let subject = try subject(store)
        let transport = subject.transport()
        let keeper = subject.keeper(transport, clock, await subject.fleet.hold(level))
        let look = SourceLook(fleet: subject.fleet, transport: transport, tokens: keeper, clock: clock)
        let findings = await look.answers(.store(subject.watched, subject.access), all: false)
        await transport.shutDown()
        let kind = Self.kind(of: store, subject.access, subject.plan, try keeper.file.read())
        return Checked(
            access: Access(
                store: store, pack: subject.watched.pack.name, kind: kind,
                expires: subject.watched.expires(of: subject.access)), findings: findings)
    }

    package struct Revoked: Sendable {
        /// Whether there was something to forget.
        package var isForgotten: Bool
        /// Where the owner takes the consent back, in the pack's words.
        package var revoke: Words?
        /// The configuration gives a token of its own, which goes on being used.
        package var isConfigured: Bool
    }

    /// Forgets the tokens of a store, and the consents that were asked for.
    package func revoke(_ store: String) async throws -> Revoked {
        let subject = try subject(store)
        try await writeDown("revoke", of: store, in: subject.fleet)
        let isForgotten = try subject.fleet.tokenFile.change { contents in
            contents.consents[store] = nil
            return contents.forget(store, under: subject.grantee?.call.givenKey)
        }
        let name = PullPlan.TokenPlan.credential(in: subject.plan)
        return Revoked(
            isForgotten: isForgotten, revoke: subject.plan.revokeWords,
            isConfigured: [name, "refresh_token"].contains { subject.access.credentials[$0] != nil })
    }
}

extension Watched {
    /// What of its credentials ends, by the configuration's word, the soonest first.
    fileprivate func expires(of access: PlatformAccess) -> [(name: String, day: LocalDay, at: Timestamp)] {
        access.expires.map { ($0.key, $0.value.day, calendar.startOfDay($0.value.day)) }
            .sorted { ($0.2, $0.0) < ($1.2, $1.0) }
    }
}
