import Facts
import Pull

/// What the file of tokens holds.
struct TokenContents: Codable, Sendable, Hashable {
    /// By what they are kept under (`TokenCall.givenKey`, else `keys`).
    var grants: [String: TokenEntry] = [:]
    /// By store: under what the tokens are kept that a consent gave it. Stores of one owner share theirs.
    var keys: [String: String] = [:]
    /// By store: consents that were asked for and not answered yet.
    var consents: [String: [AskedConsent]] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        grants = try values.decode([String: TokenEntry].self, forKey: .grants)
        keys = try values.decodeIfPresent([String: String].self, forKey: .keys) ?? [:]
        // One that cannot be read is one that nobody can answer.
        consents = (try? values.decodeIfPresent([String: [AskedConsent]].self, forKey: .consents)) ?? [:]
    }

    /// Under what a store's tokens are kept; nil: nobody has consented.
    func key(of store: String, _ call: TokenCall) -> String? {
        if let given = call.givenKey { return given }
        // Tokens of another application, or of another address, are none of this store's any more.
        return keys[store].flatMap { grants[$0]?.application == call.application ? $0 : nil }
    }

    func entry(of store: String, _ call: TokenCall) -> TokenEntry? { key(of: store, call).flatMap { grants[$0] } }

    /// Keeps what a refresh gave, in place of what there was.
    mutating func keep(_ entry: TokenEntry, under key: String) {
        var entry = entry
        entry.stores = Set(entry.stores).union(grants[key]?.stores ?? []).sorted()
        grants[key] = entry
    }

    /// Keeps what a consent gave. The owner's consents before it, also those for other stores, are over at many platforms:
    /// all stores of one owner go on with the newest.
    mutating func consent(_ entry: TokenEntry, of store: String, _ call: TokenCall) {
        let known = grants.first { $0.value.application == entry.application && $0.value.isSameOwner(as: entry) }?.key
        let key = call.givenKey ?? known ?? call.consentKey(of: store)
        forget(store)
        keep(entry, under: key)
        if call.givenKey == nil { keys[store] = key }
        consents[store] = nil
    }

    /// Takes a store's tokens away; those that other stores share stay for them.
    ///
    /// - Returns: whether there were any.
    @discardableResult
    mutating func forget(_ store: String, under given: String? = nil) -> Bool {
        let key = given ?? keys[store]
        keys[store] = nil
        guard let key, var entry = grants[key] else { return false }
        entry.stores.removeAll { $0 == store }
        grants[key] = entry.stores.isEmpty ? nil : entry
        return true
    }

    // MARK: Consents asked for

    /// A state that was sent out. It stays good while the text with it may be on its way to an owner.
    struct AskedConsent: Codable, Sendable, Hashable {
        var state: String
        var askedAt: Int64

        static let lives: Int64 = 7 * 86_400
        /// More are not kept of one store: the oldest goes.
        static let most = 8
    }

    mutating func ask(_ state: String, for store: String, at now: Int64) {
        let kept = (consents[store] ?? []).filter { $0.askedAt + AskedConsent.lives > now }
        consents[store] = kept.suffix(AskedConsent.most - 1) + [AskedConsent(state: state, askedAt: now)]
    }

    func isAsked(_ state: String?, for store: String, at now: Int64) -> Bool {
        (consents[store] ?? []).contains { asked in
            asked.askedAt + AskedConsent.lives > now && (state == nil || asked.state == state)
        }
    }

    /// A state is good once. Without one, all that were asked for are over.
    mutating func settle(_ state: String?, of store: String) {
        consents[store]?.removeAll { state == nil || $0.state == state }
    }
}
