import Facts
import Language

extension PackReading {
    private static let ruleKeys = [
        "title", "require", "prefer", "given", "for", "keep", "severity", "evidence", "consequence", "remedy", "basis",
        "source", "from", "until", "fresh",
    ]

    private static let ruleAdvice: [String: String] = {
        let words = "is not supported by this version; write the condition as 'require' and 'prefer'"
        return [
            "levels": words, "aim": words, "each": "is not supported by this version; write a rule for each value",
            "assessed": "is not supported by this version; the rule is judged every day",
        ]
    }()

    mutating func rules(_ cursor: YAMLCursor) -> [Rule] {
        var rules: [Rule] = []
        for entry in cursor.entries() ?? [] {
            if !YAMLCursor.isID(entry.key) {
                entry.error(
                    "'\(entry.key)' cannot name a rule; ids are letters, digits, '.', '_' and '-' and begin with a "
                        + "letter or digit")
            }
            if let rule = rule(entry) { rules.append(rule) }
        }
        return rules
    }

    private mutating func rule(_ entry: YAMLEntry) -> Rule? {
        let cursor = entry.value.named("rule '\(entry.key)'")
        guard let keys = cursor.keys(PackReading.ruleKeys, advice: PackReading.ruleAdvice) else { return nil }
        if keys["require"] == nil, !cursor.hasKey("levels") { entry.error("rule '\(entry.key)' lacks 'require'") }
        let require = condition(keys["require"])
        let prefer = condition(keys["prefer"])
        let given = condition(keys["given"])
        let evidence = evidence(keys["evidence"])
        let severity = keys["severity"]?.word(of: Severity.allCases.map(\.rawValue)).flatMap(Severity.init(rawValue:))
        let (from, until) = period(keys)
        let reach = Reach(of: [given, require, prefer].compactMap { $0?.expression }, in: vocabulary)
        if let evidence, evidence.span == nil, !reach.aggregates.contains(where: { $0.kind == evidence.kind }) {
            keys["evidence"]?.error(
                "evidence needs a span here, such as 'by … over 30d': no condition of the rule counts \(evidence.kind.name)s"
            )
        }
        let limits = require.map { Reach(of: [$0.expression], in: vocabulary).parameters }
        let (basis, source) = authority(
            keys, what: "a shipped rule with a limit of its own", of: cursor,
            isNeeded: isBuiltIn && limits?.isEmpty == true)
        let title = keys["title"]?.words() ?? Words(en: entry.key, zh: entry.key)
        let rule = (
            for: keys["for"]?.span() ?? .zero, keep: keys["keep"]?.span() ?? .zero,
            consequence: keys["consequence"]?.words(), remedy: keys["remedy"]?.words(),
            fresh: keys["fresh"]?.span() ?? Rule.defaultFresh
        )
        guard let require else { return nil }
        return Rule(
            id: entry.key, title: title, require: require, prefer: prefer, given: given, for: rule.for, keep: rule.keep,
            severity: severity ?? .major, evidence: evidence, consequence: rule.consequence, remedy: rule.remedy,
            basis: basis, source: source, from: from, until: until, fresh: rule.fresh,
            reach: reach, harm: Harm.aggregates(of: require.expression, in: vocabulary), limits: limits ?? [])
    }

    private mutating func condition(_ cursor: YAMLCursor?) -> Condition? {
        guard let passage = cursor?.passage() else { return nil }
        let (typed, diagnostics) = vocabulary.condition(passage)
        log.add(diagnostics)
        guard let typed else { return nil }
        use(Reach(of: [typed], in: vocabulary))
        return Condition(expression: typed, written: passage)
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

    func gates(_ cursor: YAMLCursor, of rules: YAMLCursor?) -> [Gate] {
        let known = (rules?.quiet.entries() ?? []).map(\.key)
        return (cursor.entries() ?? []).compactMap { gate($0, known) }
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
