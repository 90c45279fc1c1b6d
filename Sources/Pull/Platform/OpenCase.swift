package import Facts
import Rules

/// A case that may still change as far as anybody knows, and that the platform is asked about by its number.
package struct OpenCase: Sendable, Hashable {
    package var id: String
    package var order: String?
    package var openedAt: Timestamp?
    /// A word of a refund's `type`.
    package var type: String?
    /// One of those in which it may still change.
    package var status: String

    package init(id: String, order: String?, openedAt: Timestamp?, type: String? = nil, status: String = "open") {
        (self.id, self.order, self.openedAt, self.type, self.status) = (id, order, openedAt, type, status)
    }
}

extension PullPlan.OpenCases {
    /// By what number each of them is asked for, each number once.
    func asked(of cases: [OpenCase], at now: Timestamp) -> [String] {
        var (asked, seen): ([String], Set<String>) = ([], [])
        for found in cases where isMeant(found, at: now) {
            guard let id = byOrder ? found.order : found.id, seen.insert(id).inserted else { continue }
            asked.append(id)
        }
        return asked
    }

    private func isMeant(_ found: OpenCase, at now: Timestamp) -> Bool {
        guard statuses.contains(found.status) else { return false }
        if let types, !types.contains(found.type ?? "") { return false }
        guard let opened = found.openedAt else { return true }
        return opened <= now - after && until.map { opened >= now - $0 } ?? true
    }
}

extension PlatformSource {
    /// The same, knowing of these cases.
    package func asking(about cases: [OpenCase]) -> PlatformSource {
        var source = self
        source.openCases = cases
        return source
    }

    /// Whether a pull that begins now, or within a minute, may ask about them.
    ///
    /// - Parameter state: what is known of the pulls before; nil: nothing.
    package func needsOpenCases(after state: PullState?, at now: Timestamp) -> Bool {
        let streams = plan.streams.filter { $0.open != nil }
        guard let state, state.fingerprint == fingerprint, state.cursor == nil else { return !streams.isEmpty }
        return streams.contains { stream in
            guard let every = stream.every, let last = state.askedAt[stream.name] else { return true }
            return last + every <= now + .minutes(1)
        }
    }
}
