import Alerts
import Daemon
import Facts
import Foundation

/// Consents, as `auth` tells of them.
enum AuthText {
    private static var tongue: Tongue { Tongue.current }

    // MARK: Asking

    /// The address alone, so that it can be piped; or how else a token is had.
    static func place(_ invitation: AuthTask.Invitation) -> String {
        (invitation.address ?? invitation.access.map { tongue($0) } ?? "") + "\n"
    }

    /// To be sent to the owner as it is.
    static func letter(_ invitation: AuthTask.Invitation) -> String {
        guard let address = invitation.address else { return place(invitation) }
        let (name, platform) = (Terminal.printable(invitation.storeName), invitation.platform)
        let consenting =
            invitation.consenting.map { Words(en: $0.en + "\n\n", zh: $0.zh + "\n\n") } ?? Words(en: "", zh: "")
        return tongue(
            Words(
                en: """
                    We watch the standing of your store “\(name)” at \(platform.en) for you. For that we need your consent \
                    to read its orders, refunds and scores. Please open this address, sign in and consent:

                    \(address)

                    \(consenting.en)You are then led to another page. Please send us the whole address of that page: it holds a \
                    code that is good once, and for a few minutes only. If the page shows an error, its address is what we \
                    need all the same.

                    """,
                zh: """
                    我们为您监控\(platform.zh)店铺「\(name)」的经营指标，需要您授权读取订单、售后与评分数据。请打开以下网址，登录并同意授权：

                    \(address)

                    \(consenting.zh)授权后页面会跳转，请把跳转后的完整网址发给我们：其中的授权码只能使用一次，且只在几分钟内有效。即使跳转后的页面报错，也请发送其网址。

                    """))
    }

    static var question: String {
        tongue(
            "Open this address, consent as the store's owner, and paste the whole address to which you are led:",
            "请打开以上网址，以店主身份授权，然后粘贴跳转后的完整网址：")
    }

    /// The address was printed before.
    static var pasting: String {
        tongue(
            "Paste the whole address to which the platform led back, or the code alone:",
            "请粘贴平台跳转后的完整网址，或仅粘贴授权码：")
    }

    static func later(_ store: String) -> String {
        let store = Terminal.printable(store)
        return tongue(
            "nothing was pasted; later: goodstanding auth \(store) --redirected",
            "未粘贴任何内容；稍后执行：goodstanding auth \(store) --redirected")
    }

    /// What ends soon, on standard error, for whoever reads the list.
    static func expiring(_ expiries: [Expiry]) {
        let now = SystemClock().now
        for expiry in expiries {
            Terminal.note(Tongue.current(Words(en: "warning: ", zh: "警告：") + expiry.words(at: now)))
        }
    }

    static func unchecked(_ grant: Grant) -> String {
        let owner = grant.owner.map { Terminal.printable($0) }
        return tongue(
            "warning: a code alone does not prove which consent it belongs to; make sure that the owner \(owner ?? "at the platform") is the right one, or paste the whole address next time",
            "警告：仅凭授权码无法确认其对应的授权；请核实店主\(owner.map { "（\($0)）" } ?? "")无误，或下次粘贴完整网址")
    }

    /// - Parameter why: what came of asking whose store it is.
    static func untold(_ why: String) -> String {
        tongue(
            "warning: the consent is kept, and the store cannot be pulled yet: \(Terminal.printable(why))",
            "警告：授权已保存，但店铺尚不能拉取：\(Terminal.printable(why))")
    }

    // MARK: What was granted

    /// One grant in full: whose it is, what it allows, and everything that ends.
    static func granted(_ grant: Grant, store: String) -> String {
        var rows = [
            (tongue("store", "店铺"), Terminal.printable(store)),
            (tongue("owner", "店主"), grant.owner.map { Terminal.printable($0) } ?? tongue("not said", "平台未说明")),
            (tongue("scopes", "权限"), scopes(grant)),
        ]
        let others = grant.stores.filter { $0 != store }.map { Terminal.printable($0) }
        if !others.isEmpty {
            rows.append((tongue("shared with", "共用店铺"), others.joined(separator: tongue(", ", "、"))))
        }
        for date in grant.dates { rows.append((tongue("ends", "到期"), "\(date.at)  \(tongue(date.what))")) }
        if grant.dates.isEmpty { rows.append((tongue("ends", "到期"), tongue("not said", "平台未说明"))) }
        if let ends = grant.ends { rows.append((tongue("consent anew by", "最迟重新授权"), "\(ends)")) }
        return rows.map { $0.0 + tongue(": ", "：") + $0.1 + "\n" }.joined()
    }

    private static func scopes(_ grant: Grant) -> String {
        let names = grant.scopes.map { Terminal.printable($0) }
        guard names.count > 8 else { return names.isEmpty ? tongue("not said", "平台未说明") : names.joined(separator: " ") }
        return names.prefix(8).joined(separator: " ") + tongue(" and \(names.count - 8) more", " 等 \(names.count) 项")
    }

    static func warn(of grant: Grant) {
        guard !grant.writing.isEmpty else { return }
        let stores = grant.stores.map { Terminal.printable($0) }
        let names = grant.writing.map { Terminal.printable($0) }.joined(separator: ", ")
        Terminal.note(
            tongue(
                "warning: the consent of \(stores.joined(separator: ", ")) allows more than reading, which is never needed: \(names)",
                "警告：\(stores.joined(separator: "、")) 的授权包含从不需要的写权限：\(names)"))
    }

    static func status(_ access: AuthTask.Access) -> String {
        kept(access)
            + access.expires.map {
                tongue("ends", "到期") + tongue(": ", "：") + "\($0.day)  \(Terminal.printable($0.name))\n"
            }.joined()
    }

    private static func kept(_ access: AuthTask.Access) -> String {
        switch access.kind {
        case .granted(let grant): granted(grant, store: access.store)
        case .configured:
            tongue(
                "what the configuration gives is used; nobody says when it ends\n",
                "正在使用配置中的凭证；其到期时间未知\n")
        case .lacking: lacking(access) + "\n"
        }
    }

    private static func lacking(_ access: AuthTask.Access) -> String {
        let store = Terminal.printable(access.store)
        return tongue("nobody has consented yet: goodstanding auth \(store)", "尚未授权：goodstanding auth \(store)")
    }

    // MARK: All of them

    static func list(_ all: [AuthTask.Access]) -> String {
        guard !all.isEmpty else {
            return tongue(
                "the configuration has no store whose platform is pulled\n", "配置中没有需要拉取平台数据的店铺\n")
        }
        var table = TextTable([
            (tongue("STORE", "店铺"), .left), (tongue("PACK", "规则包"), .left), (tongue("OWNER", "店主"), .left),
            (tongue("ACCESS UNTIL", "令牌有效至"), .left), (tongue("CONSENT ANEW BY", "最迟重新授权"), .left),
            (tongue("ENDS NEXT", "下一到期项"), .left),
        ])
        for access in all {
            var cells = [Terminal.printable(access.store), access.pack]
            switch access.kind {
            case .granted(let grant):
                cells += [
                    grant.owner.map { Terminal.printable($0) } ?? "–",
                    grant.expiresAt.map { "\($0)" } ?? tongue("not said", "未知"),
                    grant.ends.map { "\($0)" } ?? tongue("not said", "未知"), endsNext(access) ?? "–",
                ]
            case .configured:
                cells += ["–", tongue("as configured", "按配置"), tongue("not said", "未知"), endsNext(access) ?? "–"]
            case .lacking:
                let more = endsNext(access).map { tongue("; ", "；") + $0 } ?? ""
                cells += ["–", "–", "–", lacking(access) + more]
            }
            table.add(cells.map { TextTable.Cell($0) })
        }
        return table.text
    }

    /// The first to end of what the platform said and what `expires:` says.
    private static func endsNext(_ access: AuthTask.Access) -> String? {
        var first: (at: Timestamp, text: String)?
        if case .granted(let grant) = access.kind, let date = grant.dates.first {
            first = (date.at, "\(date.at) \(tongue(date.what))")
        }
        if let given = access.expires.first, first.map({ given.at < $0.at }) ?? true {
            first = (given.at, "\(given.day) \(Terminal.printable(given.name))")
        }
        return first?.text
    }

    static func json(_ all: [AuthTask.Access]) -> String {
        JSONValue.object([
            (
                "stores",
                .array(
                    all.map { access in
                        var members: [(String, JSONValue)] = [
                            ("store", .string(access.store)), ("pack", .string(access.pack)),
                        ]
                        switch access.kind {
                        case .granted(let grant): members += [("access", .string("granted"))] + self.members(grant)
                        case .configured: members.append(("access", .string("configured")))
                        case .lacking: members.append(("access", .string("lacking")))
                        }
                        members.append(
                            ("expires", .object(access.expires.map { ($0.name, .string("\($0.day)")) })))
                        return .object(members)
                    })
            )
        ]).text + "\n"
    }

    private static func members(_ grant: Grant) -> [(String, JSONValue)] {
        func moment(_ moment: Timestamp?) -> JSONValue { JSONValue(moment.map { "\($0)" }) }
        return [
            ("owner", JSONValue(grant.owner)), ("scopes", .array(grant.scopes.map { .string($0) })),
            ("writing", .array(grant.writing.map { .string($0) })), ("obtained_at", moment(grant.obtainedAt)),
            ("access_until", moment(grant.expiresAt)), ("refresh_until", moment(grant.refreshExpiresAt)),
            ("consent_until", moment(grant.consentExpiresAt)), ("consent_anew_by", moment(grant.ends)),
            ("ends", .object(grant.others.map { ($0.name, moment($0.at)) })),
        ]
    }

    // MARK: Forgetting

    static func revoked(_ revoked: AuthTask.Revoked) -> String {
        var text =
            revoked.isForgotten
            ? tongue("forgotten here.\n", "已删除本地令牌。\n") : tongue("no tokens were kept.\n", "没有保存的令牌。\n")
        text += tongue(
            "The platform goes on taking what it gave until that ends, or the owner takes the consent back there",
            "平台在到期或店主撤销授权之前仍会接受已发放的令牌")
        text += revoked.revoke.map { tongue(Words(en: ": \($0.en)\n", zh: "：\($0.zh)\n")) } ?? tongue(".\n", "。\n")
        if revoked.isConfigured {
            text += tongue(
                "The configuration still gives a token under credentials:, which goes on being used; take it out.\n",
                "配置的 credentials: 中仍有令牌，将继续使用；请将其删除。\n")
        }
        return text
    }
}
