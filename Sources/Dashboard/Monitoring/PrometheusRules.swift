package import Facts

/// Alert rules for Prometheus over the daemon's own series: for who has Prometheus tell people, and not the daemon.
package enum PrometheusRules {
    struct Alert {
        var name: String
        var query: String
        /// How long it has to be so.
        var lasting: String
        /// nil: the rule's own, which the series bears.
        var severity: String?
        var summary: Words
        var remedy: Words
    }

    static let alerts: [Alert] = [
        Alert(
            name: "GoodstandingBreach", query: "\(Family.ruleStanding) == 2", lasting: "1m",
            summary: Words(
                en: "{{ $labels.store }}: the rule {{ $labels.rule }} is broken",
                zh: "{{ $labels.store }}：规则 {{ $labels.rule }} 不达标"),
            remedy: Words(
                en: "goodstanding explain --store '{{ $labels.store }}' {{ $labels.rule }} says which facts did it.",
                zh: "goodstanding explain --store '{{ $labels.store }}' {{ $labels.rule }} 可查看相关数据。")),
        Alert(
            name: "GoodstandingWarning", query: "\(Family.ruleStanding) == 1", lasting: "5m", severity: "warning",
            summary: Words(
                en: "{{ $labels.store }}: the rule {{ $labels.rule }} is near its limit",
                zh: "{{ $labels.store }}：规则 {{ $labels.rule }} 接近限值"),
            remedy: Words(
                en: "goodstanding explain --store '{{ $labels.store }}' {{ $labels.rule }} says how near.",
                zh: "goodstanding explain --store '{{ $labels.store }}' {{ $labels.rule }} 可查看余量。")),
        Alert(
            name: "GoodstandingUnknown",
            query:
                "max without (rule, severity) (\(Family.storeStanding) == 3 or \(Family.ruleStanding){severity!=\"info\"} == 3)",
            lasting: "2h", severity: "major",
            summary: Words(
                en: "{{ $labels.store }}: nobody knows how it stands", zh: "{{ $labels.store }}：状态未知"),
            remedy: Words(
                en:
                    "Its data is stale, partial or failed: goodstanding check --store '{{ $labels.store }}' says which.",
                zh: "数据过期、不完整或读取失败：见 goodstanding check --store '{{ $labels.store }}'。")),
        // Where not every store has series of its own, what stands above does not see all of them.
        Alert(
            name: "GoodstandingStoresOutside",
            query:
                "\(Family.stores){standing=~\"breach|unknown\"} > 0 and ignoring (standing) \(Family.leftOut) > 0",
            lasting: "10m", severity: "major",
            summary: Words(
                en: "{{ $value }} stores are in {{ $labels.standing }}, and not all have series of their own",
                zh: "{{ $value }} 家店铺状态为 {{ $labels.standing }}，且部分店铺没有独立的时间序列"),
            remedy: Words(en: "goodstanding check names them.", zh: "goodstanding check 可列出。")),
        Alert(
            name: "GoodstandingSourceStale", query: "\(Family.sourceStale) > 0", lasting: "15m", severity: "major",
            summary: Words(
                en: "What {{ $labels.source }} brings is stale at {{ $value }} stores of {{ $labels.pack }}",
                zh: "{{ $labels.source }} 提供的数据在 {{ $labels.pack }} 的 {{ $value }} 家店铺已过期"),
            remedy: Words(
                en: "The daemon's log says why its pulls fail; goodstanding doctor looks at the whole way.",
                zh: "守护进程日志中有拉取失败的原因；goodstanding doctor 可检查整个链路。")),
        Alert(
            name: "GoodstandingPullFailing",
            query: "\(Family.feedFailures) >= 3 or \(Family.failingStores) > 0", lasting: "30m", severity: "minor",
            summary: Words(
                en: "Pulls of {{ $labels.feed }}{{ $labels.pack }} fail",
                zh: "{{ $labels.feed }}{{ $labels.pack }} 拉取失败"),
            remedy: Words(
                en: "The daemon's log says why: a consent that ended, a limit, an address.",
                zh: "守护进程日志中有原因：授权到期、限流或地址错误。")),
        Alert(
            name: "GoodstandingReceiverDown", query: "time() - \(Family.down) > 300", lasting: "1m",
            severity: "critical",
            summary: Words(
                en: "The receiver {{ $labels.receiver }} takes nothing", zh: "接收方 {{ $labels.receiver }} 无法送达"),
            remedy: Words(
                en: "goodstanding outbox list --receiver {{ $labels.receiver }} says what it answers.",
                zh: "goodstanding outbox list --receiver {{ $labels.receiver }} 可查看其应答。")),
        Alert(
            name: "GoodstandingExpiry", query: "\(Family.expiry) - time() < 14 * 86400", lasting: "1h",
            severity: "minor",
            summary: Words(
                en:
                    "{{ $labels.name }} of {{ $labels.store }}{{ $labels.account }}{{ $labels.place }} ends within 14 days",
                zh: "{{ $labels.store }}{{ $labels.account }}{{ $labels.place }} 的 {{ $labels.name }} 将在 14 天内到期"),
            remedy: Words(en: "goodstanding auth list says who renews it.", zh: "goodstanding auth list 可查看由谁续期。")),
        // The dead man: nothing is scraped, or what is scraped no longer judges.
        Alert(
            name: "GoodstandingBlind",
            query: "absent(\(Family.alive)) or \(Family.alive) == 0 or \(Family.ready) == 0", lasting: "10m",
            severity: "critical",
            summary: Words(en: "No store is watched", zh: "店铺未被监控"),
            remedy: Words(
                en: "The daemon is not there, is not scraped, or cannot judge: its log and /readyz say which.",
                zh: "守护进程未运行、未被抓取或无法考核：见其日志和 /readyz。")),
    ]

    package static func text(_ tongue: Tongue) -> String {
        var text = tongue(
            "# Alert rules of goodstanding for Prometheus. These or the `alertmanager` receiver, not both: each tells of every rule.\n",
            "# goodstanding 的 Prometheus 告警规则。请在本规则与 `alertmanager` 接收方之间二选一：两者都会通知每条规则。\n")
        text += "groups:\n- name: goodstanding\n  rules:\n"
        for alert in alerts {
            text += "  - alert: \(alert.name)\n    expr: \(quoted(alert.query))\n    for: \(alert.lasting)\n"
            if let severity = alert.severity { text += "    labels: {severity: \(severity)}\n" }
            text += "    annotations:\n      summary: \(quoted(tongue(alert.summary)))\n"
            text += "      description: \(quoted(tongue(alert.remedy)))\n"
        }
        return text
    }

    /// A JSON string is a YAML string.
    private static func quoted(_ text: String) -> String { JSONValue.string(text).text }
}
