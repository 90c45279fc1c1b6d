import Curl
import Facts
import Pull
import Rules

/// What a platform tells of a store once it is asked with the store's token.
extension TokenKeeper {
    /// What the store gives, with what the platform tells of it: asked once for a grant and a market, and kept with it. For
    /// a token that the configuration gives it is asked once in a process.
    func told(
        _ store: String, _ access: PlatformAccess, _ plan: PullPlan, _ given: [String: Secret], market: String?,
        _ call: TellingCall
    ) async throws -> [String: Secret] {
        let market = market ?? ""
        func with(_ told: [String: String]) -> [String: Secret] {
            // What somebody wrote down stands.
            given.merging(told.mapValues { Secret($0) }) { own, _ in own }
        }
        let token = given[PullPlan.TokenPlan.credential(in: plan)]
        do {
            let grantee = Grantee(store, access, plan, access.credentials)
            let key = try grantee.flatMap { try file.read().key(of: store, $0.call) }
            let entry = try key.flatMap { try file.read().grants[$0] }
            let isGranted = entry.map { Secret($0.accessToken) == token } ?? false
            if isGranted, let told = entry?.told?[store], entry?.toldMarkets?[store] == market { return with(told) }
            if isGranted, let told = entry?.owner.flatMap({ call.told(by: $0) }) { return with(told) }
            if let told = toldInMemory(store, token, market: market) { return with(told) }
            guard let request = call.request(at: asking) else {
                throw PullError.needsConsent("the platform cannot be asked whose store the access token is for")
            }
            let told = try call.answer(try await reply(to: request), at: clock.now)
            if isGranted, let key {
                try file.change { contents in
                    guard var entry = contents.grants[key] else { return }
                    entry.told = (entry.told ?? [:]).merging([store: told]) { $1 }
                    entry.toldMarkets = (entry.toldMarkets ?? [:]).merging([store: market]) { $1 }
                    contents.grants[key] = entry
                }
            } else {
                remember(told, of: store, token, market: market)
            }
            return with(told)
        } catch let error as TokenFileError {
            throw PullError.unkept("\(error)")
        }
    }

    private func reply(to request: Request) async throws -> Reply {
        do throws(TransportError) {
            return try await transport.send(request)
        } catch {
            throw PullError.transport(error)
        }
    }
}
