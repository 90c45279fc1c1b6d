/// One shop on one platform, as the configuration describes it.
package struct Store: Sendable, Hashable {
    /// Any text up to 200 bytes; facts name their store by it.
    package var id: String
    package var name: String
    /// The name of its pack.
    package var pack: String
    /// An IANA zone; its days are the store's days.
    package var timezone: String
    /// ISO 4217; nil when neither the entry nor the pack says: then any currency is taken.
    package var currency: String?
    /// A country or the platform's own site code.
    package var market: String?
    package var labels: [String: String]

    package init(
        id: String, name: String? = nil, pack: String, timezone: String, currency: String? = nil,
        market: String? = nil, labels: [String: String] = [:]
    ) {
        self.id = id
        self.name = name ?? id
        (self.pack, self.timezone, self.currency, self.market, self.labels) = (pack, timezone, currency, market, labels)
    }
}
