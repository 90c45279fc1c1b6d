package import Facts

/// Where the pulling of one source stands: a plain value that is committed together with each page, and from which a
/// later pull goes on, in this process or the next.
package struct PullState: Sendable, Hashable {
    /// T of the pull in progress, or of the next one: facts changed after it are asked for. Nil: everything.
    package var updatedAfter: Timestamp?
    /// Where the pull in progress goes on; nil when its first page is still to come, or none is in progress.
    package var cursor: String?
    /// When the first request of the pull in progress was sent; nil when none is in progress.
    package var firstRequestAt: Timestamp?
    /// The cursors that the pull in progress was given.
    package var seen = SeenHashes()
    /// The greatest `updated_at` that any pull of this source has committed.
    package var greatestUpdatedAt: Timestamp?
    /// When the first request of the last finished pull was sent: the source is covered until then. Nil before the
    /// first finished pull.
    package var finishedRequestAt: Timestamp?
    /// The entity tag of the last finished pull, if it had a single page: of a page with others behind it an unchanged
    /// tag would not speak for those.
    package var etag: String?
    /// The other side asked not to be asked again before.
    package var notBefore: Timestamp?
    /// From when on everything is known, where the first pull looked back only so far.
    package var coversFrom: Timestamp?
    /// When parts of a source that are asked for seldom were asked for last, by name.
    package var askedAt: [String: Timestamp] = [:]
    /// Lists that the source withheld when they were asked for last, by name, with when that pull began.
    package var withheld: [String: Timestamp] = [:]
    /// How late it shows what happened, as far as that was met.
    package var lateness: Lateness?
    /// Reports that are due or asked for and not read yet.
    package var reports: [ReportOrder] = []
    /// Which source all of this is about (`Source.fingerprint`).
    package var fingerprint: String?

    package init() {}

    /// A pull begins, or goes on at its cursor.
    ///
    /// - Parameters:
    ///   - reach: how far back the first of all looks.
    ///   - memory: how far back the source can be asked at all. Who was away for longer begins anew: what happened
    ///     between is not known.
    package mutating func begin(at now: Timestamp, reach: TimeSpan? = nil, memory: TimeSpan? = nil) {
        let goesOn = cursor != nil && firstRequestAt != nil
        if !goesOn, let memory, let last = updatedAfter, last < now - memory {
            (updatedAfter, finishedRequestAt, coversFrom, askedAt, reports) = (nil, nil, nil, [:], [])
        }
        if finishedRequestAt == nil, let reach, coversFrom == nil || !goesOn {
            // A minute is for clocks that differ.
            coversFrom = now - (memory.map { min(reach, $0 - .minutes(1)) } ?? reach)
        }
        if !goesOn { (cursor, firstRequestAt, seen) = (nil, now, SeenHashes()) }
        lateness = lateness?.remembered(at: now)
    }

    /// What was withheld from the items of a list is answered: a later pull reads anew what was told without it.
    mutating func noteGivenAgain(_ right: String) {
        guard let refused = withheld[right], refused != firstRequestAt else { return }
        if askedAt[Self.givenAgain + right] == nil { askedAt[Self.givenAgain + right] = firstRequestAt }
    }

    mutating func forgetGivenAgain(_ right: String) { askedAt[Self.givenAgain + right] = nil }

    /// It was given again in an earlier pull: this one reads all that was told without it.
    func isReadAnew(_ right: String) -> Bool {
        guard let given = askedAt[Self.givenAgain + right], let now = firstRequestAt else { return false }
        return given < now
    }

    /// By which a state knows when what was withheld was answered first.
    private static let givenAgain = "given again "

    /// What was changed so long ago came only now: from here on each pull looks back that far.
    package mutating func noteLateness(_ span: TimeSpan, at now: Timestamp) {
        if lateness == nil { lateness = Lateness(span: span, at: now) } else { lateness?.meet(span, at: now) }
        if let last = finishedRequestAt, let after = updatedAfter, let overlap = lateness?.overlap {
            updatedAfter = min(after, last - overlap)
        }
    }

    mutating func note(_ facts: [Fact]) {
        var greatest = greatestUpdatedAt ?? Timestamp(microseconds: .min)
        for fact in facts {
            if let updatedAt = fact.updatedAt, updatedAt > greatest { greatest = updatedAt }
        }
        if greatest.microseconds != .min { greatestUpdatedAt = greatest }
    }

    /// The pull in progress is done: the next one's T is the greatest `updated_at`, but never later than the moment
    /// this pull's first request was sent, and then `overlap` earlier. Without any `updated_at` there is no T.
    ///
    /// - Parameter byClock: whatever came, T is the moment of the first request.
    mutating func finish(overlap: TimeSpan, etag: String?, byClock: Bool = false) {
        finishedRequestAt = firstRequestAt
        if byClock, let finishedRequestAt {
            updatedAfter = finishedRequestAt - overlap
        } else if let greatestUpdatedAt, let finishedRequestAt {
            updatedAfter = min(greatestUpdatedAt, finishedRequestAt) - overlap
        }
        self.etag = etag
        abandon()
    }

    /// The next pull begins at the first page again, with the same T.
    mutating func abandon() { (cursor, firstRequestAt, seen) = (nil, nil, SeenHashes()) }

    // MARK: - As text

    /// The whole value on a few lines, `name=value`, for a ledger to keep. What is nil is left out.
    package var text: String {
        var lines = ["pull=1"]
        func add(_ name: String, _ value: String?) {
            if let value { lines.append(name + "=" + PullState.escaped(value)) }
        }
        add("updated_after", updatedAfter.map { String($0.microseconds) })
        add("cursor", cursor)
        add("first_request_at", firstRequestAt.map { String($0.microseconds) })
        add("seen", seen.count == 0 ? nil : seen.text)
        add("greatest_updated_at", greatestUpdatedAt.map { String($0.microseconds) })
        add("finished_request_at", finishedRequestAt.map { String($0.microseconds) })
        add("etag", etag)
        add("not_before", notBefore.map { String($0.microseconds) })
        add("covers_from", coversFrom.map { String($0.microseconds) })
        add("fingerprint", fingerprint)
        add("lateness", lateness.map { "\($0.span.microseconds) \($0.at.microseconds)" })
        for (name, moment) in askedAt.sorted(by: { $0.key < $1.key }) {
            add("asked_at", "\(moment.microseconds) \(name)")
        }
        for (name, moment) in withheld.sorted(by: { $0.key < $1.key }) {
            add("withheld", "\(moment.microseconds) \(name)")
        }
        for order in reports { add("report", order.text) }
        return lines.joined(separator: "\n")
    }

    /// Nil when it is not such a text: then the source is best pulled from the beginning. Names it does not know are
    /// passed over.
    package init?(text: String) {
        // By scalars: a cursor may begin or end with what joins a line end or `=` to one character.
        let lines = text.unicodeScalars.split(separator: "\n")
        guard let first = lines.first, Substring(first) == "pull=1" else { return nil }
        for line in lines.dropFirst() {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Substring.init)
            guard parts.count == 2, let value = PullState.unescaped(parts[1]) else { return nil }
            func moment() -> Timestamp? { Int64(value).map { Timestamp(microseconds: $0) } }
            switch parts[0] {
            case "updated_after": updatedAfter = moment()
            case "cursor": cursor = value
            case "first_request_at": firstRequestAt = moment()
            case "seen":
                guard let seen = SeenHashes(text: value) else { return nil }
                self.seen = seen
            case "greatest_updated_at": greatestUpdatedAt = moment()
            case "finished_request_at": finishedRequestAt = moment()
            case "etag": etag = value
            case "not_before": notBefore = moment()
            case "covers_from": coversFrom = moment()
            case "fingerprint": fingerprint = value
            case "lateness":
                let numbers = value.split(separator: " ").compactMap { Int64($0) }
                if numbers.count == 2 {
                    lateness = Lateness(
                        span: TimeSpan(microseconds: numbers[0]), at: Timestamp(microseconds: numbers[1]))
                }
            case "asked_at":
                let parts = value.split(separator: " ", maxSplits: 1)
                if parts.count == 2, let moment = Int64(parts[0]) {
                    askedAt[String(parts[1])] = Timestamp(microseconds: moment)
                }
            case "withheld":
                let parts = value.split(separator: " ", maxSplits: 1)
                if parts.count == 2, let moment = Int64(parts[0]) {
                    withheld[String(parts[1])] = Timestamp(microseconds: moment)
                }
            case "report":
                if let order = ReportOrder(text: value) { reports.append(order) }
            default: break
            }
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func unescaped(_ text: Substring) -> String? {
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                guard scalar == "n" || scalar == "\\" else { return nil }
                result += scalar == "n" ? "\n" : "\\"
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return isEscaped ? nil : result
    }
}
