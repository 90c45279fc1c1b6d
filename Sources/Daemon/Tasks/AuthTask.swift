import Curl
package import Facts
import Foundation
import Language
import Ledgers
import Logging
import Pull
import Rules

/// Consents of stores' owners: asked for, taken in, listed, tried and forgotten.
package struct AuthTask: Sendable {
    private let config: String?
    let level: String
    let clock: any WallClock
    /// One command may read the configuration more than once.
    private let warnings = ConfigurationWarnings()

    package init(config: String?, log level: String) { self.init(config: config, log: level, clock: SystemClock()) }

    package init(config: String?, log level: String, clock: any WallClock) {
        (self.config, self.level, self.clock) = (config, level, clock)
    }

    // MARK: Asking

    /// What an owner is asked with.
    package struct Invitation: Sendable {
        package var store: String
        /// Of the store or, without one, its id.
        package var storeName: String
        package var platform: Words
        /// Where the owner consents; nil: this platform has no such address, and `access` says how else a token is had.
        package var address: String?
        /// Who consents and what the owner has to mind, and what those who ask have to, in the pack's words.
        package var consenting: Words?
        package var access: Words?
        /// Until when the answer is taken in.
        package var until: Timestamp
    }

    /// The address at which the owner of a store consents. Its state is remembered, and held against the answer.
    package func invite(_ store: String) async throws -> Invitation {
        let subject = try subject(store)
        let plan = subject.plan
        var invitation = Invitation(
            store: subject.watched.store.id, storeName: subject.watched.store.name,
            platform: subject.watched.pack.title, consenting: plan.consentingWords,
            access: plan.accessWords,
            until: clock.now + .seconds(TokenContents.AskedConsent.lives))
        guard let grantee = subject.grantee, grantee.call.hasConsent else {
            if plan.accessWords != nil { return invitation }
            throw TaskError(
                plan.token == nil
                    ? Words(
                        en:
                            "the pack '\(subject.watched.pack.name)' has no tokens that end: what the store gives under credentials: is all",
                        zh: "规则包“\(subject.watched.pack.name)”的令牌不会过期：店铺在 credentials: 中给出的凭据即为全部")
                    : Words(
                        en:
                            "the pack '\(subject.watched.pack.name)' does not say where an owner consents; consent at the platform, and give the tokens under credentials:",
                        zh: "规则包“\(subject.watched.pack.name)”未说明授权地址；请在平台上完成授权，并在 credentials: 中填写令牌"),
                isUsage: true)
        }
        let state =
            String(UInt64.random(in: 0 ... .max), radix: 36) + String(UInt64.random(in: 0 ... .max), radix: 36)
        let asking = Asking(now: clock.now, nonce: UInt64.random(in: 0 ... .max))
        guard let address = grantee.call.consent(state: state, at: asking) else {
            // A token that never ends needs no consent, and whoever gave one may well give nothing else.
            throw TaskError(
                Words(
                    en:
                        "the store lacks \(grantee.lacks), of which the address of a consent is made; give it under credentials: of the store or of its account",
                    zh: "店铺缺少 \(grantee.lacks)，无法生成授权地址；请在店铺或其账户的 credentials: 中填写"),
                isUsage: true)
        }
        invitation.address = address
        try await writeDown("invite", of: store, in: subject.fleet)
        let now = clock.now.microseconds / 1_000_000
        try subject.fleet.tokenFile.change { $0.ask(state, for: store, at: now) }
        return invitation
    }

    // MARK: Taking in

    package struct Taken: Sendable {
        package var grant: Grant
        /// A code that was pasted alone brings no state: nobody proved that it belongs to what was asked.
        package var isStateChecked: Bool
        /// Why the platform does not tell whose store the token is for; nil: it does, or need not.
        package var untold: String?
    }

    /// Takes in what the owner's consent led to.
    ///
    /// - Parameter pasted: the whole address to which the platform led back, or the code alone.
    package func take(_ pasted: String, for store: String) async throws -> Taken {
        let subject = try subject(store)
        guard let grantee = subject.grantee, grantee.call.hasConsent else {
            throw TaskError(
                Words(
                    en: "the pack '\(subject.watched.pack.name)' does not say how a token is had for a consent",
                    zh: "规则包“\(subject.watched.pack.name)”未说明如何用授权换取令牌"), isUsage: true)
        }
        let answer: ConsentAnswer
        do throws(ConsentAnswer.Fault) {
            answer = try grantee.call.answer(Self.whole(pasted))
        } catch {
            throw TaskError(error.words, isUsage: error == .empty)
        }
        let transport = subject.transport()
        let keeper = subject.keeper(transport, clock)
        try check(answer, against: try keeper.file.read(), store)
        do {
            try await writeDown("consent", of: store, in: subject.fleet, [Words(en: "begins", zh: "开始")])
            let entry = try await keeper.exchange(answer, of: grantee)
            // It is taken in, and its code used up, whether or not that can be written down: that it began stands there.
            try? await writeDown("consent", of: store, in: subject.fleet, [Words(en: "taken in", zh: "已生效")])
            let untold = await untold(subject, keeper)
            await transport.shutDown()
            return Taken(grant: Grant(entry, grantee.token), isStateChecked: answer.isAddress, untold: untold)
        } catch let error as PullError {
            await transport.shutDown()
            let words = "\(error)".replacing(answer.code, with: "…")
            guard error.needsPerson || !error.isTransient else {
                throw TaskError(
                    Words(
                        en:
                            "nothing was taken in: \(words). The same can be pasted again in a while: goodstanding auth \(store) --redirected",
                        zh: "授权未生效：\(words)。稍后可再次粘贴同一内容：goodstanding auth \(store) --redirected"))
            }
            // What the platform has refused is of no use to anybody any more.
            try keeper.file.change { $0.settle(answer.state, of: store) }
            throw TaskError(
                Words(
                    en:
                        "no token was given for this code: \(words). A code is good once and for a few minutes: begin anew with goodstanding auth \(store)",
                    zh: "此授权码未换得令牌：\(words)。授权码只能使用一次且几分钟内有效：请用 goodstanding auth \(store) 重新开始"))
        } catch {
            await transport.shutDown()
            throw error
        }
    }

    /// Tokens lie beside the ledger and not in it: what cannot be written down is not begun. A consent may come first of
    /// all; then it makes the ledger.
    func writeDown(_ act: String, of store: String, in fleet: Fleet, _ details: [Words] = []) async throws {
        try await Assembly.openLedger(fleet.config, .write)
            .append(AuditEntry(of: act, at: store, when: clock.now, details))
    }

    /// No address has blanks in it: mail programs and chats break long ones.
    private static func whole(_ pasted: String) -> String {
        pasted.contains("://") ? String(pasted.filter { !$0.isWhitespace }) : pasted
    }

    /// Asks at once what the platform tells of the store, so that whoever consents hears what is lacking. The consent stands
    /// all the same.
    private func untold(_ subject: Subject, _ keeper: TokenKeeper) async -> String? {
        guard subject.plan.token?.tells != nil else { return nil }
        do {
            _ = try await keeper.credentials(
                of: subject.watched.store.id, subject.access, subject.plan, market: subject.watched.store.market)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// A consent that nobody asked for, or that was asked for another store, is none: else whoever can make somebody paste
    /// an address could have us read a store of theirs in place of ours.
    private func check(_ answer: ConsentAnswer, against contents: TokenContents, _ store: String) throws(TaskError) {
        let now = clock.now.microseconds / 1_000_000
        let anew = Words(en: "begin anew with goodstanding auth \(store)", zh: "请用 goodstanding auth \(store) 重新开始")
        guard contents.isAsked(nil, for: store, at: now) else {
            throw TaskError(
                Words(
                    en: "no consent is waited for at '\(store)': an address is good once and for 7 days; ",
                    zh: "店铺“\(store)”没有等待中的授权：授权地址只能使用一次，7 天内有效；") + anew)
        }
        guard answer.isAddress else { return }
        guard answer.state != nil else {
            throw TaskError(
                Words(
                    en:
                        "this address does not bring back the state that was sent along, so that nobody can tell what it answers; paste it as it was, or the code alone where the platform leaves the state out",
                    zh: "此地址未带回发出的 state，无法判断它回应的是哪次授权；请原样粘贴，平台不返回 state 时可只粘贴授权码"))
        }
        guard contents.isAsked(answer.state, for: store, at: now) else {
            throw TaskError(
                Words(
                    en:
                        "this address does not answer a consent that was asked for here (its state differs, or was used, or is older than 7 days); ",
                    zh: "此地址与这里发起的授权不符（state 不同、已使用或超过 7 天）；") + anew)
        }
    }

    // MARK: The store

    struct Subject {
        var fleet: Fleet
        var watched: Watched
        var access: PlatformAccess
        var plan: PullPlan

        var grantee: Grantee? { Grantee(watched.store.id, access, plan, access.credentials) }
        func transport() -> CurlTransport {
            CurlTransport(configuration: CurlConfiguration(caFile: fleet.config.caFile))
        }
        /// - Parameter hold: an owner who consents now may do so wherever the ledger is.
        func keeper(_ transport: any Transport, _ clock: any WallClock, _ hold: Hold = Hold()) -> TokenKeeper {
            fleet.tokenKeeper(transport, clock: clock, hold: hold)
        }
    }

    func subject(_ store: String) throws -> Subject {
        let fleet = try fleet()
        guard let watched = fleet.watched(store), let access = watched.access, let plan = watched.pack.pull else {
            let known = fleet.pullSubjects.compactMap(\.store)
            throw TaskError(Self.unpulled(store, in: fleet, known), isUsage: true)
        }
        return Subject(fleet: fleet, watched: watched, access: access, plan: plan)
    }

    private static func unpulled(_ store: String, in fleet: Fleet, _ known: [String]) -> Words {
        let named = known.prefix(20).joined(separator: ", ")
        let more = known.count > 20 ? known.count - 20 : 0
        let others =
            known.isEmpty
            ? Words(en: "; no store of the configuration is pulled", zh: "；配置中没有需要拉取平台数据的店铺")
            : Words(
                en: "; there are \(named)\(more > 0 ? " and \(more) more" : "")",
                zh: "；现有 \(named)\(more > 0 ? " 等 \(known.count) 家" : "")")
        if let lacks = fleet.unpulled().first(where: { $0.stores.contains(store) }) {
            return Fleet.Unpulled(stores: [store], plan: lacks.plan).words + others
        }
        let hint = NearestName.hint(for: store, among: known)
        return Words(
            en: "there is no store '\(store)' whose platform is pulled\(hint)", zh: "没有需要拉取平台数据的店铺 '\(store)'\(hint)")
            + others
    }

    /// Neither the ledger nor anything else is opened: a consent may well come first.
    func fleet() throws -> Fleet {
        let (fleet, found) = try Assembly.fleet(config: config)
        warnings.tell(found, Assembly.logger(level))
        return fleet
    }
}
