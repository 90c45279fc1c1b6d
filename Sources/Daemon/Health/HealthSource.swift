import Alerts
import Facts
import Ledgers
import Rules

/// Who brings a store's data, as an alert about it names them.
struct HealthSource: Hashable {
    /// Whom it is brought together with: all stores of one platform, all of one feed.
    enum Group: Hashable {
        case platform(pack: String)
        case feed(String)
        case file
        /// Those that show a platform the same key: whom the configuration puts under one account.
        case account(String, pack: String)
        /// Those of a platform that each show a key of their own.
        case owners(pack: String)

        /// What stands after `health:` in the alert that speaks for many stores.
        var id: String {
            switch self {
            case .platform(let pack): pack
            case .feed(let id): "feed." + id
            case .file: "file"
            case .account(let id, _): "account." + id
            case .owners(let pack): "access." + pack
            }
        }
    }

    let name: SourceName

    /// What stands after `health:`.
    var id: String {
        switch name {
        case .platform: "platform"
        case .feed(let id): "feed." + id
        case .file: "file"
        case .hand: "hand"
        }
    }

    func group(of watched: Watched) -> Group {
        switch name {
        case .platform: .platform(pack: watched.pack.name)
        case .feed(let id): .feed(id)
        case .file, .hand: .file
        }
    }

    /// Whom the platform refuses where it refuses this one, if it is not about this one alone.
    func refusal(of watched: Watched) -> Group? {
        guard name == .platform else { return nil }
        let pack = watched.pack.name
        return watched.access?.account.map { .account($0, pack: pack) } ?? .owners(pack: pack)
    }

    var bringer: Words {
        switch name {
        case .platform: Words(en: "the platform", zh: "平台")
        case .feed(let id): Words(en: "the feed '\(id)'", zh: "数据源 '\(id)'")
        case .file: Words(en: "imported files", zh: "导入文件")
        case .hand: Words(en: "anybody", zh: "任何来源")
        }
    }

    /// What to do where a platform refuses many at once; nil: that is not about a platform.
    static func remedyForAll(_ group: Group) -> Words? {
        switch group {
        case .platform, .feed, .file: nil
        case .account(let id, _):
            Words(
                en:
                    "look whether the application's key was changed, blocked or lost a right; correct credentials: of account '\(id)' and reload. goodstanding doctor looks again",
                zh: "检查应用密钥是否已更换、被停用或失去权限；更正账号 '\(id)' 的 credentials: 并重新加载。可用 goodstanding doctor 复查")
        case .owners:
            Words(
                en:
                    "look whether the platform has changed what it takes, or their consents have ended together: goodstanding auth STORE has one renewed. goodstanding doctor looks again",
                zh: "检查平台是否变更了授权方式，或这些店铺的授权同时到期：可用 goodstanding auth 店铺 重新授权。可用 goodstanding doctor 复查")
        }
    }

    /// What to do, by what is wrong.
    func remedy(_ cause: HealthCause, _ store: String) -> Words {
        switch (cause, name) {
        case (.auth, .platform):
            Words(
                en:
                    "the store's owner consents anew: goodstanding auth '\(store)'; where the application's key was changed, correct credentials: and reload. goodstanding doctor looks again",
                zh: "由店主重新授权：goodstanding auth '\(store)'；若应用密钥已更换，请更正 credentials: 并重新加载。可用 goodstanding doctor 复查")
        case (.auth, _):
            Words(
                en:
                    "compare the feed's headers: with what its server takes, then reload; goodstanding doctor looks again",
                zh: "核对数据源的 headers: 与服务器要求是否一致，然后重新加载；可用 goodstanding doctor 复查")
        case (.right, _):
            Words(
                en:
                    "goodstanding doctor says which right is lacking: give it to the application, or have the owner consent to it; a store that does without is told of once this is acknowledged",
                zh: "goodstanding doctor 会说明缺少哪项权限：请为应用开通，或由店主授权；若店铺不需要，确认此告警即可")
        case (.throttled, _):
            Words(
                en:
                    "it is asked again by itself; where other programs use the same application, they use up its limit: goodstanding pull --plan shows our part",
                zh: "会自动重试；若有其他程序共用同一应用，也会占用额度：goodstanding pull --plan 可查看本程序用量")
        case (.schema, _):
            Words(
                en: "goodstanding doctor says what could not be read; what was set aside is mended at its source",
                zh: "goodstanding doctor 会说明无法解析的内容；被隔离的数据需在来源处更正")
        case (.empty, _):
            Words(
                en:
                    "look into the seller's back end whether the store really sells nothing; else the application may have lost a right",
                zh: "请在商家后台确认是否确无订单；否则可能是应用失去了权限")
        case (.reconcile, _):
            Words(
                en: "goodstanding reconcile shows where they part", zh: "goodstanding reconcile 可查看差异所在")
        case (.internal, _):
            Words(
                en: "the log says what cannot be used; goodstanding doctor looks again",
                zh: "日志中有具体原因；可用 goodstanding doctor 复查")
        case (.partial, .file):
            Words(en: "import the file again, to its end", zh: "请重新导入该文件，直到结束")
        case (.stale, .file):
            Words(en: "import a newer file: goodstanding import", zh: "请导入更新的文件：goodstanding import")
        case (.stale, .hand):
            Words(
                en: "nobody brings its facts: give it an account: or credentials:, or bring them by a feed or files",
                zh: "没有来源提供其数据：请配置 account: 或 credentials:，或通过数据源、文件导入")
        // Of what ends whoever knows it says what to do.
        case (.stale, _), (.partial, _), (.expiry, _), (.clock, _):
            Words(
                en: "it is asked again by itself; if it lasts, goodstanding doctor says whether it can be reached",
                zh: "会自动重试；若持续，可用 goodstanding doctor 检查能否连通")
        }
    }
}
