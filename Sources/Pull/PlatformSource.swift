import Crypto
package import Curl
package import Facts
import Foundation
import HTTPTypes
package import Rules

/// One store's platform, pulled as its pack says.
package struct PlatformSource: Source {
    private let store: Store
    private let calendar: StoreCalendar
    private let plan: PullPlan
    /// Scheme, authority and the path that all others begin with.
    private let address: String
    private let credentials: [String: Secret]
    private let decoding: FactDecoding
    package let reach: TimeSpan?

    package var name: String { "store:" + store.id }
    package var kinds: FactKinds { plan.kinds }
    package var overlap: TimeSpan { plan.overlap }
    package var lag: TimeSpan { plan.lag }
    /// What was changed since a moment is asked for; what the platform changed before it showed it.
    package var asksByClock: Bool { true }

    /// nil where `endpoint`, or the plan's address, is none that can be asked.
    ///
    /// - Parameters:
    ///   - endpoint: in place of the plan's address.
    ///   - credentials: by the names of the plan.
    ///   - reach: how far back the first pull looks; nil: as far as there is anything.
    package init?(
        _ store: Store, calendar: StoreCalendar, plan: PullPlan, endpoint: String?, credentials: [String: Secret],
        reach: TimeSpan?, decoding: FactDecoding
    ) {
        guard var address = endpoint ?? plan.address, Request(method: .get, url: address) != nil,
            plan.credentials.allSatisfy({ credentials[$0] != nil })
        else { return nil }
        while address.hasSuffix("/") { address.removeLast() }
        (self.store, self.calendar, self.plan, self.address) = (store, calendar, plan, address)
        (self.credentials, self.reach, self.decoding) = (credentials, reach, decoding)
    }

    package var fingerprint: String {
        let streams = plan.streams.flatMap { [$0] + ($0.details?.streams ?? []) }
        // Who looks farther back than before has to be told what came before.
        let text =
            [address, kinds.kinds.map(\.name).joined(separator: ","), reach.map { "\($0)" } ?? "all"]
            + streams.map { stream in
                stream.name + stream.path + stream.query.map { $0.name + $0.template }.joined()
            }
        return Digests.lowerHex(Array(SHA256.hash(data: Array(text.joined(separator: " ").utf8)).prefix(8)))
    }

    // MARK: Asking

    private func place(of state: PullState) -> PlatformPlace {
        state.cursor.flatMap { PlatformPlace(text: $0) } ?? PlatformPlace()
    }

    private func stream(at place: PlatformPlace) -> PullPlan.Stream {
        let stream = plan.streams[min(place.stream, plan.streams.count - 1)]
        guard !place.items.isEmpty, let details = stream.details else { return stream }
        return details.streams[min(place.detail, details.streams.count - 1)]
    }

    package func request(after state: PullState, at asking: Asking) -> Request {
        let place = place(of: state)
        let stream = stream(at: place)
        if case .link = stream.paging, place.items.isEmpty, let page = place.page {
            return signed(page, [], asking)
        }
        let values = [
            "from": (state.updatedAfter ?? state.coversFrom).map { stream.moments.text($0, calendar) },
            "since": state.coversFrom.map { stream.moments.text($0, calendar) },
            "until": state.firstRequestAt.map { stream.moments.text($0, calendar) }, "item": place.items.first,
            "cursor": place.items.isEmpty ? place.page : nil, "page": number(of: place, in: stream),
        ].compactMapValues { $0 }
        // What rests on something that is not there is not asked for.
        let query = stream.query.filter { parameter in
            PullPlan.names(in: parameter.template).allSatisfy { values[$0] != nil }
        }.map { (name: $0.name, value: PullPlan.filled($0.template) { values[$0] }) }
        let path = PullPlan.filled(stream.path) { values[$0].map(PercentEncoding.strict) }
        return signed(address + path, query, asking)
    }

    private func number(of place: PlatformPlace, in stream: PullPlan.Stream) -> String? {
        guard case .number(let first) = stream.paging, place.items.isEmpty else { return nil }
        return place.page ?? String(first)
    }

    /// The request with what shows who asks.
    private func signed(_ url: String, _ query: [(name: String, value: String)], _ asking: Asking) -> Request {
        var (query, fields): ([(name: String, value: String)], HTTPFields) = (query, [.accept: "application/json"])
        func secret(_ name: String) -> String { credentials[name]?.reveal() ?? "" }
        switch plan.authorization {
        case .basic(let user, let password) where url.hasPrefix("https://"):
            let pair = Data("\(secret(user)):\(secret(password))".utf8).base64EncodedString()
            fields[.authorization] = "Basic \(pair)"
        case .basic(let user, let password):
            query += [
                ("oauth_consumer_key", secret(user)), ("oauth_nonce", String(asking.nonce, radix: 36)),
                ("oauth_signature_method", "HMAC-SHA256"),
                ("oauth_timestamp", String(asking.now.microseconds / 1_000_000)), ("oauth_version", "1.0"),
            ]
            let signature = Signatures.oauth1(
                method: "GET", url: url, Dictionary(query.map { ($0.name, $0.value) }) { $1 },
                consumerSecret: secret(password))
            query.append(("oauth_signature", signature))
        case .header(let name, let template):
            if let field = HTTPField.Name(name) { fields[field] = PullPlan.filled(template) { secret($0) } }
        }
        var limits = Limits.standard
        limits.redirects = .sameOrigin
        let text = query.map { "\(PercentEncoding.strict($0.name))=\(PercentEncoding.strict($0.value))" }
            .joined(separator: "&")
        let whole = text.isEmpty ? url : url + (url.contains("?") ? "&" : "?") + text
        // proof: the address can be asked; what the pack adds was read as an address, and the rest is percent-encoded.
        return Request(method: .get, url: whole, headers: fields, limits: limits)
            ?? Request(method: .get, url: address, headers: fields, limits: limits)!
    }

    // MARK: Reading

    package func page(from reply: Reply, after state: PullState) throws(PullError) -> Page {
        let place = place(of: state)
        let stream = stream(at: place)
        let opened = reply.body.withUnsafeBytes { bytes in
            Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
        }
        guard case .success(let document) = opened else {
            throw .unreadable("the answer to \(stream.name) is no JSON document")
        }
        guard let list = document.root[stream.items], list.isArray else {
            let place = stream.items.isEmpty ? "" : " at \(stream.items.joined(separator: "."))"
            throw .unreadable("the answer to \(stream.name) has no list\(place)")
        }
        let items = list.elements
        var page = facts(of: items, stream, place, number: state.seen.count + 1)
        page.next = try next(after: place, stream, items, document)?.text
        return page
    }

    private func facts(
        of items: [JSONNode], _ stream: PullPlan.Stream, _ place: PlatformPlace, number: Int
    ) -> Page {
        let mapping = FactMapping(store: store.id, calendar: calendar)
        var (decoder, alike, page) = (decoding.decoder(), AlikeRejections(), Page())
        func reject(_ index: Int, _ rejection: Rejection) {
            page.rejections.append(
                RejectedText(
                    position: "page \(number) of \(stream.name), item \(index + 1)",
                    rejection: alike.numbered(rejection), factsBefore: page.facts.count))
        }
        for (index, item) in items.enumerated() {
            for rule in stream.facts {
                for (kind, line) in mapping.lines(item, rule, item: place.items.first) {
                    switch line {
                    case .failure(let fault):
                        reject(
                            index,
                            Rejection(
                                reason: fault.words, store: store.id, kind: kind,
                                text: "{\"kind\":\"\(kind.name)\"}"))
                    case .success(let line):
                        switch decoder.decode(line: line) {
                        case .fact(let fact): page.facts.append(fact)
                        case .rejected(let rejection): reject(index, rejection)
                        case .mark, .coverage: break
                        }
                    }
                }
            }
        }
        return page
    }

    /// nil: that was all.
    private func next(
        after place: PlatformPlace, _ stream: PullPlan.Stream, _ items: [JSONNode], _ document: JSONDocument
    ) throws(PullError) -> PlatformPlace? {
        var next = place
        if !place.items.isEmpty, let details = plan.streams[min(place.stream, plan.streams.count - 1)].details {
            next.detail += 1
            if next.detail == details.streams.count {
                next.detail = 0
                next.items.removeFirst()
            }
            if !next.items.isEmpty { return next }
            if !next.isLastPage { return next }
            return beginning(of: place.stream + 1)
        }
        next.page = try page(after: place, stream, items, document)
        if let details = stream.details {
            for item in items {
                // Where nothing says whether there is any, none can be said to be missing.
                guard let some = item[details.of], let id = item[details.item]?.text, !id.isEmpty else {
                    throw .unreadable("an item of \(stream.name) lacks \(details.of.joined(separator: ".")) or its id")
                }
                if some.holdsSomething { next.items.append(id) }
            }
        }
        next.isLastPage = next.page == nil
        if !next.items.isEmpty || !next.isLastPage { return next }
        return beginning(of: place.stream + 1)
    }

    private func beginning(of stream: Int) -> PlatformPlace? {
        guard stream < plan.streams.count else { return nil }
        var place = PlatformPlace()
        place.stream = stream
        return place
    }

    private func page(
        after place: PlatformPlace, _ stream: PullPlan.Stream, _ items: [JSONNode], _ document: JSONDocument
    ) throws(PullError) -> String? {
        switch stream.paging {
        case .single: return nil
        // A short page proves nothing: a shop may cap or hide what it lists. The empty one does.
        case .number(let first): return items.isEmpty ? nil : String((place.page.flatMap(Int.init) ?? first) + 1)
        case .cursor(let path):
            let cursor = document.root[path]?.text ?? ""
            return cursor.isEmpty ? nil : cursor
        case .link(let path):
            guard let link = document.root[path]?.text, !link.isEmpty else { return nil }
            // Credentials go to the address that was configured, to what lies under it, and nowhere else.
            guard Request(method: .get, url: link) != nil, link.hasPrefix(address + "/"), !link.contains("/../") else {
                throw .unreadable("the next page of \(stream.name) is at another address than the endpoint")
            }
            return link
        }
    }
}

extension JSONNode {
    /// Neither null nor empty.
    fileprivate var holdsSomething: Bool {
        if isArray { return !elements.isEmpty }
        if isObject { return true }
        return text.map { !$0.isEmpty && $0 != "0" && $0 != "false" } ?? false
    }
}
