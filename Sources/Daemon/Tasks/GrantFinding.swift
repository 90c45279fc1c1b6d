import Facts

/// What there is to say of a grant: until when it lasts, and whether it allows more than is needed.
enum GrantFinding {
    /// So long before its end somebody is told.
    private static let notice = TimeSpan.days(30)

    static func all(_ grant: Grant, of store: String, at now: Timestamp) -> [DoctorTask.Finding] {
        var findings: [DoctorTask.Finding] = []
        let owner = grant.owner.map { Words(en: " of owner \($0)", zh: "（店主 \($0)）") } ?? Words(en: "", zh: "")
        switch grant.ends {
        case let end? where end <= now:
            findings.append(
                .bad(
                    "store '\(store)': the consent\(owner.en) ended at \(end); goodstanding auth \(store)",
                    zh: "店铺 '\(store)'：授权\(owner.zh)已于 \(end) 到期；请执行 goodstanding auth \(store)"))
        case let end? where end - notice <= now:
            findings.append(
                .doubtful(
                    "store '\(store)': the consent\(owner.en) ends at \(end); ask for a new one: goodstanding auth \(store)",
                    zh: "店铺 '\(store)'：授权\(owner.zh)将于 \(end) 到期；请重新授权：goodstanding auth \(store)"))
        case let end:
            findings.append(
                .good(
                    "store '\(store)': the consent\(owner.en) lasts"
                        + (end.map { " until \($0)" } ?? ", as far as the platform says"),
                    zh: "店铺 '\(store)'：授权\(owner.zh)有效" + (end.map { "至 \($0)" } ?? "，平台未说明到期时间")))
        }
        if !grant.writing.isEmpty {
            let names = grant.writing.joined(separator: ", ")
            findings.append(
                .doubtful(
                    "store '\(store)': the consent allows more than reading, which is never needed: \(names); take those rights from the application and consent anew",
                    zh: "店铺 '\(store)'：授权包含从不需要的写权限：\(names)；请在应用中去掉这些权限并重新授权"))
        }
        return findings
    }
}
