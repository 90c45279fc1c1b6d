import Daemon
import Facts
import Rules

/// What can still be contested, the nearest deadline first.
enum AppealsPage {
    static func page(_ request: PageRequest, _ assembly: Assembly) async throws -> Page {
        let tongue = request.tongue
        let cases = try await AppealsTask(.running(assembly), glob: nil).run()
            .filter { request.caller.mayRead($0.store) }
        return Page(
            template: "appeals", title: Words(en: "Appeals", zh: "申诉"), section: .appeals,
            view: ["hasCases": !cases.isEmpty, "cases": cases.map { view($0, tongue) }])
    }

    private static func view(_ item: AppealsTask.Case, _ tongue: Tongue) -> View {
        let rule = item.evaluation
        return [
            "storeUrl": Link.store(item.store.id), "store": item.store.name,
            "ruleUrl": Link.rule(rule.rule.id, of: item.store.id), "rule": tongue(rule.rule.title),
            "standing": rule.announced.rawValue, "standingTitle": tongue(rule.announced.title),
            "worth": item.appeals.isEmpty ? false : tongue.shown(AppealWords.worth(item, tongue, printable: { $0 })),
            "hasAppeals": !item.appeals.isEmpty,
            "appeals": item.appeals.map { appeal -> View in
                [
                    "deadline": appeal.deadline.map { item.calendar.shownEnd($0, tongue) } ?? "–",
                    "kind": tongue(appeal.kind.title),
                    "id": appeal.id, "order": appeal.order ?? "–",
                    "reason": appeal.reason.map { ReasonText.text($0, tongue) } ?? "–",
                    "state": appeal.isOpen ? tongue("under way", "进行中") : tongue("not begun", "未发起"),
                ]
            },
            "undated": item.undated > 0
                ? tongue(
                    "\(counted(item.undated, "fact")) behind it without a known deadline; a mark can set one.",
                    "另有 \(item.undated) 条未知申诉截止日，可通过标记设置。") : false,
        ]
    }
}
