import Daemon
import Facts
import Rules

/// What can still be contested, the nearest deadline first.
enum AppealsPage {
    private static let (casesShown, appealsShown) = (25, 20)

    static func page(_ request: PageRequest, _ assembly: Assembly, _ state: DaemonState) async throws -> Page {
        let tongue = request.tongue
        let found = try await state.contests.cases(
            of: await state.wall.view.seen(by: request.caller), in: assembly)
        let (slice, pages) = Paging.slice(found.cases, request, size: casesShown)
        return Page(
            template: "appeals", title: Words(en: "Appeals", zh: "申诉"), section: .appeals,
            view: [
                "hasCases": !slice.isEmpty, "cases": slice.map { view($0, tongue) }, "pages": pages,
                "behind": found.behind > 0
                    ? tongue(
                        "\(counted(found.behind, "store")) \(found.behind == 1 ? "is" : "are") still being looked through, or cannot be read; load the page again in a moment.",
                        "仍有 \(found.behind) 家店铺正在检查或无法读取，请稍后刷新。") : false,
            ])
    }

    private static func view(_ item: AppealsTask.Case, _ tongue: Tongue) -> View {
        let rule = item.evaluation
        return [
            "storeUrl": Link.store(item.store.id), "store": item.store.name,
            "ruleUrl": Link.rule(rule.rule.id, of: item.store.id), "rule": tongue(rule.rule.title),
            "standing": rule.announced.rawValue, "standingTitle": tongue(rule.announced.title),
            "worth": item.appeals.isEmpty ? false : tongue.shown(AppealWords.worth(item, tongue, printable: { $0 })),
            "hasAppeals": !item.appeals.isEmpty,
            "appeals": item.appeals.prefix(appealsShown).map { appeal -> View in
                [
                    "deadline": appeal.deadline.map { item.calendar.shownEnd($0, tongue) } ?? "–",
                    "kind": tongue(appeal.kind.title),
                    "id": appeal.id, "order": appeal.order ?? "–",
                    "reason": appeal.reason.map { ReasonText.text($0, tongue) } ?? "–",
                    "state": appeal.isOpen ? tongue("under way", "进行中") : tongue("not begun", "未发起"),
                ]
            },
            "more": item.count > appealsShown
                ? tongue("and \(item.count - appealsShown) more", "另有 \(item.count - appealsShown) 条") : false,
            "undated": item.undated > 0
                ? tongue(
                    "\(counted(item.undated, "fact")) behind it without a known deadline; a mark can set one.",
                    "另有 \(item.undated) 条未知申诉截止日，可通过标记设置。") : false,
        ]
    }
}
