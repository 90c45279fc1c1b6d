import Facts
import Language
import Rollups

extension PackReading {
    private static let ruleKeys = [
        "title", "require", "prefer", "given", "for", "confirm", "keep", "severity", "evidence", "consequence",
        "remedy", "basis",
        "source", "from", "until", "fresh", "levels", "aim", "assessed", "each", "stands_in_for",
        "trust", "blind_limit", "previous_ids",
    ]

    mutating func rules() -> [Rule] {
        var rules: [Rule] = []
        let entries = entries("rules")
        let ids = entries.map(\.key)
        for entry in entries {
            if !YAMLCursor.isID(entry.key) {
                entry.error(
                    "'\(entry.key)' cannot name a rule; ids are letters, digits, '.', '_' and '-' and begin with a "
                        + "letter or digit")
            }
            if let rule = rule(entry, among: ids) { rules.append(rule) }
        }
        return rules
    }

    private mutating func rule(_ entry: YAMLEntry, among ids: [String]) -> Rule? {
        let cursor = entry.value.named("rule '\(entry.key)'")
        guard let keys = cursor.keys(PackReading.ruleKeys) else { return nil }
        if keys["require"] == nil, keys["levels"] == nil {
            entry.error("rule '\(entry.key)' lacks 'require', or 'levels' with 'aim'")
        }
        let ladder = ladder(keys)
        let require = condition(keys["require"]) ?? ladder?.require
        let prefer = condition(keys["prefer"])
        let given = condition(keys["given"])
        let evidence = evidence(keys["evidence"])
        let severity = keys["severity"]?.word(of: Severity.allCases.map(\.rawValue)).flatMap(Severity.init(rawValue:))
        let (from, until) = period(keys)
        let reach = Reach(
            of: ([given, require, prefer] + (ladder?.levels.map(\.condition) ?? [])).compactMap { $0?.expression },
            in: vocabulary)
        if let evidence, evidence.span == nil, !reach.aggregates.contains(where: { $0.kind == evidence.kind }) {
            keys["evidence"]?.error(
                "evidence needs a span here, such as 'by … over 30d': no condition of the rule counts \(evidence.kind.name)s"
            )
        }
        // How far back it looks is no limit, nor is which of two definitions holds.
        let limits = require.map { require in
            Reach(of: [require.expression], in: vocabulary).parameters.filter { name in
                ![.window, .bool].contains(parameters.first { $0.name == name }?.type)
            }
        }
        let (basis, source) = authority(
            keys, what: "a shipped rule with a limit of its own", of: cursor,
            isNeeded: isBuiltIn && limits?.isEmpty == true)
        let title = keys["title"]?.words() ?? Words(en: entry.key, zh: entry.key)
        let standsInFor = keys["stands_in_for"]?.string()
        if let standsInFor, standsInFor == entry.key || !ids.contains(standsInFor) {
            let hint = NearestName.hint(for: standsInFor, among: ids.filter { $0 != entry.key })
            keys["stands_in_for"]?.error("no other rule is called '\(standsInFor)'\(hint)")
        }
        let other = entries("rules").first { $0.key == standsInFor }
        if let other, other.value.quiet.hasKey("stands_in_for") {
            keys["stands_in_for"]?.error("'\(other.key)' stands in for another rule itself")
        }
        let rule = (
            for: keys["for"]?.span() ?? .zero, keep: keys["keep"]?.span() ?? .zero,
            consequence: keys["consequence"]?.words(), remedy: keys["remedy"]?.words(),
            fresh: keys["fresh"]?.span() ?? Rule.defaultFresh,
            confirm: keys["confirm"]?.integer(Rule.confirmations) ?? 1
        )
        guard let require else { return nil }
        return Rule(
            id: entry.key, title: title, require: require, prefer: prefer, given: given, for: rule.for, keep: rule.keep,
            severity: severity ?? .major, evidence: evidence, consequence: rule.consequence, remedy: rule.remedy,
            basis: basis, source: source, from: from, until: until, fresh: rule.fresh,
            reach: reach, harm: Harm.aggregates(of: require.expression, in: vocabulary), limits: limits ?? [],
            needed: Reach(of: [given, require].compactMap { $0?.expression }, in: vocabulary).parameters,
            levels: ladder?.levels ?? [], aim: ladder?.aim, assessed: keys["assessed"].flatMap(assessment),
            standsInFor: standsInFor,
            each: keys["each"].flatMap { each($0, reach) }, distrusted: distrusted(keys["trust"], reach),
            confirm: rule.confirm, blindLimit: keys["blind_limit"].flatMap(blindLimit),
            previousIDs: keys["previous_ids"].map { previousIDs($0, of: entry.key, among: ids) } ?? [])
    }

    private func blindLimit(_ cursor: YAMLCursor) -> TimeSpan? {
        guard let limit = cursor.span() else { return nil }
        if limit <= .zero { cursor.error("\(cursor.path) must be longer than nothing; leave it out for no limit") }
        return limit
    }

    /// What a rule was called before; no two rules were the same one.
    private mutating func previousIDs(_ cursor: YAMLCursor, of rule: String, among ids: [String]) -> [String] {
        (cursor.items() ?? []).compactMap { item in
            guard let id = item.string() else { return nil }
            if ids.contains(id) {
                item.error("'\(id)' is a rule of this pack; previous_ids: are names that no rule has any more")
            } else if let other = formerIDs.updateValue(rule, forKey: id) {
                item.error("rule '\(other)' was called '\(id)' before; only one rule goes on for it")
            }
            return id
        }
    }

    /// `levels`, best first, and `aim`; what they require is that one of those down to the aim holds.
    private mutating func ladder(_ keys: YAMLKeys) -> (levels: [Level], aim: String, require: Condition)? {
        guard let levels = keys["levels"] else {
            keys["aim"]?.error("'aim' is the lowest level in good standing; there are no 'levels'")
            return nil
        }
        if let require = keys["require"] { require.error("a rule has either 'require' or 'levels', not both") }
        let entries = levels.entries() ?? []
        let read = entries.compactMap { entry in condition(entry.value).map { Level(name: entry.key, condition: $0) } }
        guard let aim = keys["aim"] else {
            levels.error("'levels' need 'aim', the lowest level in good standing")
            return nil
        }
        guard let name = aim.word(of: entries.map(\.key)), read.count == entries.count,
            let place = read.firstIndex(where: { $0.name == name })
        else { return nil }
        let expression = read[...place].map(\.condition.expression).reduce(nil as TypedExpression?) { all, next in
            all.map { TypedExpression(.or($0, next), .bool) } ?? next
        }
        guard let expression else { return nil }
        return (read, name, Condition(expression: expression, written: read[place].condition.written))
    }

    /// `labels.category`, or a member that is text and that every fact has which the rule counts.
    private func each(_ cursor: YAMLCursor, _ reach: Reach) -> EachMember? {
        guard let text = cursor.string() else { return nil }
        let isLabel = text.hasPrefix("labels.")
        let member = isLabel ? EachMember.label(String(text.dropFirst("labels.".count))) : .member(text)
        if case .label(let name) = member, !labels.contains(name) {
            cursor.error("the pack has no label '\(name)'\(NearestName.hint(for: name, among: labels))")
        }
        for aggregate in reach.aggregates where !member.fits(aggregate.kind) {
            cursor.error("'\(text)' is no text of \(aggregate.kind.name), of which the rule counts some")
            return nil
        }
        return member
    }

    /// `{day: 20}` or `{weekday: monday}`.
    private func assessment(_ cursor: YAMLCursor) -> AssessmentDay? {
        guard let keys = cursor.keys(["day", "weekday"]) else { return nil }
        switch (keys["day"], keys["weekday"]) {
        case (let day?, nil): return day.integer(1...28).map { .ofMonth($0) }
        case (nil, let weekday?):
            let word = weekday.word(of: AssessmentDay.weekdays)
            return word.flatMap { AssessmentDay.weekdays.firstIndex(of: $0) }.map { .ofWeek($0 + 1) }
        default:
            cursor.error("'assessed' is {day: 20}, a day of every month up to 28, or {weekday: monday}")
            return nil
        }
    }

    private mutating func condition(_ cursor: YAMLCursor?) -> Condition? {
        guard let passage = cursor?.passage() else { return nil }
        let (typed, diagnostics) = vocabulary.condition(passage)
        log.add(diagnostics)
        guard let typed else { return nil }
        use(Reach(of: [typed], in: vocabulary))
        if let cursor { refuseShown(inside: typed, cursor) }
        return Condition(expression: vocabulary.naming(typed), written: passage)
    }

    private mutating func evidence(_ cursor: YAMLCursor?) -> EvidenceExpression? {
        guard let passage = cursor?.passage() else { return nil }
        let (typed, diagnostics) = vocabulary.evidence(passage)
        log.add(diagnostics)
        if let typed {
            let facts = AggregateExpression(.count, typed.kind, where: typed.filter, typed.span ?? .orderFile)
            use(Reach(of: [TypedExpression(.aggregate(facts), .number)], in: vocabulary))
        }
        return typed
    }

    func gates() -> [Gate] {
        let known = entries("rules").map(\.key)
        return entries("gates").compactMap { gate($0, known) }
    }

    private func gate(_ entry: YAMLEntry, _ known: [String]) -> Gate? {
        if !YAMLCursor.isID(entry.key) {
            entry.error(
                "'\(entry.key)' cannot name a gate; ids are letters, digits, '.', '_' and '-' and begin with a letter or "
                    + "digit")
        }
        let cursor = entry.value.named("gate '\(entry.key)'")
        let advice = ["plan": "is not supported by this version"]
        guard let keys = cursor.keys(["title", "rules"], required: ["rules"], advice: advice) else { return nil }
        let title = keys["title"]?.words() ?? Words(en: entry.key, zh: entry.key)
        guard let items = keys["rules"]?.items() else { return nil }
        var rules: [String] = []
        for item in items {
            guard let id = item.string() else { continue }
            if !known.contains(id) {
                item.error("no rule is called '\(id)'\(NearestName.hint(for: id, among: known))")
            } else if rules.contains(id) {
                item.warning("the gate lists '\(id)' twice")
            } else {
                rules.append(id)
            }
        }
        if items.isEmpty { keys["rules"]?.error("gate '\(entry.key)' has no rule; a gate decides by at least one") }
        return Gate(id: entry.key, title: title, rules: rules)
    }
}
