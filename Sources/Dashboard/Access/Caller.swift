package import Facts

/// Who asks, and what he may.
package struct Caller: Sendable {
    package let name: String
    /// A store, by its id; of what belongs to no store, or to many, the empty text is asked.
    package let mayRead: @Sendable (_ store: String) -> Bool
    /// Facts of one kind of a store.
    package let mayWrite: @Sendable (_ store: String, _ kind: FactKind) -> Bool

    package init(
        name: String, mayRead: @escaping @Sendable (_ store: String) -> Bool,
        mayWrite: @escaping @Sendable (_ store: String, _ kind: FactKind) -> Bool
    ) {
        (self.name, self.mayRead, self.mayWrite) = (name, mayRead, mayWrite)
    }

    /// Whoever asks on this machine while there are no tokens: reads all, writes nothing.
    package static let local = Caller(name: "local", mayRead: { _ in true }, mayWrite: { _, _ in false })
}
