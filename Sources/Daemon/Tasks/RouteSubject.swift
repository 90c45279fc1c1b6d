import Alerts
import Facts
import Language
import Ledgers
import Rules

/// What an alert would be about that nobody has seen yet: a rule of a store, its data, or what many stores rest on.
struct RouteSubject {
    var key: AlertKey
    var subject: AlertSubject
    /// Those for which it speaks.
    var members: [Route.Member] = []
    /// The store; nil where it speaks for many.
    var watched: Watched?
    var isObserved = false

    static func find(_ key: AlertKey, _ assembly: Assembly) async throws -> RouteSubject {
        guard key.isHealth else {
            let watched = try await watched(key.store, assembly)
            guard let rule = watched.pack.rule(key.rule) else {
                throw TaskError.noRule(key.rule, in: watched.pack)
            }
            return RouteSubject(
                key: key, subject: AlertSubject(store: watched.store, title: rule.title, severity: rule.severity),
                watched: watched, isObserved: watched.isObserved(rule.id))
        }
        let stores =
            key.store.isEmpty ? try await assembly.watchedStores(nil) : [try await watched(key.store, assembly)]
        let known = try known(of: stores, isOne: !key.store.isEmpty, assembly)
        if let found = known[key.rule] { return found }
        // Of a certificate nobody here has asked.
        if let alert = try await assembly.ledger.alerts(of: [key.store]).first(where: { $0.key == key }) {
            return RouteSubject(key: key, subject: alert.subject)
        }
        let all = known.keys.sorted()
        throw TaskError(
            Words(en: "there are no such data as '\(key.rule)'", zh: "没有“\(key.rule)”这样的数据")
                + NearestName.words(for: key.rule, among: known.keys)
                + Words(en: "; there are \(all.joined(separator: ", "))", zh: "；现有 \(all.joined(separator: "、"))"),
            isUsage: true)
    }

    private static func watched(_ store: String, _ assembly: Assembly) async throws -> Watched {
        if let watched = assembly.fleet.watched(store) { return watched }
        let known = try await assembly.watchedStores(nil).map(\.store.id)
        throw TaskError.unwatched(store, among: known)
    }

    /// All that can be about data, by rule.
    private static func known(
        of stores: [Watched], isOne: Bool, _ assembly: Assembly
    ) throws -> [String: RouteSubject] {
        let fleet = assembly.fleet
        var known: [String: RouteSubject] = [:]
        let feeds = [SourceName.push] + fleet.config.feeds.map { .feed($0.id) }
        let title = Words(en: "data", zh: "数据")
        if isOne, let watched = stores.first {
            for name in [SourceName.platform, .file, .hand] + feeds {
                let rule = HealthReport.rule(HealthSource(name: name).id)
                known[rule] = RouteSubject(
                    key: AlertKey(store: watched.store.id, rule: rule),
                    subject: AlertSubject(store: watched.store, title: title, severity: .major), watched: watched,
                    isObserved: watched.isObserved(nil))
            }
        } else {
            let platform = HealthSource(name: .platform)
            let groups = Dictionary(grouping: stores) { platform.group(of: $0) }
            let refusals = Dictionary(grouping: stores.filter { $0.access != nil }) { platform.refusal(of: $0) }
            let all =
                groups.map { ($0.key, $0.value) }
                + refusals.compactMap { group, stores in group.map { ($0, stores) } }
                + feeds.compactMap { feed in
                    stores.first.map { (HealthSource(name: feed).group(of: $0), stores) }
                }
            for (group, stores) in all {
                let rule = HealthReport.rule(group.id)
                let subjects = stores.map { AlertSubject(store: $0.store, title: title, severity: .major) }
                let platforms = Set(subjects.map(\.platform))
                known[rule] = RouteSubject(
                    key: AlertKey(store: "", rule: rule),
                    subject: AlertSubject(
                        storeName: group.id, platform: platforms.count == 1 ? platforms.first ?? "" : "", labels: [:],
                        title: title, severity: .major),
                    members: zip(stores, subjects).map {
                        Route.Member(
                            key: AlertKey(
                                store: $0.store.id, rule: HealthReport.rule(HealthSource(name: .platform).id)),
                            subject: $1)
                    }, isObserved: stores.allSatisfy { $0.isObserved(nil) })
            }
        }
        let book = ExpiryBook(
            try fleet.expiries(fleet.tokenFile.read()), shown: [], hosts: [], caFile: nil, asksOthers: false)
        for (key, finding) in book.findings(in: fleet, at: assembly.clock.now)
        where key.store.isEmpty != isOne && (!isOne || key.store == stores.first?.store.id) {
            known[key.rule] = RouteSubject(
                key: key, subject: finding.subject, members: finding.members, isObserved: finding.isObserved)
        }
        return known
    }
}
