import Facts

/// Who is let in, where that changed. Of a token it is said that it is another, and not which.
extension FleetDifferences {
    static func access(_ old: AccessTerms, _ new: AccessTerms) -> [FleetComparison] {
        var all = grantees(old.tokens, new.tokens, Words(en: "token", zh: "令牌"))
        all += grantees(
            old.proxy?.people ?? [], new.proxy?.people ?? [], Words(en: "person of the proxy", zh: "代理用户"))
        all.append(
            .values(
                Words(en: "access", zh: "访问"),
                [
                    Value("local", old.local?.rawValue, new.local?.rawValue),
                    Value("metrics", old.hasOpenMetrics ? "open" : "token", new.hasOpenMetrics ? "open" : "token"),
                    Value("header", old.proxy?.header, new.proxy?.header),
                    Value("role", old.proxy?.role?.rawValue, new.proxy?.role?.rawValue),
                    .sealed(
                        "from", old.proxy.map { "\($0.from)" }, new.proxy.map { "\($0.from)" },
                        Words(en: ": from is another", zh: "：from 已更改")),
                ]))
        return all
    }

    private static func grantees(
        _ old: [AccessTerms.Grantee], _ new: [AccessTerms.Grantee], _ what: Words
    ) -> [FleetComparison] {
        var all = [FleetComparison.names(what, old.map(\.id), new.map(\.id))]
        for grantee in new {
            guard let before = old.first(where: { $0.id == grantee.id }) else { continue }
            let who = Words(en: "\(what.en) '\(grantee.id)'", zh: "\(what.zh) '\(grantee.id)'")
            all.append(
                .values(
                    who,
                    [
                        Value("role", before.role.rawValue, grantee.role.rawValue),
                        Value("kinds", kinds(before), kinds(grantee)),
                        Value("until", before.until.map { "\($0)" }, grantee.until.map { "\($0)" }),
                        .sealed("hash", before.hash, grantee.hash, Words(en: ": its token is another", zh: "：令牌已更换")),
                        .sealed(
                            "stores", stores(before), stores(grantee),
                            Words(en: ": its stores are others", zh: "：可访问的店铺已更改")),
                    ]))
        }
        return all
    }

    private static func stores(_ grantee: AccessTerms.Grantee) -> String {
        "\(grantee.stores) \(grantee.labels.sorted { $0.key < $1.key })"
    }

    private static func kinds(_ grantee: AccessTerms.Grantee) -> String? {
        grantee.kinds?.map(\.name).joined(separator: ", ")
    }
}
