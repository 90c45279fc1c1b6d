package import Facts
package import Language
import Rules

extension CallPlan.Use {
    /// `100 a day`, `10 in 1s`, `100 points in 1s`.
    package var limitWords: Words {
        let unit = limit.cost == nil ? Words(en: "", zh: " 次") : Words(en: " points", zh: " 点")
        return limit.per == .days(1)
            ? Words(en: "\(limit.amount)\(unit.en) a day", zh: "每天 \(limit.amount)\(unit.zh)")
            : Words(
                en: "\(limit.amount)\(unit.en) in \(limit.per.written)",
                zh: "每 \(limit.per.written) \(limit.amount)\(unit.zh)")
    }

    /// What is counted a day.
    package var dailyWords: Words {
        limit.cost == nil
            ? Words(en: "\(daily) calls", zh: "\(daily) 次调用") : Words(en: "\(daily) points", zh: "\(daily) 点")
    }

    /// The methods that it counts.
    package var streamWords: Words {
        limit.streams.isEmpty
            ? Words(en: "all methods", zh: "全部接口") : Words(limit.streams.joined(separator: ", "))
    }

    /// Who needs how much of what, and what would do.
    package var words: Words {
        let who =
            stores.count == 1
            ? Words(en: "store '\(stores[0])' needs", zh: "店铺 '\(stores[0])' 需要")
            : Words(
                en: "the \(stores.count) stores of '\(application)' need",
                zh: "'\(application)' 的 \(stores.count) 家店铺需要")
        let need = Words(
            en: " \(dailyWords.en) a day (\(streamWords.en)), and "
                + (limit.isOurs
                    ? "'\(pack)' states no limit, so that we keep to \(limitWords.en): "
                    : "'\(pack)' allows \(limitWords.en): "),
            zh: "每天 \(dailyWords.zh)（\(streamWords.zh)），而 '\(pack)' "
                + (limit.isOurs ? "未公布限额，本程序自限\(limitWords.zh)：" : "允许\(limitWords.zh)："))
        let half = Words(
            en: "a plan keeps to half of a limit, here \(allowed / 2) a day",
            zh: "计划最多使用限额的一半，此处为每天 \(allowed / 2) \(limit.cost == nil ? "次" : "点")")
        return who + need + half + remedy + grant
    }

    /// What is pulled until the configuration is changed: whoever watches is not stopped by one platform.
    package var meanwhile: Words {
        switch fits?.change {
        case .stores(let every):
            return Words(
                en: "until then \(stores.count == 1 ? "it is" : "each is") pulled every \(every.written)",
                zh: "在此之前按每 \(every.written) 拉取一次")
        case .stream(let stream, let every):
            return Words(
                en: "until then \(stream) is asked for every \(every.written)",
                zh: "在此之前 \(stream) 按每 \(every.written) 读取一次")
        case .fewer(_, let every):
            let left = stores.dropFirst(pulled.count)
            let (first, more) = (left.first ?? "", left.count - 1)
            return Words(
                en:
                    "until then the first \(pulled.count) in the file are pulled, every \(every.written), and '\(first)'\(more > 0 ? " and \(more) more are" : " is") not: what rests on it is unknown",
                zh:
                    "在此之前只按每 \(every.written) 拉取文件中的前 \(pulled.count) 家，'\(first)'\(more > 0 ? " 等 \(more + 1) 家" : "")不拉取，相关指标为未知"
            )
        case nil:
            return Words(
                en: "until then \(stores.count == 1 ? "it is" : "they are") not pulled: what rests on it is unknown",
                zh: "在此之前不拉取，相关指标为未知")
        }
    }

    /// Of a limit of ours: where what the platform really allows is written.
    private var grant: Words {
        guard limit.isOurs, limit.scope == .application else { return Words(en: "", zh: "") }
        return Words(
            en: "; if the platform allows the application more, write `calls_per_second:` at its entry in accounts:",
            zh: "；如平台允许该应用更高频率，请在 accounts: 的对应条目中填写 `calls_per_second:`")
    }

    private var remedy: Words {
        guard let fits else {
            if limit.isOurs {
                return Words(en: "; nothing else that can be configured fits", zh: "；其他配置均无法满足")
            }
            return Words(
                en: "; nothing that can be configured fits: ask the platform for a higher limit",
                zh: "；任何配置都无法满足：请向平台申请更高的限额")
        }
        let at = stores.count == 1 ? Words(en: "", zh: "") : Words(en: " at each of them", zh: "（每家店铺）")
        let (unit, zh) = limit.cost == nil ? ("calls", "次") : ("points", "点")
        let then = Words(en: ", \(fits.daily) \(unit) a day", zh: "，每天 \(fits.daily) \(zh)")
        switch fits.change {
        case .stores(let every):
            return Words(
                en: "; nearest that fits: `every: \(every.written)`", zh: "；最接近的可行配置：`every: \(every.written)`") + at
                + then
        case .stream(let stream, let every):
            let entry = "`streams: {\(stream): {every: \(every.written)}}`"
            return Words(en: "; nearest that fits: \(entry)", zh: "；最接近的可行配置：\(entry)") + at + then
        case .fewer(let count, let every):
            return Words(
                en: "; nearest that fits: \(counted(count, "store")) with `every: \(every.written)`",
                zh: "；最接近的可行配置：只接入 \(count) 家店铺，`every: \(every.written)`") + then
        }
    }
}

extension CallPlan {
    /// What stands in the way, each at the entry of the first store that it is about.
    package func faults(in fleet: Fleet) -> [Diagnostic] {
        uses.filter(\.isTooMuch).compactMap { use in
            let subject = StoreEntry.Subject.id(use.stores[0])
            return fleet.config.stores.first { $0.subject == subject }.map {
                Diagnostic(.error, use.words.en, at: $0.place, in: $0.source)
            }
        }
    }
}
