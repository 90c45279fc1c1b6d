import Curl
import Facts
import Pull
import Rules

/// One harmless look at what is pulled: a page of each list is asked for, and nothing of it is kept.
struct SourceLook: Sendable {
    let fleet: Fleet
    let transport: any Transport
    let tokens: TokenKeeper
    let clock: any WallClock
    /// Looks come no faster than pulls.
    private let gate = RateGate()

    typealias Finding = DoctorTask.Finding

    init(fleet: Fleet, transport: any Transport, tokens: TokenKeeper, clock: any WallClock) {
        (self.fleet, self.transport, self.tokens, self.clock) = (fleet, transport, tokens, clock)
    }

    /// What one list answered.
    private struct Answer {
        /// nil for a feed, which has one only.
        var list: String?
        var reply: Reply?
        var page: Page?
        var error: PullError?
        /// The path at which it was asked.
        var path: String?
    }

    /// - Parameter all: of each list, and so of each right that is needed; else of the first alone.
    func answers(_ subject: PullSubject, all: Bool) async -> [Finding] {
        do {
            var credentials = try await subject.credentials(tokens)
            var found = await ask(subject, credentials, all: all)
            // A token may have ended though nobody was told: with a new one it may go well.
            if found.contains(where: { $0.error?.isExpiry ?? false }), let token = subject.token(in: credentials) {
                credentials = try await subject.credentials(tokens, refused: token)
                found = await ask(subject, credentials, all: all, isNew: true)
            }
            return clockFindings(found, subject.words) + findings(found, subject)
        } catch {
            return [.bad("\(subject.words.en): \(error)", zh: "\(subject.words.zh)：\(error)")]
        }
    }

    /// - Parameter isNew: the access token was got just now.
    private func ask(
        _ subject: PullSubject, _ credentials: [String: Secret], all: Bool, isNew: Bool = false
    ) async -> [Answer] {
        let key = BuyerKey(bytes: [UInt8](repeating: 0, count: 32))
        let decoding = FactDecoding(buyerKey: key) { _ in .unwatched }
        var source = subject.source(decoding, in: fleet, at: clock.now, credentials: credentials)
        if isNew, let platform = source as? PlatformSource { source = platform.trustingToken(at: clock.now) }
        var state = PullState()
        state.begin(at: clock.now, reach: source.reach)
        var places: [(list: String?, state: PullState)] = [(nil, state)]
        if let platform = source as? PlatformSource {
            // As if all were known but the last hour: what is asked each time, and little to answer.
            (state.finishedRequestAt, state.updatedAfter) = (clock.now - .hours(1), clock.now - .hours(1))
            let lists = platform.lists(state)
            places = (all ? lists : Array(lists.prefix(1))).map { ($0.name, $0.state) }
        }
        var answers: [Answer] = []
        for place in places {
            answers.append(await ask(source, place.list, place.state))
            // One that is not let in at all is not let in at the next list either.
            if answers.count == 1, let error = answers[0].error, error.isExpiry || isUnreachable(error) { break }
        }
        return answers
    }

    private func isUnreachable(_ error: PullError) -> Bool {
        if case .transport = error { true } else { false }
    }

    private func ask(_ source: any Source, _ list: String?, _ state: PullState) async -> Answer {
        var answer = Answer(list: list)
        answer.path = source.asked(after: state)?.path
        do throws(PullError) {
            do {
                try await gate.pass(source.allowances(after: state), isFirst: false, clock: clock)
            } catch { throw PullError.transport(.cancelled) }
            let reply: Reply
            do throws(TransportError) {
                reply = try await transport.send(
                    source.request(
                        after: state, at: Asking(now: clock.now, nonce: UInt64.random(in: 0 ... .max))))
            } catch {
                throw PullError.transport(error)
            }
            answer.reply = reply
            answer.page = try source.page(from: reply, after: state, at: clock.now)
        } catch {
            answer.error = error
        }
        return answer
    }

    // MARK: What is to be said of it

    private func findings(_ answers: [Answer], _ subject: PullSubject) -> [Finding] {
        let words = subject.words
        var findings: [Finding] = []
        let good = answers.filter { $0.page != nil && $0.page?.refused == nil }
        if let first = good.first {
            let facts = good.reduce(0) { $0 + ($1.page?.facts.count ?? 0) }
            let milliseconds = Int(((first.reply?.elapsed ?? .zero) / .milliseconds(1)).rounded())
            let lists = good.compactMap(\.list).joined(separator: ", ")
            let (en, zh) =
                lists.isEmpty
                ? ("\(counted(facts, "fact")) on its first page", "首页 \(facts) 条数据")
                : ("\(lists) can be read", "可读取 \(lists)")
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
                said[place].lists += [answer.list].compactMap { $0 }
            } else {
                said.append((error, answer.path, [answer.list].compactMap { $0 }))
            }
        }
        findings += said.map { finding($0.error, $0.path, $0.lists, of: answers.count, subject) }
        for refusal in answers.compactMap({ $0.page?.refused }) {
            findings.append(
                .doubtful(
                    "\(words.en): without \(refusal); the rest is pulled, and what rests on this is unknown; "
                        + "give the application, or the owner's consent, the right to read it",
                    zh: "\(words.zh)：未取得 \(refusal)；其余数据照常拉取，依赖该数据的结果为未知；请为应用或店主授权开通该读取权限"))
        }
        for answer in good { findings += contents(answer, words) }
        return findings
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
    private func clockFindings(_ answers: [Answer], _ words: Words) -> [Finding] {
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
