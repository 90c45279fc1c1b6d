import Alerts
import Facts
import Ledgers
import Rules

/// All stores of one source, and whether so many of them fail at once that one alert speaks for them.
struct Outage {
    var group: HealthSource.Group
    var report: HealthReport?
    var patience = TimeSpan.zero
    /// All of its stores are only observed.
    private(set) var isObserved = true
    /// Whose names and labels it bears: what all of its stores have in common.
    private var platform: String
    private var labels: [String: String]
    private var unhealthy = 0
    private var all = 0

    var key: AlertKey { AlertKey(store: "", rule: HealthReport.rule(group.id)) }
    var isOne: Bool { report != nil }

    /// More than half of its stores are so.
    private(set) var isMost = false
    private var stores: [(id: String, name: String)] = []

    private init(_ finding: HealthLook.Finding, _ group: HealthSource.Group) {
        self.group = group
        (platform, labels) = (finding.watched.store.pack, finding.watched.store.labels)
    }

    /// By source, and by what is shown to a platform.
    ///
    /// - Parameters:
    ///   - fewest: of fewer stores each is told by itself.
    ///   - lingers: one alert speaks for the group yet, though no more than half of its stores are so by now.
    static func all(
        _ findings: [HealthLook.Finding], fewest: Int, lingers: (HealthSource.Group) -> Bool = { _ in false }
    ) -> [HealthSource.Group: Outage] {
        var outages: [HealthSource.Group: Outage] = [:]
        // Files are brought by people, store by store.
        for finding in findings where finding.source.name != .file && finding.source.name != .hand {
            let groups = [finding.source.group(of: finding.watched), finding.source.refusal(of: finding.watched)]
            for group in groups.compactMap({ $0 }) { outages[group, default: Outage(finding, group)].add(finding) }
        }
        for group in outages.keys { outages[group]?.decide(fewest: fewest, lingers: lingers(group)) }
        return outages
    }

    private mutating func add(_ finding: HealthLook.Finding) {
        all += 1
        let store = finding.watched.store
        if !finding.watched.isObserved(nil) { isObserved = false }
        if store.pack != platform { platform = "" }
        labels = labels.filter { store.labels[$0.key] == $0.value }
        guard let found = finding.report, finding.group == group else { return }
        unhealthy += 1
        stores.append((store.id, store.name))
        // The worst is told, and it is told as soon as the first of them would be.
        guard var told = report else {
            (report, patience) = (found, finding.patience)
            return
        }
        patience = min(patience, finding.patience)
        let (new, old) = (found.cause, told.cause)
        if (new.standing.rank, new.rawValue) > (old.standing.rank, old.rawValue) {
            (told.cause, told.failure, told.remedy) = (new, found.failure, found.remedy)
        }
        told.failures = max(told.failures, found.failures)
        if let success = found.lastSuccess { told.lastSuccess = min(told.lastSuccess ?? success, success) }
        report = told
    }

    private mutating func decide(fewest: Int, lingers: Bool) {
        isMost = all >= fewest && unhealthy * 2 > all
        guard isMost || lingers, var found = report else {
            report = nil
            return
        }
        found.source = group.id
        stores.sort { $0.id < $1.id }
        found.stores = HealthReport.Share(
            unhealthy: unhealthy, all: all, ids: stores.map(\.id), names: stores.map(\.name))
        let platform = { (pack: String) in Words(en: "the platform of '\(pack)'", zh: "'\(pack)' 平台") }
        switch group {
        case .platform(let pack): found.bringer = platform(pack)
        case .account(let id, let pack):
            found.bringer = platform(pack) + Words(en: " (account '\(id)')", zh: "（账号 '\(id)'）")
        case .owners(let pack): found.bringer = platform(pack)
        case .feed, .file: break
        }
        if found.cause == .auth, let remedy = HealthSource.remedyForAll(group) {
            // Who has shown it and was refused is known at once; all others of the group wait for their turn.
            (found.remedy, patience) = (remedy, .zero)
        }
        (found.unjudged, found.unjudgedTitles, found.freshUntil) = ([], [], nil)
        report = found
    }

    func observation(at clock: Timestamp) -> Observation {
        let name =
            switch group {
            case .platform(let pack), .owners(let pack): pack
            case .feed(let id), .account(let id, _): id
            case .file: "file"
            }
        return Observation(
            key: key, standing: report?.cause.standing ?? .ok, at: clock, judgedTo: nil, limit: "covered",
            isConfirmed: true, revision: clock.microseconds,
            timing: AlertTiming(for: patience, keep: .zero, damping: .standard),
            subject: AlertSubject(
                storeName: name, platform: platform, labels: labels,
                title: report?.title ?? Words(en: "data", zh: "数据"), severity: .major))
    }
}
