package import Facts
import Language
import Ledgers
import Rules

/// The live engine along past days, by what is known now; with a second pack, that one beside it.
package struct BacktestTask: Sendable {
    private let config: String?
    private let glob: String?
    private let days: ClosedRange<LocalDay>
    private let pack: String?
    private let level: String

    /// - Parameter pack: a file that takes the place of the pack of its name.
    package init(
        config: String?, glob: String?, days: ClosedRange<LocalDay>, pack: String?, log level: String
    ) {
        (self.config, self.glob, self.days, self.pack, self.level) = (config, glob, days, pack, level)
    }

    /// More days than that nobody looks through.
    package static let longest = 3660

    /// - Returns: the course under the configured packs, and under the other one.
    package func run(
        progress: (_ done: Int, _ all: Int) -> Void
    ) async throws -> (BacktestReport, other: BacktestReport?) {
        let count = days.lowerBound.distance(to: days.upperBound) + 1
        guard count <= Self.longest else {
            throw TaskError(
                Words(
                    en: "\(count) days are more than \(Self.longest); ask for fewer",
                    zh: "\(count) 天超过上限 \(Self.longest) 天；请缩短范围"), isUsage: true)
        }
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        let stores = try await assembly.fittingStores(glob)
        guard !stores.isEmpty else {
            throw TaskError(Words(en: "there is no store to judge", zh: "没有可考核的店铺"), isUsage: true)
        }
        if let ahead = stores.first(where: { days.upperBound > $0.calendar.day(of: assembly.clock.now) }) {
            throw TaskError(
                Words(
                    en:
                        "\(days.upperBound) has not begun at store '\(ahead.store.id)': a backtest is of days past; see `goodstanding plan` for days to come",
                    zh:
                        "店铺“\(ahead.store.id)”的 \(days.upperBound) 尚未开始：回测只针对过去的日期；未来的日期请用 `goodstanding plan`"),
                isUsage: true)
        }
        var fleets = [assembly.fleet]
        if let pack {
            let fleet = try Assembly.fleet(config: config, replacing: pack)
            let watched = stores.compactMap { fleet.watched($0.store.id) }
            guard watched.contains(where: { $0.pack.source.name == pack }) else {
                let used = Set(stores.map(\.pack.name)).sorted().joined(separator: ", ")
                throw TaskError(
                    Words(
                        en:
                            "no store is judged by the pack of \(pack); it takes the place of the pack of its name, and in use are \(used)",
                        zh: "没有店铺按 \(pack) 的规则包考核；它替换同名的规则包，当前使用的有 \(used)"),
                    isUsage: true)
            }
            fleets.append(fleet)
        }
        var reports: [BacktestReport] = []
        for (round, fleet) in fleets.enumerated() {
            var report = BacktestReport(
                from: days.lowerBound, to: days.upperBound, stores: stores.count, courses: [], foresight: .init())
            let judge = Judge(fleet: fleet, ledger: assembly.ledger)
            for (index, store) in stores.enumerated() {
                progress(round * stores.count + index, fleets.count * stores.count)
                guard let watched = fleet.watched(store.store.id) else { continue }
                let past = Array(sequence(first: days.lowerBound) { $0.advanced(by: 1) }.prefix(count))
                let (courses, foresight) = try await StoreBacktest(watched, past, judge).run(clock: assembly.clock.now)
                report.courses += courses
                report.foresight += foresight
            }
            reports.append(report)
        }
        return (reports[0], reports.count > 1 ? reports[1] : nil)
    }
}
