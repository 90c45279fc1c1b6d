import Alerts
import Facts
import Rules

/// What is known of all that ends unless somebody renews it.
struct ExpiryBook: Sendable, Hashable {
    /// The first to end first.
    var all: [Expiry]
    /// Of what is there to be looked at and could not be: nobody knows when it ends.
    var unseen: Set<AlertKey>

    /// - Parameters:
    ///   - known: without asking anybody.
    ///   - shown: by servers, also at former looks.
    ///   - hosts: those that are to show a certificate.
    ///   - asksOthers: other servers may show who vouches for them.
    init(_ known: [Expiry], shown: [Expiry], hosts: Set<String>, caFile: String?, asksOthers: Bool) {
        all = Expiry.all(known, shown)
        let seen = Set(shown.map(\.place))
        unseen = Set(
            hosts.filter { !seen.contains($0) }.map { Expiry(name: Expiry.certificate, stores: [], place: $0).key })
        guard let caFile, asksOthers || !hosts.isEmpty, !shown.contains(where: { $0.name == Expiry.authority }) else {
            return
        }
        // Of a bundle the last to end says nothing of the one that a server rests on.
        unseen.insert(Expiry(name: Expiry.authority, stores: [], place: caFile).key)
    }

    /// What is to be looked at of an alert, and what it concerns.
    struct Finding {
        var report: HealthReport
        var subject: AlertSubject
        /// Those for which it speaks.
        var members: [Route.Member]
        /// All of them are only observed.
        var isObserved: Bool
        var standing: Standing

        func observation(at clock: Timestamp, key: AlertKey) -> Observation {
            Observation(
                key: key, standing: standing, at: clock, judgedTo: nil, limit: "renewed", isConfirmed: true,
                revision: clock.microseconds, timing: AlertTiming(for: .zero, keep: .zero, damping: .standard),
                subject: subject)
        }
    }

    /// By the alert's key; of several with one the first to end.
    func findings(in fleet: Fleet, at clock: Timestamp) -> [AlertKey: Finding] {
        Dictionary(
            all.compactMap { expiry in
                finding(of: expiry, in: fleet, at: clock).map { (expiry.key, $0) }
            }
        ) { first, _ in first }
    }

    private func finding(of expiry: Expiry, in fleet: Fleet, at clock: Timestamp) -> Finding? {
        let (key, watched) = (expiry.key, expiry.stores.compactMap { fleet.watched($0) })
        guard !watched.isEmpty || expiry.stores.isEmpty else { return nil }
        let standing = expiry.standing(at: clock)
        // The last word of a bundle that nobody was seen to rest on is no word of health.
        if standing == .ok, unseen.contains(key) { return nil }
        let severity = expiry.severity(at: clock)
        func subject(_ store: Store) -> AlertSubject {
            AlertSubject(store: store, title: expiry.title, severity: severity)
        }
        var whole: AlertSubject
        if key.store.isEmpty {
            // Whose names and labels it bears: what all of its stores have in common.
            let stores = watched.map(\.store)
            let platform = stores.first.map(\.pack) ?? ""
            whole = AlertSubject(
                storeName: "goodstanding", platform: "", labels: stores.first?.labels ?? [:], title: expiry.title,
                severity: severity)
            if !platform.isEmpty, stores.allSatisfy({ $0.pack == platform }) {
                (whole.storeName, whole.platform) = (platform, platform)
            }
            whole.labels = whole.labels.filter { label in
                stores.allSatisfy { $0.labels[label.key] == label.value }
            }
        } else if let store = watched.first(where: { $0.store.id == key.store })?.store {
            whole = subject(store)
        } else {
            return nil
        }
        return Finding(
            report: HealthReport(of: expiry), subject: whole,
            members: watched.map {
                Route.Member(key: AlertKey(store: $0.store.id, rule: key.rule), subject: subject($0.store))
            }, isObserved: !watched.isEmpty && watched.allSatisfy { $0.isObserved(nil) }, standing: standing)
    }
}

extension Expiry {
    /// Of which nobody knows when it ends: there for its key alone.
    fileprivate init(name: String, stores: [String], place: String) {
        self.init(name: name, stores: stores, account: nil, place: place, ends: Timestamp(microseconds: .max))
    }
}
