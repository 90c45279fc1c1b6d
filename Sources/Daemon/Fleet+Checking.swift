import Curl
import Facts
import Language
import Ledgers
import Rules

/// The entries of the configuration held against the packs.
extension Fleet {
    /// Checks the entries against the packs: unknown packs, parameters and rules are errors with their places, and then
    /// there is no fleet.
    ///
    /// - Parameter unread: the names of packs that are there and could not be read.
    static func make(
        _ config: Config, _ library: PackLibrary, unread: Set<String> = []
    ) -> (Fleet?, diagnostics: [Diagnostic]) {
        var (config, diagnostics): (Config, [Diagnostic]) = (config, [])
        var byID: [String: Int] = [:]
        var patterns: [(glob: Glob, entry: Int)] = []
        var overrides = [StoreOverrides](repeating: StoreOverrides(), count: config.stores.count)
        let feeds = Set(config.feeds.map { "feed:" + $0.id })
        for (index, entry) in config.stores.enumerated() {
            switch entry.subject {
            case .id(let id): byID[id] = index
            case .match(let pattern): patterns.append((Glob(pattern), index))
            }
            guard let pack = library[entry.pack] else {
                guard !unread.contains(entry.pack) else { continue }
                let hint = NearestName.hint(for: entry.pack, among: library.names)
                let ways =
                    hint.isEmpty
                    ? "; there are \(library.names.sorted().joined(separator: ", ")), and those of `packs:`" : hint
                diagnostics.append(
                    Diagnostic(.error, "there is no pack '\(entry.pack)'\(ways)", at: entry.packPlace, in: entry.source)
                )
                continue
            }
            for (kind, source) in entry.sources
            where !feeds.contains(source) && !["platform", "\(SourceName.push)", "file", "hand"].contains(source) {
                let known = feeds.sorted() + ["\(SourceName.push)", "file", "hand"]
                diagnostics.append(
                    Diagnostic(
                        .error,
                        "'\(source)' is no source of \(kind.name)\(NearestName.hint(for: source, among: known)); there are \(known.joined(separator: ", "))",
                        at: entry.sourcePlaces[kind] ?? entry.place, in: entry.source))
            }
            let (own, found) = Fleet.overrides(of: entry, in: pack)
            diagnostics += found
            overrides[index] = own
            let (settled, unknown) = entry.inMarket(of: pack)
            config.stores[index] = settled
            diagnostics += unknown + Fleet.faults(inAccessOf: settled, by: pack)
            if (entry.timezone ?? pack.timezone) == nil {
                diagnostics.append(
                    Diagnostic(
                        .warning,
                        "the store's days are taken as those of UTC: neither its entry nor the pack '\(pack.name)' gives a time zone; add timezone:",
                        at: entry.place, in: entry.source))
            }
        }
        diagnostics += Fleet.faults(inObserved: config.observed, library, unread)
        if diagnostics.contains(where: { $0.severity == .error }) { return (nil, diagnostics) }
        return (Fleet(config, library, byID: byID, patterns: patterns, overrides: overrides), diagnostics)
    }

    /// Names of packs and rules that are not there.
    private static func faults(
        inObserved entries: [ObservedEntry], _ library: PackLibrary, _ unread: Set<String>
    ) -> [Diagnostic] {
        entries.compactMap { entry in
            guard !unread.contains(entry.pack) else { return nil }
            guard let pack = library[entry.pack] else {
                let hint = NearestName.hint(for: entry.pack, among: library.names)
                return Diagnostic(
                    .error, "there is no pack '\(entry.pack)' to observe\(hint)", at: entry.place, in: entry.source)
            }
            guard let rule = entry.rule, pack.rule(rule) == nil else { return nil }
            let hint = NearestName.hint(for: rule, among: pack.rules.map(\.id))
            return Diagnostic(
                .error, "the pack '\(pack.name)' has no rule '\(rule)' to observe\(hint)", at: entry.place,
                in: entry.source)
        }
    }

    /// What the pack's plan asks for and the entry does not give, and the other way round.
    private static func faults(inAccessOf entry: StoreEntry, by pack: Pack) -> [Diagnostic] {
        guard let item = entry.accessItem else { return [] }
        func error(_ text: String, at place: Range<Int>? = nil) -> Diagnostic {
            Diagnostic(.error, text, at: place ?? entry.place, in: entry.source)
        }
        // An account that is not there is told already, and all that is lacking comes of that.
        if item.account != nil, item.credentials.isEmpty { return [] }
        guard let plan = pack.pull else {
            return [
                error(
                    "the pack '\(pack.name)' does not say how its platform is pulled; bring the store's facts by a feed or a file"
                )
            ]
        }
        var found: [Diagnostic] = []
        let given = Set(item.credentials.map(\.name.value)).union(entry.access.map { Array($0.credentials.keys) } ?? [])
        func isGiven(_ name: String) -> Bool {
            plan.credentials.contains {
                $0.name == name && ($0.standard != nil || !given.isDisjoint(with: [name] + $0.aliases))
            }
        }
        if item.endpoint == nil {
            let lacks = plan.address.map { PullPlan.names(in: $0).filter { !isGiven($0) } }
            if lacks == nil { found.append(error("this store lacks 'endpoint', the address of its shop")) }
            for name in lacks ?? [] {
                found.append(error("this store lacks the credential '\(name)', of which its address is made"))
            }
        }
        for credential in plan.credentials where !credential.isOptional && !isGiven(credential.name) {
            found.append(error("this store lacks the credential '\(credential.name)'"))
        }
        // What is lacking may come of an owner's consent, and the call for that is made of something too.
        let isOwn = plan.token?.own?.names.allSatisfy(isGiven) ?? false
        if let token = plan.token, !isOwn, !isGiven(PullPlan.TokenPlan.credential(in: plan)) {
            let told = plan.credentials.filter { !$0.isOptional }.map(\.name)
            let isConsented =
                token.consent != nil && token.exchange != nil && token.refresh.names.contains("refresh_token")
            let awaitsConsent = isConsented && !isGiven("refresh_token")
            for name in awaitsConsent ? Self.asked(by: token) : []
            where !isGiven(name) && !told.contains(name) {
                // Tokens that were had before are good all the same.
                found.append(
                    Diagnostic(
                        .warning,
                        "this store lacks '\(name)', without which nobody can consent; or give \(PullPlan.TokenPlan.credential(in: plan))",
                        at: entry.place, in: entry.source))
            }
            for name in token.refresh.names
            where !(awaitsConsent && name == "refresh_token") && !isGiven(name) && !told.contains(name) {
                found.append(
                    error(
                        "this store lacks the credential '\(name)', by which an access token is had; or give the token itself"
                    ))
            }
        }
        let ofMarkets = plan.streams.filter { !$0.markets.isEmpty }
        if !ofMarkets.isEmpty, entry.market == nil {
            let names = ofMarkets.map(\.name).joined(separator: ", ")
            let markets = Set(ofMarkets.flatMap(\.markets)).sorted().joined(separator: ", ")
            let asked = plan.market(of: { name in
                let credential = plan.credentials.first { $0.name == name }
                let all = [name] + (credential?.aliases ?? [])
                return all.lazy.compactMap { entry.access?.credentials[$0]?.reveal() }.first ?? credential?.standard
            })
            let words =
                asked.map {
                    "this store names no market: what is there in one market only is asked of it as of \($0), by its credentials (\(names)), and limits that go by the market do not hold for it"
                }
                ?? "this store names no market, so that of the pack '\(pack.name)' nothing is asked that is there in one market only: \(names)"
            found.append(
                Diagnostic(
                    .warning, "\(words); write market: \(markets) if that is where it is", at: entry.place,
                    in: entry.source))
        }
        for (name, _) in item.streams {
            guard let stream = plan.streams.first(where: { $0.name == name.value }) else {
                let hint = NearestName.hint(for: name.value, among: plan.streams.map(\.name))
                found.append(error("the pack '\(pack.name)' has no stream '\(name.value)'\(hint)", at: name.place))
                continue
            }
            // A pull that passes over a list must not say that it has all of it.
            if !stream.bringsOnlyReadings {
                found.append(
                    error(
                        "'\(name.value)' brings more than readings, which are pulled with the rest; give the store an `every:`",
                        at: name.place))
            }
        }
        let names = plan.credentials.flatMap { [$0.name] + $0.aliases }
        for (name, _) in item.expires where !names.contains(name.value) {
            let hint = NearestName.hint(for: name.value, among: names)
            found.append(error("the pack '\(pack.name)' asks for no credential '\(name.value)'\(hint)", at: name.place))
        }
        for (name, _) in item.credentials where !names.contains(name.value) {
            let hint = NearestName.hint(for: name.value, among: names)
            // What is asked for and missing is an error of its own; a key too many does no harm.
            found.append(
                Diagnostic(
                    .warning, "the pack '\(pack.name)' asks for no credential '\(name.value)'\(hint)", at: name.place,
                    in: entry.source))
        }
        return found
    }

    /// What a consent is asked and taken in with, and no later call for a token, each once.
    private static func asked(by token: PullPlan.TokenPlan) -> [String] {
        let names = (token.consent?.names ?? []) + (token.exchange?.names ?? [])
        return names.enumerated().filter {
            $1 != "code" && !token.refresh.names.contains($1) && !names[..<$0].contains($1)
        }.map(\.element)
    }

    private static func overrides(of entry: StoreEntry, in pack: Pack) -> (StoreOverrides, [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        var values: [String: ParameterValue] = [:]
        for (name, text) in entry.parameters {
            guard let parameter = pack.parameter(name) else {
                let hint = NearestName.hint(for: name, among: pack.parameters.map(\.name))
                diagnostics.append(
                    Diagnostic(
                        .error, "the pack '\(pack.name)' has no parameter '\(name)'\(hint)",
                        at: entry.parameterPlaces[name] ?? entry.place, in: entry.source))
                continue
            }
            let (value, found) = ParameterValue.read(text, as: parameter.type, what: name)
            diagnostics += found
            values[name] = value
        }
        var confirmation = StoreOverrides.Confirmation.none
        switch entry.confirmation {
        case .none: break
        case .all: confirmation = .all
        case .rules(let rules):
            confirmation = .rules(rules)
            for rule in rules.sorted() where pack.rule(rule) == nil {
                let hint = NearestName.hint(for: rule, among: pack.rules.map(\.id))
                diagnostics.append(
                    Diagnostic(
                        .error, "the pack '\(pack.name)' has no rule '\(rule)' to confirm\(hint)", at: entry.place,
                        in: entry.source))
            }
        }
        if case .rules(let rules) = entry.observed {
            for rule in rules.sorted() where pack.rule(rule) == nil {
                let hint = NearestName.hint(for: rule, among: pack.rules.map(\.id))
                diagnostics.append(
                    Diagnostic(
                        .error, "the pack '\(pack.name)' has no rule '\(rule)' to observe\(hint)", at: entry.place,
                        in: entry.source))
            }
        }
        for rule in entry.accepted.keys.sorted() where pack.rule(rule) == nil {
            let hint = NearestName.hint(for: rule, among: pack.rules.map(\.id))
            diagnostics.append(
                Diagnostic(
                    .error, "the pack '\(pack.name)' has no rule '\(rule)' whose breach could be accepted\(hint)",
                    at: entry.acceptedPlaces[rule] ?? entry.place, in: entry.source))
        }
        var overrides = StoreOverrides(parameters: values, confirmation: confirmation)
        overrides.accepted = entry.accepted
        return (overrides, diagnostics)
    }
}
