/// What decoding must know of a store.
package struct StoreTerms: Sendable, Hashable {
    /// ISO 4217; a fact in another currency is quarantined. nil takes any.
    package var currency: String?
    /// The labels that its pack lets facts carry; all others are dropped.
    package var labels: Set<String>

    package init(currency: String? = nil, labels: Set<String> = []) {
        (self.currency, self.labels) = (currency, labels)
    }

    /// Of a store that no entry matches: any currency, no labels.
    package static let unwatched = StoreTerms()
}
