package import Facts
import Language
import Rules

/// What there is to say of the data of one source at a store, or at many, beyond the event.
package struct HealthReport: Sendable, Hashable {
    /// `platform`, `file`, `feed.ID`; of many stores of one platform its pack.
    package var source: String
    /// Who brings it, for people: `the platform`.
    package var bringer: Words
    package var cause: HealthCause
    /// Up to when what it brings is complete; nil: it never was.
    package var lastSuccess: Timestamp?
    /// Failed pulls since, and what the last one said.
    package var failures = 0
    package var failure: String?
    /// The rules that are not judged now, and of how many.
    package var unjudged: [String] = []
    /// What people call them.
    package var unjudgedTitles: [Words] = []
    package var rules = 0
    /// Until when the rest is judged by what is known.
    package var freshUntil: Timestamp?
    /// Where it speaks for many: how many are so, and of how many.
    package var stores: Share?
    /// What to do.
    package var remedy: Words
    /// What ends, where it is about that.
    package var expiry: Expiry?
    /// How far our clock is from others, where it is about that.
    package var clock: Clock?

    package struct Clock: Sendable, Hashable {
        /// Negative: ours is behind.
        package var ahead: TimeSpan
        /// So many have said so; and one of them.
        package var servers: Int
        package var host: String
        package init(ahead: TimeSpan, servers: Int, host: String) {
            (self.ahead, self.servers, self.host) = (ahead, servers, host)
        }
    }

    package struct Share: Sendable, Hashable {
        package var unhealthy: Int
        package var all: Int
        /// Which are so.
        package var ids: [String]
        package var names: [String]
        package init(unhealthy: Int, all: Int, ids: [String] = [], names: [String] = []) {
            (self.unhealthy, self.all, self.ids, self.names) = (unhealthy, all, ids, names)
        }
    }

    package init(source: String, bringer: Words, cause: HealthCause, remedy: Words) {
        (self.source, self.bringer, self.cause, self.remedy) = (source, bringer, cause, remedy)
    }

    /// Of something that will end, or would have: it may be renewed by now.
    package init(of expiry: Expiry) {
        self.init(
            source: String(expiry.key.rule.dropFirst(Self.rule("").count)), bringer: Words(""), cause: .expiry,
            remedy: expiry.remedy)
        self.expiry = expiry
    }

    /// The id that an alert about it has in the place of a rule's: no rule's id holds a colon.
    package var rule: String { Self.rule(source) }
    package static func rule(_ source: String) -> String { "health:" + source }

    /// What an alert about it is called.
    package var title: Words {
        if let expiry { return expiry.title }
        let words =
            switch cause {
            case .stale where lastSuccess == nil:
                Words(en: "nothing has ever come whole from \(bringer.en)", zh: "\(bringer.zh)从未完整提供数据")
            case .stale: Words(en: "nothing new from \(bringer.en)", zh: "\(bringer.zh)数据未更新")
            case .partial: Words(en: "only a part came from \(bringer.en)", zh: "\(bringer.zh)只提供了部分数据")
            case .auth: Words(en: "\(bringer.en) refuses access", zh: "\(bringer.zh)拒绝访问")
            case .right:
                Words(en: "\(bringer.en) withholds some of what rules rest on", zh: "\(bringer.zh)未开放规则所需的部分数据")
            case .throttled:
                Words(en: "\(bringer.en) lets nothing through: too many requests", zh: "\(bringer.zh)限流，未能取得数据")
            case .schema: Words(en: "what \(bringer.en) sends cannot be read", zh: "\(bringer.zh)返回的数据无法解析")
            case .empty: Words(en: "\(bringer.en) brings nothing, and always did", zh: "\(bringer.zh)返回为空，与以往不符")
            case .reconcile: Words(en: "our figures and those of \(bringer.en) part", zh: "我方数据与\(bringer.zh)不一致")
            case .internal: Words(en: "what came from \(bringer.en) cannot be used here", zh: "\(bringer.zh)的数据在本机无法使用")
            case .clock: Words(en: "this machine's clock and those of others part", zh: "本机时钟与其他服务器不一致")
            case .expiry: cause.title
            }
        guard let stores else { return words }
        return words
            + Words(
                en: ": \(stores.unhealthy) of \(stores.all) stores",
                zh: "：\(stores.all) 家店铺中有 \(stores.unhealthy) 家")
    }

    /// What is wrong, in the place of a standing.
    package func heading(at moment: Timestamp) -> Words {
        guard let expiry, expiry.ends <= moment else { return cause.title }
        return Words(en: "ended", zh: "已到期")
    }

    /// What no longer is judged because of it.
    package var consequence: Words? {
        if let expiry { return expiry.consequence }
        if clock != nil {
            return Words(
                en: "days begin and end at the wrong moment here, and services refuse what is signed by another hour",
                zh: "本机的日界有误，且服务会拒绝时间相差过大的签名")
        }
        if stores != nil {
            return Words(
                en: "what these stores are judged by stands still; alerts of theirs that fire go on firing",
                zh: "这些店铺的考核数据不再更新；已有告警继续保持")
        }
        guard !unjudged.isEmpty else {
            guard let freshUntil else { return nil }
            return Words(
                en: "all is judged yet by what is known; from \(freshUntil) on it is not",
                zh: "目前仍按已有数据考核；\(freshUntil) 起不再考核")
        }
        let titles = unjudgedTitles.count == unjudged.count ? unjudgedTitles : unjudged.map { Words($0) }
        let (shown, more) = (titles.prefix(5), titles.count > 5)
        return Words(
            en:
                "not judged meanwhile: \(unjudged.count) of \(rules) rules (\(shown.map(\.en).joined(separator: ", "))\(more ? ", …" : ""))",
            zh:
                "暂停考核：\(rules) 条规则中的 \(unjudged.count) 条（\(shown.map(\.zh).joined(separator: "、"))\(more ? "、…" : "")）")
    }

    /// For programs.
    package func values(at moment: Timestamp) -> [NamedEstimate] {
        if let expiry {
            return [
                NamedEstimate("ends", .exact(.time(expiry.ends))),
                NamedEstimate("days_left", .exact(.number(Fraction(Int64(expiry.daysLeft(at: moment)))))),
            ]
        }
        if let clock {
            return [NamedEstimate("ahead", .exact(.duration(Fraction(clock.ahead.microseconds))))]
        }
        var values = [
            NamedEstimate("last_success", .exact(lastSuccess.map(Value.time) ?? .missing)),
            NamedEstimate(
                "age",
                .exact(lastSuccess.map { .duration(Fraction(max(0, (moment - $0).microseconds))) } ?? .missing)),
            NamedEstimate("failures", .exact(.number(Fraction(Int64(failures))))),
        ]
        if let stores {
            values.append(NamedEstimate("stores", .exact(.number(Fraction(Int64(stores.unhealthy))))))
            values.append(NamedEstimate("of", .exact(.number(Fraction(Int64(stores.all))))))
        }
        return values
    }

    /// Since when nothing complete has come, and what was said.
    package func course(at moment: Timestamp) -> [Words] {
        if let expiry { return [expiry.when(at: moment)] }
        if let clock {
            let (isAhead, by) = (clock.ahead > .zero, Self.age(max(clock.ahead, .zero - clock.ahead)))
            return [
                Words(
                    en:
                        "ours is \(by.en) \(isAhead ? "ahead" : "behind"), by what \(clock.servers) server\(clock.servers == 1 ? "" : "s") answer, such as \(clock.host)",
                    zh: "本机时钟\(isAhead ? "快" : "慢") \(by.zh)，依据 \(clock.servers) 台服务器的答复，例如 \(clock.host)")
            ]
        }
        var lines: [Words] = []
        if let lastSuccess {
            let age = Self.age(moment - lastSuccess)
            lines.append(
                Words(
                    en: "complete up to \(lastSuccess), \(age.en) ago", zh: "数据完整至 \(lastSuccess)，距今 \(age.zh)"))
        } else if stores == nil {
            lines.append(Words(en: "no pull has ever finished", zh: "从未完成过一次拉取"))
        }
        if let stores, !stores.names.isEmpty {
            let shown = stores.names.prefix(Self.mostNames)
            let more = stores.names.count - shown.count
            lines.append(
                Words(
                    en: "stores: " + shown.joined(separator: ", ")
                        + (more > 0 ? " and \(more) more; all: goodstanding check" : ""),
                    zh: "店铺：" + shown.joined(separator: "、")
                        + (more > 0 ? " 等另有 \(more) 家；全部见 goodstanding check" : "")))
        }
        if failures > 0 {
            lines.append(
                Words(
                    en: "\(failures) pull\(failures == 1 ? "" : "s") failed since"
                        + (failure.map { "; the last: \($0)" } ?? ""),
                    zh: "此后失败 \(failures) 次" + (failure.map { "；最近一次：\($0)" } ?? "")))
        }
        return lines
    }

    /// Of the stores for which it speaks so many are named.
    private static let mostNames = 10

    private static func age(_ span: TimeSpan) -> Words {
        let minutes = max(0, span.microseconds / TimeSpan.minutes(1).microseconds)
        return switch minutes {
        case ..<120: Words(en: "\(minutes) min", zh: "\(minutes) 分钟")
        case ..<(48 * 60): Words(en: "\(minutes / 60) h", zh: "\(minutes / 60) 小时")
        default: Words(en: "\(minutes / 1440) days", zh: "\(minutes / 1440) 天")
        }
    }
}
