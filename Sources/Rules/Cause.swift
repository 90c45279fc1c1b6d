package import Facts

/// Why a rule stands where it stands.
package enum Cause: Sendable, Hashable {
    /// Ok: everything asked for holds.
    case holds
    /// Breach or warning: a limit is passed.
    case limit
    /// Unjudged: `given` is false.
    case sampleTooSmall
    /// Unjudged: `given` or `require` is missing: nothing to divide by, no rating, no reading.
    case missing
    /// Unjudged: `given` or `require` is missing because a number on the way is too large to be held.
    case overflow
    /// Unjudged: no value of these parameters is known for the store.
    case noParameter([String])
    /// Unjudged: the rule binds only from a later day on.
    case notYetInForce(from: LocalDay)
    /// Unjudged: the rule no longer binds.
    case noLongerInForce(until: LocalDay)
    /// Unjudged: the limit of the rule that it stands in for is known.
    case stoodDown(for: String)
    /// Warning: what stands now is worse than what the platform saw when it last looked, and is what it will see on a
    /// day to come if nothing changes.
    case projected(next: LocalDay)
    /// Unjudged: nobody brings these kinds here, and the pack says that a store may do without.
    case notBrought(FactKinds)
    /// Unknown: of none of the kinds it reads a pull that brought them has finished, nor a file.
    case neverCovered(FactKinds)
    /// Unknown: facts of these kinds stand by another source than the configuration names.
    case unsettled(FactKinds)
    /// Unknown: a source has told a part of these kinds, and more belongs to it.
    case halfTold(FactKinds)
    /// Unknown: the platform does not give this store a list that it rests on, for want of a right.
    case withheld(Words)
    /// Unknown: these kinds are complete only up to a moment too long ago. The oldest first.
    case stale([StaleInput])
    /// Unknown: the newest reading of a measure is too old. Nil: of any measure.
    case staleMeasure(name: String?, newest: Timestamp)
    /// Unknown: a window reaches outside what is complete, and what is known decides nothing.
    case partial
    /// Unknown: ours and the platform's figure of this metric part, and the rule trusts neither.
    case reconcileFailed(metric: String, title: Words, at: Timestamp)
    /// Unknown: too many facts of the store could not be read.
    case quarantined(Int, limit: Int)

    package struct StaleInput: Sendable, Hashable {
        package let kind: FactKind
        package let coveredUntil: Timestamp
    }

    /// For programs; it never changes.
    package var word: String {
        switch self {
        case .holds: "holds"
        case .limit: "limit"
        case .sampleTooSmall: "sample_too_small"
        case .missing: "missing"
        case .overflow: "overflow"
        case .noParameter: "no_limit"
        case .notYetInForce, .noLongerInForce: "not_in_force"
        case .stoodDown: "stood_down"
        case .projected: "projected"
        case .notBrought: "not_brought"
        case .neverCovered: "never_covered"
        case .unsettled: "unsettled"
        case .halfTold: "half_told"
        case .withheld: "withheld"
        case .stale: "stale"
        case .staleMeasure: "stale_measure"
        case .partial: "partial"
        case .reconcileFailed: "reconcile_failed"
        case .quarantined: "quarantined"
        }
    }

    /// For people.
    package var words: Words {
        switch self {
        case .holds: return Words(en: "in good standing", zh: "达标")
        case .limit: return Words(en: "outside its limit", zh: "超出限值")
        case .sampleTooSmall: return Words(en: "the sample is too small to be judged", zh: "样本量不足，暂不考核")
        case .missing: return Words(en: "there is nothing to judge by yet", zh: "暂无数据可供考核")
        case .overflow:
            return Words(
                en: "a number in it is too large to be reckoned with; write the condition with smaller ones",
                zh: "计算过程中数值溢出，请改写该条件")
        case .noParameter(let names):
            let list = names.joined(separator: ", ")
            return Words(
                en: "no value is known for \(list); set it in the pack or in the store's entry",
                zh: "缺少参数 \(list) 的取值，请在规则包或店铺配置中设置")
        case .notYetInForce(let from): return Words(en: "not in force until \(from)", zh: "自 \(from) 起生效")
        case .noLongerInForce(let until): return Words(en: "no longer in force since \(until)", zh: "自 \(until) 起失效")
        case .stoodDown(let rule):
            return Words(en: "not judged, as the limit of \(rule) is known", zh: "规则 \(rule) 的限值已知，本规则不再考核")
        case .projected(let next):
            return Words(
                en: "as it stands now it would be worse at the next assessment, on \(next)",
                zh: "按当前数据，下次考核（\(next)）将变差")
        case .notBrought(let kinds):
            return Words(
                en: "nobody brings \(kinds.kinds.map(\.name).joined(separator: ", ")) of this store",
                zh: "本店尚无\(Cause.names(kinds))数据来源")
        case .neverCovered(let kinds):
            return Words(
                en: "no finished pull and no file has brought \(kinds.kinds.map(\.name).joined(separator: ", ")) yet",
                zh: "\(Cause.names(kinds))数据尚未由任何完成的拉取或文件提供")
        case .unsettled(let kinds):
            return Words(
                en:
                    "\(kinds.kinds.map(\.name).joined(separator: ", ")) stands by another source than the configuration names",
                zh: "\(Cause.names(kinds))数据的来源与配置不符，尚未切换")
        case .halfTold(let kinds):
            return Words(
                en:
                    "a pull or import of \(kinds.kinds.map(\.name).joined(separator: ", ")) is under way, or broke off in its middle",
                zh: "\(Cause.names(kinds))数据的拉取或导入正在进行，或中途中断")
        case .withheld(let why): return why
        case .stale(let inputs):
            let list = inputs.map { "\($0.kind.name) (complete up to \($0.coveredUntil))" }.joined(separator: ", ")
            let zh = inputs.map { "\(Schema[$0.kind].meaning.zh)（完整至 \($0.coveredUntil)）" }.joined(separator: "、")
            return Words(en: "the data is stale: \(list)", zh: "数据已过期：\(zh)")
        case .staleMeasure(let name, let newest):
            return Words(
                en: "the newest reading of \(name ?? "its measure") is of \(newest), which is too old",
                zh: "\(name ?? "指标")的最新读数停留在 \(newest)，已过期")
        case .partial:
            return Words(
                en: "a window reaches outside the data known to be complete", zh: "统计窗口超出已确认完整的数据范围")
        case .reconcileFailed(_, let title, let at):
            return Words(
                en:
                    "what we count and what the platform shows part: \(title.en), as of \(at); `goodstanding reconcile` says how far",
                zh: "我方统计与平台显示的\(title.zh)不一致（截至 \(at)），详见 `goodstanding reconcile`")
        case .quarantined(let count, let limit):
            return Words(
                en: "\(count) facts that are or may be the store's could not be read (at most \(limit) are tolerated)",
                zh: "有 \(count) 条数据无法读取（上限 \(limit) 条）")
        }
    }

    private static func names(_ kinds: FactKinds) -> String {
        kinds.kinds.map { Schema[$0].meaning.zh }.joined(separator: "、")
    }
}
