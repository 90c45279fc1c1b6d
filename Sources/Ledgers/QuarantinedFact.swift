package import Facts

/// Something that came and could not become a fact.
package struct QuarantinedFact: Sendable, Hashable {
    package var source: SourceName
    /// For people: where it stood when it was last seen.
    package var position: String
    /// nil when it could not be told.
    package var store: String?
    package var kind: String?
    package var id: String?
    package var reason: String
    /// What came, with personal members blanked.
    package var excerpt: String
    package var firstAt: Timestamp
    package var at: Timestamp
    /// How often the same thing came.
    package var times: Int
    /// When the same fact was read well after all; it no longer counts then.
    package var readWellAt: Timestamp?
}
