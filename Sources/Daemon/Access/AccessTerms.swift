package import Facts

/// Who may see what on the pages and by the API, and do what: `access:` as it is meant.
package struct AccessTerms: Sendable, Hashable {
    /// What is asked on this machine while nobody has to show who he is; nil: not written.
    package var local: Role?
    package var tokens: [Grantee] = []
    package var proxy: Proxy?
    /// `/metrics` asks nobody for a token.
    package var hasOpenMetrics = false

    package init() {}

    /// Nobody has to show who he is.
    package var isOpen: Bool { tokens.isEmpty && proxy?.header == nil }

    package enum Role: String, Sendable, CaseIterable {
        /// Looks.
        case viewer
        /// Looks and acts.
        case `operator`
        /// A program that brings facts, and sees nothing.
        case pusher
    }

    /// A named person or program, and how far its rights go.
    package struct Grantee: Sendable, Hashable {
        package var id: String
        /// SHA-256 in hex of its token; nil: a proxy vouches for it.
        package var hash: String?
        package var role: Role
        /// What it may see or write: stores whose id fits one of these and that have these labels; empty: any.
        package var stores: [Glob] = []
        package var labels: [String: [String]] = [:]
        /// Of a pusher; nil: all kinds.
        package var kinds: [FactKind]?
        /// The first day, in UTC, on which it is not let in any more.
        package var until: LocalDay?

        package init(id: String, role: Role) { (self.id, self.role) = (id, role) }

        package func isOver(at now: Timestamp) -> Bool { until.map { StoreCalendar.utc.day(of: now) >= $0 } ?? false }
    }

    /// A server before ours that tells who asks.
    package struct Proxy: Sendable, Hashable {
        /// In which header it writes the name of who has logged in; nil: it vouches for nobody, and only tells the addresses
        /// from which it is asked.
        package var header: String?
        /// Where it stands. The same header from elsewhere says nothing.
        package var from: [AddressRange]
        /// Of whom `people` does not name; nil: they are not let in.
        package var role: Role?
        package var people: [Grantee] = []

        package func vouches(at address: String) -> Bool { from.contains { $0.contains(address) } }
    }
}
