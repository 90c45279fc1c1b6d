import Alerts
import Facts
import Foundation
import Pull
import Rules

extension Fleet {
    /// What stands in `ca_file:`; nil where there is none, or none that can be read.
    var authorities: CertificateFile? {
        config.caFile.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }.map(CertificateFile.init(pem:))
    }

    /// All whose end is known without asking anybody, the first to end first: what platforms said with tokens, what
    /// `expires:` says, and what stands in `ca_file:`.
    func expiries(_ tokens: TokenContents) -> [Expiry] {
        var found: [String: Expiry] = [:]
        func add(_ name: String, _ ends: Timestamp, _ store: String, account: String?, key: String) {
            found[key, default: Expiry(name: name, stores: [], account: account, ends: ends)].stores.append(store)
        }
        for (watched, access) in reached {
            guard let plan = watched.pack.pull else { continue }
            let store = watched.store.id
            for (name, expiring) in access.expires {
                let owner = expiring.isAccounts ? access.account ?? store : store
                let ends = watched.calendar.startOfDay(expiring.day)
                add(
                    name, ends, store, account: expiring.isAccounts ? access.account : nil,
                    key: "given \(expiring.isAccounts) \(owner) \(name) \(ends.microseconds)")
            }
            guard case .granted(let grant) = AuthTask.kind(of: store, access, plan, tokens), let ends = grant.ends
            else {
                continue
            }
            add(
                "consent", ends, store, account: nil,
                key: "consent \(grant.stores.joined(separator: "\n")) \(ends.microseconds)")
        }
        if let path = config.caFile, let ends = authorities?.ends {
            found["ca_file"] = Expiry(name: Expiry.authority, stores: [], place: path, ends: ends)
        }
        return found.values.map { expiry in
            var expiry = expiry
            expiry.stores.sort()
            return expiry
        }.sorted { ($0.ends, $0.name, $0.stores.first ?? "") < ($1.ends, $1.name, $1.stores.first ?? "") }
    }
}
