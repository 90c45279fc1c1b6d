import Alerts
import Curl
import Facts
import Notify
import Rules

extension FleetDifferences {
    static func changes(of before: ReceiverEntry, to after: ReceiverEntry) -> FleetComparison {
        let what = Words(en: "receiver '\(after.id)'", zh: "接收方 '\(after.id)'")
        let (old, new) = (before.route, after.route)
        let (earlier, later) = (before.writing.message, after.writing.message)
        return .values(
            what,
            [
                Value("kind", before.writing.kind.rawValue, after.writing.kind.rawValue),
                Value("format", before.writing.format.rawValue, after.writing.format.rawValue),
                Value("language", earlier.language.rawValue, later.language.rawValue),
                Value("evidence", earlier.evidence.rawValue, later.evidence.rawValue),
                Value("hold", before.hold.written, after.hold.written),
                Value("when", old.when.writtenIfAny, new.when.writtenIfAny),
                Value("except", old.except?.writtenIfAny, new.except?.writtenIfAny),
                Value("group", old.grouping?.written, new.grouping?.written),
                Value("remind", old.remind?.written, new.remind?.written),
                Value("after", old.after?.written, new.after?.written),
                Value("quiet", old.quiet?.written, new.quiet?.written),
                Value("digest", old.digest?.written, new.digest?.written),
                Value("fallback", before.fallback, after.fallback),
                Value("expire", before.expires.written, after.expires.written),
                Value("after_outage", before.afterOutage.rawValue, after.afterOutage.rawValue),
                .sealed(
                    "template", earlier.template.map { "\($0)" }, later.template.map { "\($0)" },
                    Words(en: ": its template is another", zh: "：模板已更改")),
                .sealed("address", text(of: before.address), text(of: after.address), addressIsAnother),
                .sealed(
                    "secret", before.secret?.reveal(), after.secret?.reveal(),
                    Words(en: ": its secret is another", zh: "：密钥已更换")),
            ])
    }

    private static func text(of address: ReceiverAddress) -> String {
        let parts: [String] =
            switch address {
            case .web(let servers, let chat): ["web", chat ?? ""] + servers.map { $0.reveal() }
            case .mail(let mail): ["mail", mail.server.reveal(), mail.from, mail.user ?? ""] + mail.to
            case .program(let words): ["program"] + words
            }
        return parts.joined(separator: "\n")
    }
}
