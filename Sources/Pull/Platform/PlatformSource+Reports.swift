package import Curl
package import Facts
import HTTPTypes
import Rules

/// Reports are asked for in one pull and read in a later one: no pull waits while the platform makes them.
extension PlatformSource {
    /// What is due is put down first, so that over a stop nothing is asked for twice.
    package func noteBegin(of state: inout PullState) {
        for stream in plan.streams {
            guard let report = stream.report, isOfMarket(stream), isDue(stream, state),
                !state.reports.contains(where: { $0.stream == stream.name })
            else { continue }
            let windows = windows(of: stream, state)
            let now = state.firstRequestAt ?? windows.until
            for part in 0..<(report.isTimed ? windows.count : 1) {
                let span: (from: Timestamp?, until: Timestamp) = report.isTimed ? windows[part] : (nil, now)
                state.reports.append(
                    ReportOrder(stream: stream.name, part: part, asOf: now, from: span.from, until: span.until))
            }
        }
    }

    /// What reports tell is covered only once they are read, as of the moment at which they were due.
    package func finish(of state: PullState, until: Timestamp) -> PulledPages.Finish {
        var (known, late) = (kinds, [FactKind: Timestamp]())
        for stream in plan.streams where stream.report != nil && isOfMarket(stream) {
            for kind in stream.facts.map(\.kind) {
                if let told = state.askedAt[stream.name] {
                    late[kind] = min(late[kind] ?? until, told - plan.lag)
                } else {
                    known = FactKinds(known.kinds.filter { $0 != kind })
                }
            }
        }
        // What one list of them withholds makes none of the others whole.
        var withheld = FactKinds()
        for stream in plan.streams where isWithheld(stream, state) && stream.optional?.remainder == nil {
            withheld.formUnion(stream.kinds)
        }
        known = known.subtracting(withheld)
        return PulledPages.Finish(
            kinds: known, from: state.coversFrom, until: until, late: late.filter { known.contains($0.key) },
            // Readings prove nothing of what happened, and each stands by itself.
            withheld: withheld.subtracting(FactKinds(.measure)))
    }

    // MARK: One step

    /// What is to be done for a report next.
    struct ReportStep {
        var call: PullPlan.ReportPlan.Call
        var order: ReportOrder
        var stream: PullPlan.Stream
        var place: PlatformPlace
        var plan: PullPlan.ReportPlan
    }

    /// nil where the state is not at a report.
    func reportStep(in state: PullState) -> ReportStep? {
        let place = place(of: state)
        let stream = stream(at: place)
        guard stream.report != nil, let report = plan.report, let order = order(at: place, state) else { return nil }
        let now = state.firstRequestAt ?? order.asOf
        let isThere = order.id != nil && order.orderedAt.map { $0 + report.valid > now } ?? false
        return ReportStep(
            call: place.page != nil ? .fetch : isThere ? .look : .create, order: order, stream: stream, place: place,
            plan: report)
    }

    func order(at place: PlatformPlace, _ state: PullState) -> ReportOrder? {
        let stream = stream(at: place)
        return state.reports.first { $0.stream == stream.name && $0.part == place.window }
    }

    /// The next part that has its turn in this pull.
    func part(of stream: PullPlan.Stream, after part: Int, _ state: PullState) -> Int? {
        state.reports.filter { order in
            guard order.stream == stream.name, order.part > part else { return false }
            return order.notBefore.map { $0 <= state.firstRequestAt ?? $0 } ?? true
        }.map(\.part).min()
    }

    private func next(after step: ReportStep, _ state: PullState) -> String? {
        var place = PlatformPlace(stream: step.place.stream)
        guard let part = part(of: step.stream, after: step.order.part, state) else {
            return beginning(of: step.place.stream + 1, state)?.text
        }
        place.window = part
        return place.text
    }

    // MARK: Asking

    func request(for step: ReportStep, _ asking: Asking) -> Request {
        var values: [String: String] = [:]
        for credential in plan.credentials { values[credential.name] = credentials[credential.name] }
        func draft(_ path: String, isPost: Bool) -> CallDraft {
            let path = PullPlan.filled(path) { values[$0].map(PercentEncoding.strict) }
            return CallDraft(isPost: isPost, url: address + path, path: path)
        }
        switch step.call {
        case .create:
            values["type"] = step.stream.report?.type
            if step.stream.report?.isTimed ?? false {
                values["from"] = step.order.from.map { step.plan.create.moments.text($0, calendar) }
                values["until"] = step.plan.create.moments.text(step.order.until, calendar)
            }
            var draft = draft(step.plan.create.path, isPost: true)
            draft.json = step.plan.create.json.filled { values[$0] }
            return signed(draft, asking, by: nil)
        case .look:
            values["id"] = step.order.id
            return signed(draft(step.plan.look.path, isPost: false), asking, by: nil)
        case .fetch:
            values["id"] = step.place.page
            return signed(draft(step.plan.fetch.path, isPost: false), asking, by: nil)
        }
    }

    /// Where a document lies tells an address that opens it for whoever has it: it is asked at once, and kept nowhere.
    package func onward(
        from reply: Reply, after state: PullState, at now: Timestamp
    ) throws(PullError) -> Request? {
        guard let step = reportStep(in: state), step.call == .fetch else { return nil }
        let root: JSONNode
        do throws(PullError) {
            root = try answer(reply, now).root
        } catch {
            // What the platform itself refuses is read as any other answer.
            guard error.isFinal else { throw error }
            return nil
        }
        guard let url = root[step.plan.fetch.url]?.text, !url.isEmpty else {
            throw .unreadable("the document of the report \(step.stream.name) has no address")
        }
        var limits = Limits(total: .seconds(300), body: 128 << 20)
        limits.redirects = .sameOrigin
        // It lies on another host, which is not to learn who asks, and is not asked in the open.
        guard url.hasPrefix("https://") || url.hasPrefix(address + "/") || isOnThisMachine(url),
            let request = Request(method: .get, url: url, limits: limits)
        else { throw .unreadable("the document of the report \(step.stream.name) lies at an address without TLS") }
        return request
    }

    /// As an endpoint that is on this machine itself may be, by another name for it or another port.
    private func isOnThisMachine(_ url: String) -> Bool {
        address.hasPrefix("http://")
            && url.prefixMatch(of: /http:\/\/(localhost|127\.[0-9]+\.[0-9]+\.[0-9]+|\[::1\])(:[0-9]+)?\//) != nil
    }

    // MARK: Reading

    func page(
        from reply: Reply, of step: ReportStep, _ state: PullState, at now: Timestamp
    ) throws(PullError) -> Page {
        switch step.call {
        case .create: try created(reply, step, state, now)
        case .look: try looked(reply, step, state, now)
        case .fetch: try fetched(reply, step, state, now)
        }
    }

    private func answer(_ reply: Reply, _ now: Timestamp) throws(PullError) -> JSONDocument {
        let document = PlatformSource.document(reply.body)
        if let error = error(in: reply, document, now) { throw error }
        guard let document else { throw .noJSON("the answer about a report", reply.body) }
        return document
    }

    private func created(
        _ reply: Reply, _ step: ReportStep, _ state: PullState, _ now: Timestamp
    ) throws(PullError) -> Page {
        var reply = reply
        // Created, or taken to be made: both are what is hoped for.
        if reply.status.code == 201 || reply.status.code == 202 { reply.head.status = .ok }
        let root: JSONNode
        do throws(PullError) {
            root = try answer(reply, now).root
        } catch {
            guard error.isFinal else { throw error }
            return refusedPage(of: step, error, reply, state, now)
        }
        guard let id = root[step.plan.create.id]?.text, !id.isEmpty else {
            throw .unreadable("the platform took the report \(step.stream.name) and gave it no id")
        }
        var order = step.order
        (order.id, order.orderedAt, order.notBefore) = (id, now, nil)
        var page = Page(next: next(after: step, state))
        page.reports = [.stands(order)]
        return page
    }

    /// The platform does not give it, for want of a right say: nor would it for another stretch of time. What it would tell
    /// is not vouched for until it is read, and the rest is pulled.
    private func refusedPage(
        of step: ReportStep, _ error: PullError, _ reply: Reply, _ state: PullState, _ now: Timestamp
    ) -> Page {
        var page = Page(next: beginning(of: step.place.stream + 1, state)?.text)
        page.refused = "\(step.stream.name): \(error)"
        page.reports = state.reports.filter { $0.stream == step.stream.name }.map { order in
            var order = order
            order.fail(ReportOrder.refusal + "\(reply.status.code)", at: now)
            return .stands(order)
        }
        return page
    }

    private func looked(
        _ reply: Reply, _ step: ReportStep, _ state: PullState, _ now: Timestamp
    ) throws(PullError) -> Page {
        var (order, page) = (step.order, Page(next: next(after: step, state)))
        let root: JSONNode
        do throws(PullError) {
            root = try answer(reply, now).root
        } catch {
            guard error.isFinal else { throw error }
            if error.needsPerson { return refusedPage(of: step, error, reply, state, now) }
            order.fail("\(reply.status.code)", at: now)
            page.reports = [.stands(order)]
            return page
        }
        let look = step.plan.look
        let status = root[look.status]?.text ?? ""
        if look.made.contains(status) {
            guard let document = root[look.document]?.text, !document.isEmpty else {
                throw .unreadable("the report \(step.stream.name) is made and has no document")
            }
            var place = step.place
            place.page = document
            page.next = place.text
        } else if look.empty.contains(status) {
            page.reports = [.read(order)]
        } else if look.failed.contains(status) {
            order.fail(status, at: now)
            page.reports = [.stands(order)]
        } else if !look.waiting.contains(status) {
            let word = status.isEmpty ? "no state" : "the state \(credentials.masked(status))"
            throw .unreadable("the report \(step.stream.name) has \(word), which the pack does not know")
        }
        return page
    }

    private func items(ofReport document: ReportDocument, _ stream: PullPlan.Stream) throws(PullError) -> [JSONNode] {
        switch stream.report?.format {
        case .tabs: try document.rows(naming: stream.facts)
        case .json, nil: try items(of: try document.json(), stream)
        }
    }

    private func fetched(
        _ reply: Reply, _ step: ReportStep, _ state: PullState, _ now: Timestamp
    ) throws(PullError) -> Page {
        if reply.status.code != 200, case .said(let saying)? = error(in: reply, Self.document(reply.body), now),
            PullError.said(saying).isFinal
        {
            return refusedPage(of: step, .said(saying), reply, state, now)
        }
        // Its address is good for minutes: it is asked for again, and so is the document.
        guard reply.status.code == 200 else { throw .failing(status: reply.status.code) }
        let items: [JSONNode]
        do throws(PullError) {
            items = try self.items(ofReport: ReportDocument(name: step.stream.name, body: reply.body), step.stream)
        } catch {
            // Another document may be none either: it is made anew, and nothing is vouched for until one is read.
            var (order, page) = (step.order, Page(next: next(after: step, state)))
            order.fail("unreadable", at: now)
            (page.refused, page.reports) = ("\(step.stream.name): \(error)", [.stands(order)])
            return page
        }
        var page = facts(
            of: items, step.stream, step.place, state, asOf: step.order.asOf,
            isFirst: state.askedAt[step.stream.name] == nil)
        page.next = next(after: step, state)
        page.reports = [.read(step.order)]
        return page
    }
}
