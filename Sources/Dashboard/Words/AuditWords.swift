import Facts

/// Acts of the audit as people read them; the word itself, by which one searches, stands beside it.
enum AuditWords {
    static let acts: [String: Words] = [
        "ack": Words(en: "acknowledged", zh: "确认"), "silence": Words(en: "silenced", zh: "静默"),
        "unsilence": Words(en: "ended a silence", zh: "结束静默"), "accept": Words(en: "accepted a breach", zh: "接受不达标"),
        "mark": Words(en: "marked a fact", zh: "标记数据"), "unmark": Words(en: "took a mark back", zh: "撤销标记"),
        "measure": Words(en: "entered readings", zh: "录入读数"),
        "unmeasure": Words(en: "took a reading back", zh: "撤回读数"),
        "import": Words(en: "imported a file", zh: "导入文件"), "push": Words(en: "pushed facts", zh: "推送数据"),
        "invite": Words(en: "asked for a consent", zh: "发起授权"), "consent": Words(en: "took a consent in", zh: "完成授权"),
        "revoke": Words(en: "gave a consent up", zh: "撤销授权"),
        "resume": Words(en: "let go of the ledger", zh: "恢复账本运行"),
        "retry": Words(en: "sent again", zh: "重新发送"), "drop": Words(en: "gave a notice up", zh: "放弃通知"),
        "recheck": Words(en: "had a store checked", zh: "立即复查"), "test": Words(en: "tested a receiver", zh: "测试接收方"),
        "permit": Words(en: "accepted a configuration", zh: "接受配置"),
        "load": Words(en: "took a configuration in", zh: "载入配置"),
    ]

    static let ways: [String: Words] = [
        "page": Words(en: "by a page", zh: "页面"), "api": Words(en: "by the API", zh: "API"),
        "command": Words(en: "by a command", zh: "命令行"), "daemon": Words(en: "by itself", zh: "守护进程"),
    ]
}
