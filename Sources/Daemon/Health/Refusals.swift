import Alerts
import Facts
import Ledgers

extension HealthLook {
    /// What of the refusals concerns a store alone: its own token, where the platform has taken since then what another store
    /// of its kind showed. What may concern all who show the same waits until that is known, so that one key that was changed
    /// is one alert, however many stores there are.
    ///
    /// - Parameters:
    ///   - stands: one alert speaks for a group already: those that come back do so one by one.
    ///   - fewest: of fewer stores each is told by itself.
    func weigh(
        _ findings: inout [Finding], stands: (HealthSource.Group) -> Bool, fewest: Int
    ) {
        guard findings.contains(where: { $0.reach == .refused }) else { return }
        var (sizes, lastTaken): ([HealthSource.Group: Int], [HealthSource.Group: Timestamp]) = ([:], [:])
        for finding in findings {
            guard let group = finding.source.refusal(of: finding.watched) else { continue }
            sizes[group, default: 0] += 1
            let record = record(of: .platform, store: finding.watched.store.id)
            guard let record, record.failures == 0, let finished = record.finishedAt else { continue }
            lastTaken[group] = max(lastTaken[group] ?? finished, finished)
        }
        for index in findings.indices where findings[index].reach == .refused {
            let finding = findings[index]
            guard let group = finding.group else { continue }
            let failedAt = record(of: .platform, store: finding.watched.store.id)?.failedAt
            let isAlone = failedAt.flatMap { failed in lastTaken[group].map { $0 >= failed } } ?? false
            if isAlone, !stands(group) { findings[index].reach = .own }
            if finding.report?.cause == .auth, isAlone || sizes[group] ?? 0 < fewest {
                findings[index].patience = .zero
            }
        }
    }
}
