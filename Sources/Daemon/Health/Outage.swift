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

    private init(_ finding: HealthLook.Finding) {
        group = finding.source.group(of: finding.watched)
        (platform, labels) = (finding.watched.store.pack, finding.watched.store.labels)
    }

    /// By source.
    static func all(_ findings: [HealthLook.Finding], fewest: Int) -> [HealthSource.Group: Outage] {
        var outages: [HealthSource.Group: Outage] = [:]
        // Files are brought by people, store by store.
        for finding in findings where finding.source.name != .file && finding.source.name != .hand {
            let group = finding.source.group(of: finding.watched)
            outages[group, default: Outage(finding)].add(finding)
        }
        for group in outages.keys { outages[group]?.decide(fewest: fewest) }
        return outages
    }

    private mutating func add(_ finding: HealthLook.Finding) {
        all += 1
        let store = finding.watched.store
        if !finding.watched.isObserved(nil) { isObserved = false }
        if store.pack != platform { platform = "" }
        labels = labels.filter { store.labels[$0.key] == $0.value }
        guard let found = finding.report, finding.isShared else { return }
        unhealthy += 1
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

    private mutating func decide(fewest: Int) {
        guard all >= fewest, unhealthy * 2 > all, var found = report else {
            report = nil
            return
        }
        found.source = group.id
        found.stores = HealthReport.Share(unhealthy: unhealthy, all: all)
        if case .platform(let pack) = group {
            found.bringer = Words(en: "the platform of '\(pack)'", zh: "'\(pack)' 平台")
        }
        (found.unjudged, found.freshUntil) = ([], nil)
        report = found
    }

    func observation(at clock: Timestamp) -> Observation {
        let name =
            switch group {
            case .platform(let pack): pack
            case .feed(let id): id
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
