package import Facts
import Ledgers
import Rollups

/// Recounts every watched store's facts and holds them against the day buckets.
package struct VerifyTask: Sendable {
    private let config: String?
    private let glob: String?
    private let level: String

    package init(config: String?, glob: String?, log level: String) {
        (self.config, self.glob, self.level) = (config, glob, level)
    }

    package struct Outcome: Sendable {
        package var differences: [Words]
        package var words: Words
    }

    package func run(progress: (Words) -> Void) async throws -> Outcome {
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        if let damage = try await assembly.ledger.findDamage(in: .all) {
            return Outcome(
                differences: [Words(damage)],
                words: Words(en: "The ledger's pages contradict one another; see above.", zh: "账本文件的页面互相矛盾，见上。"))
        }
        let stores = try await assembly.fittingStores(glob)
        let today = assembly.clock.now
        var differences: [Words] = []
        var (compared, unbuilt) = (0, 0)
        for (index, watched) in stores.enumerated() {
            progress(
                Words(en: "\(index) of \(stores.count) stores recounted", zh: "已重新统计 \(index) / \(stores.count) 家店铺"))
            let plan = assembly.fleet.plan(of: watched, on: watched.calendar.day(of: today)).rollups
            let found = try await assembly.ledger.verify(watched.store.id, under: plan)
            compared += plan.aggregates.count - found.unbuilt.count
            unbuilt += found.unbuilt.count
            for difference in found.differences {
                let (kept, counted) = (difference.kept, difference.counted)
                let place = "'\(watched.store.id)', \(difference.day), \(difference.aggregate.text)"
                differences.append(
                    Words(
                        en: "store \(place): the bucket holds \(kept.count) (sum \(kept.sum)), "
                            + "the facts give \(counted.count) (sum \(counted.sum))",
                        zh: "店铺 \(place)：汇总为 \(kept.count)（合计 \(kept.sum)），"
                            + "按数据重算为 \(counted.count)（合计 \(counted.sum)）"))
            }
        }
        var words =
            differences.isEmpty
            ? Words(
                en: "\(counted(stores.count, "store")) recounted, \(counted(compared, "aggregate")) compared: "
                    + "every bucket equals its facts.",
                zh: "已重新统计 \(stores.count) 家店铺、\(compared) 项汇总：全部与数据一致。")
            : Words(
                en:
                    "\(differences.count) buckets differ from their facts. Please report it, and keep a copy of the ledger.",
                zh: "有 \(differences.count) 处汇总与数据不符。请反馈此问题，并保留一份账本副本。")
        if unbuilt > 0 {
            words += Words(
                en: " \(unbuilt) aggregates have no buckets yet and are counted from the facts; the daemon, `pull` and "
                    + "`import` build them.",
                zh: "另有 \(unbuilt) 项尚无汇总，直接按数据统计；守护进程、`pull` 与 `import` 会建立它们。")
        }
        return Outcome(differences: differences, words: words)
    }
}
