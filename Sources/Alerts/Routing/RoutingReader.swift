package import Facts
import Language
package import Rules

/// What a receiver wants to hear, and when nobody wants to: as it is written, in the configuration and in tests of packs.
package enum RoutingReader {
    /// Of a receiver's entry.
    package static let keys = ["when", "except", "group", "remind", "quiet", "zone", "after", "digest"]
    /// Of a store's.
    package static let windowKeys = ["maintenance", "promotions"]
    package static let filterKeys = ["platform", "store", "rule", "labels", "severity", "standing"]

    /// What a receiver wants to hear. Everything found wrong is said; what could be read comes back all the same.
    package static func route(_ keys: YAMLKeys, of receiver: String, _ kind: ReceiverKind) -> Route {
        var route = Route(receiver: receiver)
        (route.bundles, route.mostTogether) = (kind.bundles, kind.mostTogether)
        if kind.hasMembers {
            for key in ["group", "remind", "quiet", "after", "digest"] {
                keys[key]?.error("\(kind.rawValue) groups, waits and repeats by itself; leave \(key): out")
            }
        }
        route.when = keys["when"].map(filter) ?? AlertFilter()
        route.except = keys["except"].map(filter)
        route.remind = keys["remind"].flatMap { positive($0, atLeast: .seconds(1)) }
        route.after = keys["after"].flatMap { positive($0, atLeast: .seconds(1)) }
        if let group = keys["group"] {
            if kind.bundles {
                route.grouping = grouping(group)
            } else {
                group.error("\(kind.rawValue) takes each alert by itself; leave group: out")
            }
        }
        let zone = keys["zone"].flatMap { cursor -> StoreCalendar? in
            guard let name = cursor.string() else { return nil }
            guard let calendar = StoreCalendar(timezone: name) else {
                cursor.error("'\(name)' is no time zone; write an IANA name such as Asia/Shanghai, or UTC")
                return nil
            }
            return calendar
        }
        if let quiet = keys["quiet"], quiet.word(of: ["daily"]) != nil {
            if keys["zone"] == nil {
                quiet.error(
                    "quiet: is from 22:00 to 08:00 where the receiver's people live; say where: zone: Asia/Shanghai")
            }
            route.quiet = zone.map(QuietHours.init(in:))
        }
        if let digest = keys["digest"], let time = timeOfDay(digest) {
            if let zone { route.digest = DigestHour(zone, microsecondsOfDay: time) }
            if keys["zone"] == nil {
                digest.error("digest: is an hour where the receiver's people live; say where: zone: Asia/Shanghai")
            }
            for key in ["group", "remind", "quiet", "after"] {
                keys[key]?.error("a receiver with digest: hears once a day, and of nothing else; leave \(key): out")
            }
        }
        route.zone = zone
        if keys["quiet"] == nil, keys["digest"] == nil, !kind.isForPeople, let zone = keys["zone"] {
            zone.error("zone: says where quiet: and digest: hold, and in which zone people read times; leave it out")
        }
        return route
    }

    private static func grouping(_ cursor: YAMLCursor) -> Grouping? {
        guard let keys = cursor.keys(["by", "wait", "interval", "urgent"], required: ["by"]) else { return nil }
        var grouping = Grouping(by: words(keys["by"]))
        if let wait = keys["wait"]?.span() { grouping.wait = wait }
        if let interval = keys["interval"]?.span() { grouping.interval = interval }
        if let urgent = keys["urgent"] {
            grouping.isUrgentAtOnce = urgent.word(of: ["immediate", "grouped"]) == "immediate"
        }
        return grouping
    }

    /// Which alerts are meant.
    package static func filter(_ cursor: YAMLCursor) -> AlertFilter {
        cursor.keys(filterKeys).map { filter($0, cursor) } ?? AlertFilter()
    }

    /// Among other keys.
    static func filter(_ keys: YAMLKeys, _ cursor: YAMLCursor) -> AlertFilter {
        var filter = AlertFilter()
        filter.platforms = words(keys["platform"])
        filter.stores = words(keys["store"])
        filter.rules = words(keys["rule"])
        for label in keys["labels"]?.entries() ?? [] { filter.labels[label.key] = words(label.value) }
        filter.severities = words(keys["severity"], of: Severity.allCases)
        filter.standings = words(keys["standing"], of: [Standing.warning, .breach])
        if keys.written.isDisjoint(with: filterKeys) {
            cursor.error("\(cursor.path) names nothing; give one of \(filterKeys.joined(separator: ", "))")
        }
        return filter
    }

    /// One word, or a list of them.
    private static func words(_ cursor: YAMLCursor?) -> [String] {
        guard let cursor else { return [] }
        return cursor.isList ? (cursor.items() ?? []).compactMap { $0.string() } : [cursor.string()].compactMap { $0 }
    }

    private static func words<Word: RawRepresentable<String>>(_ cursor: YAMLCursor?, of known: [Word]) -> [Word] {
        guard let cursor else { return [] }
        return (cursor.isList ? cursor.items() ?? [] : [cursor]).compactMap { item in
            item.word(of: known.map(\.rawValue)).flatMap(Word.init(rawValue:))
        }
    }

    /// Which alert holds back which others: an entry of `inhibit:`. nil where what is wrong with it is in the log.
    package static func inhibition(_ cursor: YAMLCursor) -> Inhibition? {
        guard let keys = cursor.keys(["source", "target", "equal"], required: ["source", "target"]),
            let source = keys["source"].map(filter), let target = keys["target"].map(filter)
        else { return nil }
        return Inhibition(source: source, target: target, equal: words(keys["equal"]))
    }

    // MARK: Windows of stores

    /// Times in which nobody wants to hear of a store.
    package static func windows(_ keys: YAMLKeys) -> [StoreWindow] {
        zip(windowKeys, [StoreWindow.Kind.maintenance, .promotion]).flatMap { key, kind in
            (keys[key]?.items() ?? []).compactMap { window($0, kind) }
        }
    }

    private static func window(_ cursor: YAMLCursor, _ kind: StoreWindow.Kind) -> StoreWindow? {
        guard let keys = cursor.keys(["from", "until", "weekly", "at", "for", "why"]) else { return nil }
        let why = keys["why"]?.string()
        if let weekly = keys["weekly"] {
            guard keys["from"] == nil, keys["until"] == nil, let at = keys["at"], let length = keys["for"] else {
                cursor.error("a weekly window has a day, a time and a length: {weekly: sunday, at: \"02:00\", for: 4h}")
                return nil
            }
            let days = words(weekly, of: Weekday.allCases).map(\.number)
            guard let time = timeOfDay(at), let span = positive(length, atLeast: .minutes(1)), !days.isEmpty else {
                return nil
            }
            guard span <= .days(7) else {
                length.error("a weekly window is no longer than a week")
                return nil
            }
            return StoreWindow(kind, .weekly(weekdays: days, microsecondsOfDay: time, length: span), why: why)
        }
        guard let from = keys["from"].flatMap(wallTime), let until = keys["until"].flatMap(wallTime) else {
            if keys["from"] == nil || keys["until"] == nil {
                cursor.error(
                    "a window has from: and until: (2026-12-01, or 2026-12-01T22:00), or weekly:, at: and for:")
            }
            return nil
        }
        guard (from.day, from.microsecondsOfDay) < (until.day, until.microsecondsOfDay) else {
            keys["until"]?.error("\(cursor.path) ends before it begins; until: is excluded")
            return nil
        }
        return StoreWindow(kind, .once(from: from, until: until), why: why)
    }

    private enum Weekday: String, CaseIterable {
        case monday, tuesday, wednesday, thursday, friday, saturday, sunday

        var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
    }

    /// A day, or a day and a time on the wall of the store.
    private static func wallTime(_ cursor: YAMLCursor) -> StoreWindow.WallTime? {
        guard let text = cursor.string() else { return nil }
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        if let day = LocalDay(String(parts[0])) {
            if parts.count == 1 { return StoreWindow.WallTime(day: day) }
            if let time = microseconds(String(parts[1])) {
                return StoreWindow.WallTime(day: day, microsecondsOfDay: time)
            }
        }
        cursor.error("'\(text)' is no day such as 2026-12-01, nor a day with a time such as 2026-12-01T22:00")
        return nil
    }

    private static func timeOfDay(_ cursor: YAMLCursor) -> Int64? {
        guard let text = cursor.string() else { return nil }
        if let time = microseconds(text) { return time }
        cursor.error("'\(text)' is no time of day such as \"02:00\"")
        return nil
    }

    private static func microseconds(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hours = Int64(parts[0]),
            let minutes = Int64(parts[1]), (0..<24).contains(hours), (0..<60).contains(minutes)
        else { return nil }
        return (hours * 60 + minutes) * 60_000_000
    }

    /// A span that is not shorter than what one can wait for.
    package static func positive(_ cursor: YAMLCursor, atLeast least: TimeSpan) -> TimeSpan? {
        guard let span = cursor.span() else { return nil }
        guard span >= least else {
            cursor.error("\(cursor.path) is too short; at least \(least.written)")
            return nil
        }
        return span
    }
}
