import Facts
import Rules

/// Stores of which nobody brings anything: what they lack of being pulled.
extension Fleet {
    struct Unpulled {
        /// By id, rising.
        var stores: [String]
        var plan: PullPlan
        var words: Words { Fleet.words(stores, plan) }
    }

    /// The stores that are listed by id and whose platform could be pulled, and is not, by pack. None where a feed or
    /// `sources:` may bring their facts.
    ///
    /// - Parameter known: stores of which there are facts already: somebody imports them.
    func unpulled(known: Set<String> = []) -> [Unpulled] {
        guard config.feeds.isEmpty else { return [] }
        var stores: [String: [String]] = [:]
        for entry in config.stores {
            guard case .id(let id) = entry.subject, entry.access == nil, library[entry.pack]?.pull != nil,
                !entry.sources.values.contains(where: { $0 != "platform" }), !known.contains(id)
            else { continue }
            stores[entry.pack, default: []].append(id)
        }
        return stores.sorted { $0.key < $1.key }.compactMap { pack, stores in
            library[pack]?.pull.map { Unpulled(stores: stores.sorted(), plan: $0) }
        }
    }

    fileprivate static func words(_ stores: [String], _ plan: PullPlan) -> Words {
        var needed = plan.address == nil ? ["endpoint"] : []
        // Some are optional for those alone who give a token by hand.
        let made = (plan.address.map { PullPlan.names(in: $0) } ?? []) + (plan.token?.refresh.names ?? [])
        needed += plan.credentials.filter { credential in
            credential.standard == nil && credential.name != "refresh_token"
                && (!credential.isOptional || made.contains(credential.name))
        }.map(\.name)
        if needed.isEmpty { needed = ["account"] }
        let (first, more) = (stores[0], stores.count - 1)
        let isAre = more == 0 ? "is" : "are"
        let (it, has) = more == 0 ? ("it", "has") : ("they", "have")
        return Words(
            en:
                "store '\(first)'\(more > 0 ? " and \(more) more" : "") \(isAre) not pulled: \(it) \(has) neither account: nor credentials:; "
                + "to pull \(more == 0 ? "it" : "them") give \(needed.joined(separator: ", ")); else bring \(more == 0 ? "its" : "their") facts by a feed or files",
            zh: "店铺 '\(first)'\(more > 0 ? " 等 \(more + 1) 家" : "")不会被拉取：既无 account: 也无 credentials:；"
                + "如需拉取，请填写 \(needed.joined(separator: "、"))；否则请通过数据源或文件导入数据")
    }
}
