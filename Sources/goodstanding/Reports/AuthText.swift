import Daemon
import Facts
import Foundation

/// Consents, as `auth` tells of them.
enum AuthText {
    static func request(_ address: String, store: String, isToSend: Bool) -> String {
        guard isToSend else { return address + "\n" }
        return Tongue.current(
            Words(
                en: """
                    We watch the standing of your store '\(store)' for you. For that we need your consent to read its orders, \
                    refunds and scores. Please open this address, sign in with the store's main account and consent:

                    \(address)

                    You are then led to another page. Please send us the whole address of that page: it holds a code that is \
                    good for a few minutes.

                    """,
                zh: """
                    我们为您监控店铺「\(store)」的经营指标，需要您授权读取订单、售后与评分数据。请用店铺主账号登录以下地址并同意授权：

                    \(address)

                    授权后页面会跳转，请把跳转后的完整网址发给我们：其中的授权码只在几分钟内有效。

                    """))
    }

    static var question: String {
        Tongue.current(
            Words(
                en:
                    "Open this address, consent as the store's owner, and paste the whole address to which you are led:",
                zh: "请打开以上地址，以店铺主账号授权，然后粘贴跳转后的完整网址："))
    }

    static func later(_ store: String) -> String {
        Tongue.current(
            Words(
                en: "Later: goodstanding auth \(store) --redirected ADDRESS",
                zh: "稍后执行：goodstanding auth \(store) --redirected 网址"))
    }

    static func granted(_ grant: AuthTask.Grant) { list([grant]) }

    static func list(_ grants: [AuthTask.Grant]) {
        guard !grants.isEmpty else {
            Terminal.note(
                Tongue.current(
                    Words(en: "no tokens are kept; see goodstanding auth STORE", zh: "没有保存的令牌；参见 goodstanding auth 店铺"))
            )
            return
        }
        var table = TextTable(
            Tongue.current(
                Words(en: "stores\towner\taccess until\tconsent until\tscopes", zh: "店铺\t店主\t令牌有效至\t授权有效至\t权限")
            ).split(separator: "\t").map { (String($0), TextTable.Alignment.left) })
        for grant in grants {
            let unknown = Tongue.current(Words(en: "not said", zh: "未知"))
            let cells = [
                grant.stores.joined(separator: ", "), grant.owner ?? "—", grant.expiresAt.map { "\($0)" } ?? unknown,
                grant.ends.map { "\($0)" } ?? unknown, grant.scopes.isEmpty ? "—" : grant.scopes.joined(separator: " "),
            ]
            table.add(cells.map { TextTable.Cell($0) })
        }
        Terminal.write(table.text)
        for grant in grants where !grant.writing.isEmpty {
            Terminal.note(
                Tongue.current(
                    Words(
                        en:
                            "warning: the consent of \(grant.stores.joined(separator: ", ")) allows more than reading: \(grant.writing.joined(separator: ", "))",
                        zh: "警告：\(grant.stores.joined(separator: "、")) 的授权包含写权限：\(grant.writing.joined(separator: "、"))"
                    )))
        }
    }
}
