package import Facts

/// What decoding has to know, as a value: decoders keep buffers and belong to one task, and each is made from this.
package struct FactDecoding: Sendable {
    private let buyerKey: BuyerKey
    private let terms: @Sendable (String) -> StoreTerms

    /// - Parameter terms: what is to hold for the facts of a store, whether it is watched or not.
    package init(buyerKey: BuyerKey, terms: @escaping @Sendable (_ store: String) -> StoreTerms) {
        (self.buyerKey, self.terms) = (buyerKey, terms)
    }

    package func decoder() -> FactDecoder { FactDecoder(buyerKey: buyerKey, terms: terms) }
}
