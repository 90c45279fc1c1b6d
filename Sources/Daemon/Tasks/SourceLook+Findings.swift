import Curl
import Facts
import Pull
import Rules

/// What is to be said of what the platform answered.
extension SourceLook {
    func findings(_ found: Answers, _ subject: PullSubject) -> [Finding] {
        let (words, answers) = (subject.words, found.all)
        var findings: [Finding] = []
        let good = answers.filter { $0.page != nil && $0.page?.refused == nil }
        if let first = good.first {
            let facts = good.reduce(0) { $0 + ($1.page?.facts.count ?? 0) }
            let milliseconds = Int(((first.reply?.elapsed ?? .zero) / .milliseconds(1)).rounded())
            let lists = good.compactMap(\.stream?.name).joined(separator: ", ")
            var (en, zh) =
                lists.isEmpty
                ? ("\(counted(facts, "fact")) on its first page", "首页 \(facts) 条数据")
                : ("\(lists) can be read", "可读取 \(lists)")
            let tried = Set(answers.compactMap(\.stream?.name))
            let untried = found.untried.filter { !tried.contains($0) }.joined(separator: ", ")
            if !untried.isEmpty {
                en +=
                    "; nothing is there now of which \(untried) could be asked: whether that can be read nobody knows yet"
                zh += "；目前没有可用于查询 \(untried) 的数据：能否读取尚不可知"
            }
            findings.append(
                .good(
                    "\(words.en) answers in \(milliseconds) ms: \(en)", zh: "\(words.zh) 在 \(milliseconds) 毫秒内响应：\(zh)")
            )
        }
        // Several lists that say the same are said once.
        var said: [(error: PullError, path: String?, lists: [String])] = []
        for answer in answers {
            guard let error = answer.error else { continue }
            if let place = said.firstIndex(where: { $0.error.description == error.description }) {
                said[place].lists += [answer.stream?.name].compactMap { $0 }
            } else {
                said.append((error, answer.path, [answer.stream?.name].compactMap { $0 }))
            }
        }
        findings += said.map { finding($0.error, $0.path, $0.lists, of: answers.count, subject) }
        findings += answers.compactMap { refusal(of: $0, answers, words) }
        for answer in good { findings += contents(answer, words) }
        return findings
    }

    /// Of what is not given, though the rest is pulled.
    private func refusal(of answer: Answer, _ answers: [Answer], _ words: Words) -> Finding? {
        guard let refused = answer.page?.refused, let stream = answer.stream else { return nil }
        // Another list tells the same, and is given.
        if let other = stream.optional?.other,
            answers.contains(where: { $0.stream?.name == other && $0.page != nil && $0.page?.refused == nil })
        {
            return nil
        }
        if isAboutTime(refused) {
            return .bad(
                "\(words.en): \(refused); what is asked is signed by the time: set this machine's clock (timedatectl)",
                zh: "\(words.zh)：\(refused)；请求按时间签名：请校准本机时钟（timedatectl）")
        }
        let (en, zh) =
            stream.isExtra && stream.right == nil
            ? ("what it would add is not known, and the facts stand as their list tells them", "其补充内容未知，数据以列表所示为准")
            : ("what rests on this is unknown", "依赖该数据的结果为未知")
        return .doubtful(
            "\(words.en): without \(refused); the rest is pulled, and \(en); "
                + "give the application, or the owner's consent, the right to read it",
            zh: "\(words.zh)：未取得 \(refused)；其余数据照常拉取，\(zh)；请为应用或店主授权开通该读取权限")
    }

    /// - Parameter path: at which the first of the lists was asked for.
    private func finding(
        _ error: PullError, _ path: String?, _ lists: [String], of all: Int, _ subject: PullSubject
    ) -> Finding {
        let words = subject.words
        let said = subject.store == nil ? "\(error)" : error.ofStore(path: path)
        let names = lists.isEmpty || all == 1 ? "" : " (\(lists.joined(separator: ", ")))"
        var (en, zh) = ("\(words.en)\(names): \(said)", "\(words.zh)\(names)：\(said)")
        if isThrottling(error) {
            en += "; something else uses the same key up: find it, or pull more seldom (every:)"
            zh += "；同一应用的额度被其他程序占用：请查明，或调大 every:"
            return .doubtful(en, zh: zh)
        }
        if isAboutTime(said) {
            en += "; what is asked is signed by the time: set this machine's clock (timedatectl)"
            zh += "；请求按时间签名：请校准本机时钟（timedatectl）"
            return .bad(en, zh: zh)
        }
        if error.needsPerson, lists.count < all {
            en += "; the application, or the owner's consent, lacks the right to read this"
            zh += "；应用或店主授权缺少读取该数据的权限"
        }
        if isUnauthorized(error), isSignedForWantOfTLS(subject) {
            en +=
                "; over plain http its calls are signed by OAuth 1.0a, which this shop may not take: serve it over https, where "
                + "the same key goes as a password, and write that address as the endpoint"
            zh += "；明文 http 下以 OAuth 1.0a 签名，该店铺可能不支持：请改用 https 提供服务（同一密钥作为密码发送），并将其地址填为 endpoint"
        }
        return .bad(en, zh: zh)
    }

    /// Some say in words alone that a signature is of another hour.
    private func isAboutTime(_ said: String) -> Bool {
        let spoken = said.lowercased()
        return ["timestamp", "时间戳"].contains { spoken.contains($0) }
    }

    /// A password is never sent in clear.
    private func isSignedForWantOfTLS(_ subject: PullSubject) -> Bool {
        guard case .store(let watched, let access) = subject, let plan = watched.pack.pull,
            case .basic = plan.authorization
        else { return false }
        return access.endpoint?.hasPrefix("http://") ?? false
    }

    private func isUnauthorized(_ error: PullError) -> Bool {
        switch error {
        case .refused(let status): status == 401
        case .said(let saying): saying.status == 401
        default: false
        }
    }

    private func isThrottling(_ error: PullError) -> Bool {
        switch error {
        case .throttled: true
        case .said(let saying): saying.meaning == .throttled
        default: false
        }
    }

    private func contents(_ answer: Answer, _ words: Words) -> [Finding] {
        guard let page = answer.page else { return [] }
        var findings: [Finding] = []
        if !page.unknownMembers.isEmpty {
            findings.append(
                .doubtful(
                    "\(words.en) sends what the schema does not know, which is dropped: \(page.unknownMembers.words.en)",
                    zh: "\(words.zh) 含有未定义的字段，已丢弃：\(page.unknownMembers.words.zh)"))
        }
        if let first = page.rejections.first {
            findings.append(
                .doubtful(
                    "\(words.en): \(page.rejections.count) of that page cannot be read; the first, "
                        + "\(first.position): \(first.rejection.reason)",
                    zh: "\(words.zh)：该页有 \(page.rejections.count) 条无法读取；第一条 \(first.position)："
                        + "\(first.rejection.reason)"))
        }
        return findings
    }

    /// The other side's clock against ours: windows and signatures rest on both.
    func clockFindings(_ answers: [Answer], _ words: Words) -> [Finding] {
        guard let theirs = answers.lazy.compactMap(\.reply?.date).first else { return [] }
        let seconds = theirs - clock.now.microseconds / 1_000_000
        guard abs(seconds) > 30 else { return [] }
        return [
            .doubtful(
                "\(words.en): its clock is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") ours; "
                    + "set the clocks (timedatectl)",
                zh: "\(words.zh)：其时钟比本机\(seconds > 0 ? "快" : "慢") \(abs(seconds)) 秒；请校准时钟（timedatectl）")
        ]
    }
}
