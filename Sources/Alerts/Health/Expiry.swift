package import Facts
package import Rules

/// Something that will end, and with it the pulling of stores, unless somebody renews it.
package struct Expiry: Sendable, Hashable {
    /// As the platform calls the credential: `client_secret`; or `consent`, `certificate`, `ca_file`.
    package var name: String
    /// Whom it concerns, by id, rising.
    package var stores: [String]
    /// The account that holds it; nil: the stores themselves.
    package var account: String?
    /// Of a certificate: the host that shows it, or the file in which it stands.
    package var place: String?
    package var ends: Timestamp

    package init(name: String, stores: [String], account: String? = nil, place: String? = nil, ends: Timestamp) {
        (self.name, self.stores, self.account, self.place, self.ends) = (name, stores, account, place, ends)
    }

    package static let certificate = "certificate"
    package static let authority = "ca_file"

    /// With what servers showed: an authority that was seen at work goes before all that its file holds.
    package static func all(_ known: [Expiry], _ shown: [Expiry]) -> [Expiry] {
        let isSeen = shown.contains { $0.name == authority }
        return known.filter { !isSeen || $0.name != authority } + shown
    }

    /// The last of 30, 14 and 3 days before the end that has come, and 0 once it is over; nil: there is time.
    package func stage(at now: Timestamp) -> Int? {
        [0, 3, 14, 30].first { now >= ends - .days(Int64($0)) }
    }

    /// How bad that is: a warning, from three days before the end a breach.
    package func standing(at now: Timestamp) -> Standing {
        stage(at: now).map { $0 > 3 ? .warning : .breach } ?? .ok
    }

    /// It grows with every stage, so that each of them is told.
    package func severity(at now: Timestamp) -> Severity {
        switch stage(at: now) {
        case 14?, 3?: .major
        case 0?: .critical
        default: .minor
        }
    }

    /// The id of its alert: the account, the host or the file belongs to it, as one store or many may rest on them.
    package var key: AlertKey {
        let owner = (account ?? place).map { "." + $0 } ?? ""
        return AlertKey(
            store: owner.isEmpty ? stores.first ?? "" : "", rule: HealthReport.rule("\(Self.source)\(name)\(owner)"))
    }

    static let source = "expiry."

    /// Whole days that are left; 0 on the last and afterwards.
    package func daysLeft(at now: Timestamp) -> Int {
        Int(max(0, (ends - now).microseconds) / TimeSpan.days(1).microseconds)
    }

    /// What an owner renews at the platform, and not whoever manages the application.
    var isOwners: Bool { ["consent", "refresh_token", "access_token", "session", "accessToken"].contains(name) }

    /// `the consent of pdd-1 and 3 more`.
    package var title: Words {
        if let place {
            guard name == Self.certificate else {
                return Words(en: "an authority's certificate in ca_file \(place)", zh: "ca_file \(place) 中的 CA 证书")
            }
            let whose = Expiry.list(stores)
            return Words(en: "the TLS certificate of \(place), \(whose.en)", zh: "\(place) 的 TLS 证书（\(whose.zh)）")
        }
        let whose = account.map { Words(en: "account '\($0)'", zh: "账户 '\($0)'") } ?? Expiry.list(stores)
        return name == "consent"
            ? Words(en: "the consent of \(whose.en)", zh: "\(whose.zh)的授权")
            : Words(en: "\(name) of \(whose.en)", zh: "\(whose.zh)的 \(name)")
    }

    /// When it ends, for people.
    package func when(at now: Timestamp) -> Words {
        if ends <= now { return Words(en: "ended at \(ends)", zh: "已于 \(ends) 到期") }
        let days = daysLeft(at: now)
        return Words(
            en: "ends at \(ends), in \(days == 0 ? "less than a day" : "\(days) day\(days == 1 ? "" : "s")")",
            zh: "将于 \(ends) 到期，剩余\(days == 0 ? "不足 1 天" : " \(days) 天")")
    }

    /// Who can renew it, and how.
    package var remedy: Words {
        if let place {
            guard name == Self.certificate else {
                return Words(
                    en:
                        "whoever runs the authority gives out its next certificate; add it to \(place) beside the old one, then restart the daemon",
                    zh: "由该 CA 的管理员提供新证书；追加到 \(place)（保留旧证书），然后重启守护进程")
            }
            return Words(
                en:
                    "whoever runs the server of \(place) renews it there; where a program does that by itself (ACME, certbot), find out why it did not. Once it is over nothing is pulled from there",
                zh: "由 \(place) 的服务器管理员续期；如由程序自动续期（ACME、certbot），请查明为何未续。到期后将无法拉取")
        }
        let store = stores.first ?? "STORE"
        if isOwners {
            return Words(
                en:
                    "the store's owner renews it, signed in with the main account: goodstanding auth '\(store)' (--text prints a text to send to the owner)",
                zh: "由店主以主账号重新授权：goodstanding auth '\(store)'（--text 可生成发给店主的说明）")
        }
        return Words(
            en:
                "whoever manages the application at the platform's developer console makes a new one there, puts it where `credentials:` points, sets its new day under `expires:` and reloads",
            zh: "由应用管理员在平台开放平台后台生成新的，更新 `credentials:` 指向的位置和 `expires:` 中的日期，然后重新加载配置")
    }

    /// What stops with it.
    package var consequence: Words {
        guard stores.count > 1 else {
            return Words(en: "once it is over nothing is pulled by it", zh: "到期后将无法拉取数据")
        }
        let shown = stores.prefix(5).joined(separator: ", ") + (stores.count > 5 ? ", …" : "")
        return Words(
            en: "once it is over nothing is pulled of \(stores.count) stores (\(shown))",
            zh: "到期后 \(stores.count) 家店铺将无法拉取数据（\(shown)）")
    }

    /// All of it in one line.
    package func words(at now: Timestamp) -> Words {
        title + Words(en: " ", zh: "") + when(at: now) + Words(en: ": ", zh: "：") + remedy
    }

    private static func list(_ stores: [String]) -> Words {
        guard let first = stores.first else { return Words(en: "no store", zh: "（无店铺）") }
        let more = stores.count - 1
        return more == 0
            ? Words(en: "store '\(first)'", zh: "店铺 '\(first)'")
            : Words(en: "store '\(first)' and \(more) more", zh: "店铺 '\(first)' 等 \(more + 1) 家")
    }
}
