import Facts

/// Who is let in, where that changed. Of a token it is said that it is another, and not which.
extension FleetDifferences {
    static func access(_ old: AccessTerms, _ new: AccessTerms) -> [Words] {
        guard old != new else { return [] }
        var words = grantees(old.tokens, new.tokens, Words(en: "token", zh: "令牌"))
        words += grantees(
            old.proxy?.people ?? [], new.proxy?.people ?? [], Words(en: "person of the proxy", zh: "代理用户"))
        words += compared(
            Words(en: "access", zh: "访问"),
            [
                ("local", old.local?.rawValue, new.local?.rawValue),
                ("metrics", old.hasOpenMetrics ? "open" : "token", new.hasOpenMetrics ? "open" : "token"),
                ("header", old.proxy?.header, new.proxy?.header),
                ("role", old.proxy?.role?.rawValue, new.proxy?.role?.rawValue),
            ])
        if old.proxy?.from != new.proxy?.from { words.append(Words(en: "access: from is another", zh: "访问：from 已更改")) }
        return words
    }

    private static func grantees(
        _ old: [AccessTerms.Grantee], _ new: [AccessTerms.Grantee], _ what: Words
    ) -> [Words] {
        var words = names(old.map(\.id), new.map(\.id), what)
        for grantee in new {
            guard let before = old.first(where: { $0.id == grantee.id }), before != grantee else { continue }
            let who = Words(en: "\(what.en) '\(grantee.id)'", zh: "\(what.zh) '\(grantee.id)'")
            words += compared(
                who,
                [
                    ("role", before.role.rawValue, grantee.role.rawValue),
                    ("kinds", kinds(before), kinds(grantee)),
                    ("until", before.until.map { "\($0)" }, grantee.until.map { "\($0)" }),
                ])
            if before.hash != grantee.hash { words.append(who + Words(en: ": its token is another", zh: "：令牌已更换")) }
            if before.stores != grantee.stores || before.labels != grantee.labels {
                words.append(who + Words(en: ": its stores are others", zh: "：可访问的店铺已更改"))
            }
        }
        return words
    }

    private static func kinds(_ grantee: AccessTerms.Grantee) -> String? {
        grantee.kinds?.map(\.name).joined(separator: ", ")
    }
}
