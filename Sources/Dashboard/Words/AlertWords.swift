package import Alerts
package import Facts
package import Rules

extension Alert.State {
    /// For people.
    package var title: Words {
        switch self {
        case .pending: Words(en: "pending", zh: "待确认")
        case .firing: Words(en: "firing", zh: "告警中")
        case .recovering: Words(en: "recovering", zh: "恢复中")
        case .resolved: Words(en: "resolved", zh: "已结束")
        }
    }
}

extension AlertEvent.Kind {
    /// For people.
    package var title: Words {
        switch self {
        case .firing: Words(en: "firing", zh: "触发")
        case .raised: Words(en: "raised", zh: "升级")
        case .lowered: Words(en: "lowered", zh: "降级")
        case .resolved: Words(en: "resolved", zh: "解除")
        case .flapping: Words(en: "flapping", zh: "反复波动")
        case .settled: Words(en: "settled", zh: "恢复稳定")
        case .paused: Words(en: "paused", zh: "暂时恢复")
        case .resumed: Words(en: "resumed", zh: "再次出现")
        }
    }
}

extension NoticeItem.Event {
    /// For people.
    package var title: Words {
        AlertEvent.Kind(rawValue: rawValue)?.title ?? Words(en: "reminder", zh: "提醒")
    }
}

extension AlertReason {
    /// For people.
    package var title: Words {
        switch self {
        case .limit: Words(en: "outside its limit", zh: "超出限值")
        case .worsened: Words(en: "became worse", zh: "加重")
        case .eased: Words(en: "became better", zh: "缓解")
        case .cleared: Words(en: "holds again", zh: "已恢复达标")
        case .rolledOff: Words(en: "by age alone: facts left the window", zh: "仅因旧记录移出统计窗口")
        case .corrected: Words(en: "facts of days already judged were changed", zh: "已考核日期的数据有更正")
        case .limitChanged: Words(en: "the limit is another", zh: "限值已变更")
        case .accepted: Words(en: "somebody answers for it", zh: "已有人接受")
        case .acceptanceOver: Words(en: "nobody answers for it any more", zh: "接受已到期或撤销")
        case .notApplicable: Words(en: "not judged any more", zh: "不再考核")
        case .ruleRemoved: Words(en: "the rule is no longer watched", zh: "规则已不再监控")
        case .storeRemoved: Words(en: "the store is no longer watched", zh: "店铺已不再监控")
        }
    }
}

extension Silence.End {
    /// What ends it, for people.
    package var title: Words {
        switch self {
        case .time: Words(en: "its time is over", zh: "到期")
        case .resolved: Words(en: "it ends", zh: "告警结束")
        case .worse: Words(en: "it ends or grows worse", zh: "告警结束或加重")
        }
    }
}

extension Severity {
    /// For people.
    package var title: Words {
        switch self {
        case .critical: Words(en: "critical", zh: "严重")
        case .major: Words(en: "major", zh: "重要")
        case .minor: Words(en: "minor", zh: "一般")
        case .info: Words(en: "info", zh: "提示")
        }
    }
}
