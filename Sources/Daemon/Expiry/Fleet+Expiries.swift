import Facts
import Pull
import Rules

extension Fleet {
    /// All whose end is known, the first to end first: what platforms said with tokens, and what `expires:` says.
    func expiries(_ tokens: TokenFile.Contents) -> [Expiry] {
        var found: [String: Expiry] = [:]
        func add(_ name: String, _ ends: Timestamp, _ store: String, account: String?, key: String) {
            found[key, default: Expiry(name: name, stores: [], account: account, ends: ends)].stores.append(store)
        }
        for subject in pullSubjects {
            guard case .store(let watched, let access) = subject, let plan = watched.pack.pull else { continue }
            let store = watched.store.id
            for (name, expiring) in access.expires {
                let owner = expiring.isAccounts ? access.account ?? store : store
                let ends = watched.calendar.startOfDay(expiring.day)
                add(
                    name, ends, store, account: expiring.isAccounts ? access.account : nil,
                    key: "given \(expiring.isAccounts) \(owner) \(name) \(ends.microseconds)")
            }
            guard let call = TokenCall(plan: plan, endpoint: access.endpoint, credentials: access.credentials),
                let entry = tokens.grants[call.owner],
                // What is got with the application's own key needs nobody.
                let refresh = plan.token?.refresh, refresh.names.contains("refresh_token"),
                let ends = entry.refreshToken == nil ? entry.expiresAt : entry.refreshExpiresAt
            else { continue }
            add("consent", Timestamp(seconds: ends), store, account: nil, key: "consent \(call.owner)")
        }
        return found.values.map { expiry in
            var expiry = expiry
            expiry.stores.sort()
            return expiry
        }.sorted { ($0.ends, $0.name, $0.stores.first ?? "") < ($1.ends, $1.name, $1.stores.first ?? "") }
    }
}

extension Assembly {
    /// What ends within 30 days or has ended, the first to end first.
    func expiring() throws -> [Expiry] {
        try fleet.expiries(tokenFile.read()).filter { $0.stage(at: clock.now) != nil }
    }

    var tokenFile: TokenFile {
        switch config.database {
        case .sqlite(let path): TokenFile(besideLedger: path)
        }
    }
}
