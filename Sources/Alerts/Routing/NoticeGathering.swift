package import Facts
import Rules

/// What waits for one receiver, to notices: pure, so that the same that waits at the same moment always gives the same.
///
/// - Nothing overtakes what was made before it about the same store and rule, but the end of something told: that ends a
///   hold as well.
/// - What was held back by a silence, a window, another alert or a step of escalation is told once, in one message, when
///   the hold is over and it still goes on. What began and ended meanwhile is not told.
/// - What a first look finds, or a changed limit brings about, is one message: all of it has one cause.
/// - What waited for the morning or for its group is told whole, firing and resolve.
package struct NoticeGathering: Sendable {
    /// An item that waits.
    package struct Waiting: Sendable, Hashable {
        package var item: NoticeItem
        package var subject: AlertSubject
        /// Something of the episode was told to the receiver before.
        package var wasTold: Bool
        /// Why it was not told when it was looked at last.
        package var held: NoticeHold.Cause?

        package init(_ item: NoticeItem, _ subject: AlertSubject, wasTold: Bool, held: NoticeHold.Cause?) {
            (self.item, self.subject, self.wasTold, self.held) = (item, subject, wasTold, held)
        }
    }

    /// Why something is never told to a receiver.
    package enum NeverTold: String, Sendable, Hashable, CaseIterable {
        /// It ended before the hold did.
        case overBefore = "over_before"
        /// A later word about the same makes it needless.
        case superseded
        /// Somebody looks after it.
        case acknowledged
        /// The receiver never heard that it began.
        case notTold = "not_told"

        package var title: Words {
            switch self {
            case .overBefore: Words(en: "over before the hold was", zh: "暂缓结束前已恢复")
            case .superseded: Words(en: "a later word says more", zh: "已被后续消息取代")
            case .acknowledged: Words(en: "somebody looks after it", zh: "已有人跟进")
            case .notTold: Words(en: "it was not told of the beginning", zh: "未曾通知其开始")
            }
        }
    }

    package struct Outcome: Sendable, Hashable {
        /// Each the items of one notice, in the order in which they happened.
        package var notices: [[NoticeItem]] = []
        package var withheld: [String: NeverTold] = [:]
        /// Of items that go on waiting.
        package var holds: [String: NoticeHold] = [:]

        /// When it has to be looked at again though nothing happens.
        package var wake: Timestamp? { holds.values.compactMap(\.until).min() }
    }

    package var route: Route
    /// When the last message about a group was made, by its name.
    package var lastTold: [String: Timestamp]
    /// The silences, windows and inhibitions that hold an item; nil: none does.
    package var hold: @Sendable (Waiting) -> NoticeHold?
    /// The episodes that somebody looks after, and until when; nil: as long as they go on.
    package var acknowledged: [String: Timestamp?]

    package init(
        route: Route, lastTold: [String: Timestamp], acknowledged: [String: Timestamp?],
        hold: @escaping @Sendable (Waiting) -> NoticeHold?
    ) {
        (self.route, self.lastTold, self.acknowledged, self.hold) = (route, lastTold, acknowledged, hold)
    }

    /// - Parameter waiting: in the order in which they were made.
    package func gather(_ waiting: [Waiting], at now: Timestamp) -> Outcome {
        var outcome = Outcome()
        var (alone, released, groups): ([NoticeItem], [NoticeItem], [String: [Waiting]]) = ([], [], [:])
        for line in lines(waiting) {
            let free = freed(line, at: now, &outcome)
            guard !free.isEmpty else { continue }
            let items = free.map(\.item)
            if free.contains(where: { $0.item.isBeginning || $0.held?.isHeldBack ?? false }) {
                released += items
            } else if route.grouping != nil {
                groups[items[0].grouping, default: []] += free
            } else {
                alone += items
            }
        }
        for (name, waiting) in groups.sorted(by: { $0.key < $1.key }) {
            if let due = due(waiting, name), due > now {
                for one in waiting { outcome.holds[one.item.id] = NoticeHold(.group, because: name, until: due) }
            } else {
                outcome.notices.append(waiting.map(\.item))
            }
        }
        if route.bundles { if !released.isEmpty { outcome.notices.append(released) } } else { alone += released }
        outcome.notices += alone.map { [$0] }
        // In the order in which things happened: what is sent first began first.
        let places = Dictionary(waiting.enumerated().map { ($1.item.id, $0) }) { first, _ in first }
        outcome.notices = outcome.notices.map { items in items.sorted { places[$0.id] ?? 0 < places[$1.id] ?? 0 } }
            .sorted { places[$0[0].id] ?? 0 < places[$1[0].id] ?? 0 }
        if let most = route.mostTogether {
            // What a first look finds in a thousand stores would be refused as too large, whenever it is sent.
            outcome.notices = outcome.notices.flatMap { items in
                stride(from: 0, to: items.count, by: most).map { Array(items[$0..<min(items.count, $0 + most)]) }
            }
        }
        return outcome
    }

    /// What is about one store and rule, each in order.
    private func lines(_ waiting: [Waiting]) -> [[Waiting]] {
        var (places, lines): ([AlertKey: Int], [[Waiting]]) = ([:], [])
        for one in waiting {
            if let place = places[one.item.key] {
                lines[place].append(one)
            } else {
                places[one.item.key] = lines.count
                lines.append([one])
            }
        }
        return lines
    }

    /// What of one store and rule may be told now.
    private func freed(_ line: [Waiting], at now: Timestamp, _ outcome: inout Outcome) -> [Waiting] {
        var free: [Waiting] = []
        for episode in episodes(of: line) {
            let first = episode[0]
            let isOver = episode.last?.item.event == .resolved
            if let stop = stop(of: episode, isOver: isOver) {
                for one in episode { outcome.withheld[one.item.id] = stop }
                continue
            }
            // Whoever heard that it began hears that it is over, whatever holds back the rest.
            let hold = isOver && first.wasTold ? endHold(of: episode, at: now) : hold(of: episode, at: now)
            if let hold {
                for one in episode { outcome.holds[one.item.id] = hold }
                return free
            }
            free += reduced(episode, isOver: isOver, &outcome)
        }
        return free
    }

    private func episodes(of line: [Waiting]) -> [[Waiting]] {
        var episodes: [[Waiting]] = []
        for one in line {
            if episodes.last?[0].item.episode == one.item.episode {
                episodes[episodes.count - 1].append(one)
            } else {
                episodes.append([one])
            }
        }
        return episodes
    }

    private func stop(of episode: [Waiting], isOver: Bool) -> NeverTold? {
        let first = episode[0]
        guard !first.wasTold else { return nil }
        if !episode.contains(where: { $0.item.interest == .owed }) { return .notTold }
        guard route.after != nil else { return nil }
        if isOver { return .overBefore }
        return acknowledged[first.item.episode] == .some(nil) ? .acknowledged : nil
    }

    private func hold(of episode: [Waiting], at now: Timestamp) -> NoticeHold? {
        let first = episode[0]
        if let after = route.after, !first.wasTold {
            // From the first word on: what swings between warning and breach is not put off by that.
            let due = max(
                first.item.madeAt + after, acknowledged[first.item.episode].flatMap { $0 } ?? first.item.madeAt)
            if due > now { return NoticeHold(.escalation, until: due) }
        }
        // The last word decides: a silence may let through what has grown worse.
        return episode.last.flatMap(hold) ?? night(first, at: now)
    }

    /// An end waits for the morning, and for others of its kind while these are being found.
    private func endHold(of episode: [Waiting], at now: Timestamp) -> NoticeHold? {
        if let last = episode.last, last.item.isBeginning, let hold = hold(last), hold.cause == .firstLook {
            return hold
        }
        return night(episode[0], at: now)
    }

    private func night(_ waiting: Waiting, at now: Timestamp) -> NoticeHold? {
        guard let quiet = route.quiet, waiting.item.isDaily, waiting.subject.severity != .critical,
            let end = quiet.end(at: now)
        else { return nil }
        return NoticeHold(.quiet, until: end)
    }

    /// What is told of an episode that nothing holds any more.
    private func reduced(_ episode: [Waiting], isOver: Bool, _ outcome: inout Outcome) -> [Waiting] {
        guard episode.contains(where: { $0.held?.withholds ?? false }) else { return episode }
        let words = episode.filter { $0.item.event != .reminder }
        let reminders = episode.filter { $0.item.event == .reminder }
        func drop(_ some: some Sequence<Waiting>, _ why: NeverTold) {
            for one in some { outcome.withheld[one.item.id] = why }
        }
        guard let last = words.last else {
            drop(reminders.dropLast(), .superseded)
            return Array(reminders.suffix(1))
        }
        drop(reminders, .superseded)
        if episode[0].wasTold {
            // One word about where it stands now.
            drop(words.dropLast(), .superseded)
            return [last]
        }
        // It is over, or stands where the receiver does not want to hear of it any more.
        if isOver || last.item.interest != .owed {
            drop(words, .overBefore)
            return []
        }
        // Who never heard of it hears how it began.
        return words
    }

    /// When a group's message goes; nil: at once.
    private func due(_ waiting: [Waiting], _ name: String) -> Timestamp? {
        guard let grouping = route.grouping, let first = waiting.map(\.item.madeAt).min() else { return nil }
        if grouping.isUrgentAtOnce, waiting.contains(where: \.isUrgent) { return nil }
        var due = first + grouping.wait
        if let last = lastTold[name] { due = max(due - grouping.wait, last + grouping.interval) }
        // Nobody waits long for the word that all is over.
        if waiting.allSatisfy({ $0.item.event == .resolved }) { due = min(due, first + Grouping.longestAtEnd) }
        return due
    }
}

extension NoticeGathering.Waiting {
    fileprivate var isUrgent: Bool {
        subject.severity == .critical && item.standing == .breach && (item.event == .firing || item.event == .raised)
    }
}
