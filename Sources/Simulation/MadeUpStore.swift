package import Facts

/// A made-up store: from its seed and its story follows everything that happens there, day by day.
package struct MadeUpStore: Sendable {
    package let id: String
    package let story: Story
    /// Orders on an ordinary day.
    package let ordersPerDay: Int
    /// The day on which the story takes its turn.
    package let turn: LocalDay

    package init(id: String, story: Story, ordersPerDay: Int = 30, turn: LocalDay) {
        (self.id, self.story, self.ordersPerDay, self.turn) = (id, story, ordersPerDay, turn)
    }

    /// How things go at a store.
    package enum Story: String, CaseIterable, Sendable {
        /// Nothing worth telling.
        case healthy
        /// From the turn on more and more orders end in a dispute.
        case sliding
        /// Many disputes around the turn; twelve days later the platform takes them back on appeal.
        case healed
        /// Hardly any orders: too few to judge.
        case tiny
        /// From the turn on parcels leave too late.
        case late
        /// From the turn on buyers rate what they got below what was described.
        case disappointing
        /// From the turn on the store cancels what it cannot deliver.
        case soldOut
        /// From the turn on buyers wait for an answer.
        case silent
    }

    /// The days of the store are those of China: UTC+8 all year.
    static func start(of day: LocalDay) -> Timestamp { Timestamp(seconds: Int64(day.number) * 86_400 - 8 * 3600) }

    /// All that begins on these days and what becomes of it, whenever that is.
    package func history(over days: Range<LocalDay>, seed: UInt64) -> [MadeUpFact] {
        let own = id.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return days.flatMap { happenings(of: $0, seed: own) }
    }

    private func happenings(of day: LocalDay, seed: UInt64) -> [MadeUpFact] {
        var dice = Dice(seed: seed, Int(day.number))
        let count = story == .tiny ? dice.within(0...1) : dice.within((ordersPerDay * 3 / 4)...(ordersPerDay * 5 / 4))
        var facts: [MadeUpFact] = []
        for number in 0..<count {
            var orderDice = Dice(seed: dice.next())
            MadeUpOrder(store: self, day: day, number: number).tell(into: &facts, &orderDice)
        }
        for number in 0..<dice.within(0...max(1, ordersPerDay / 10)) {
            facts.append(inquiry(on: day, number: number, &dice))
        }
        return facts
    }

    private func inquiry(on day: LocalDay, number: Int, _ dice: inout Dice) -> MadeUpFact {
        let opened = MadeUpStore.start(of: day) + .seconds(dice.minutes(480...1380))
        let wait = isAfterTurn(day) && story == .silent ? dice.minutes(1500...4000) : dice.minutes(5...600)
        let answered = opened + .seconds(wait)
        return MadeUpFact(
            kind: .case, store: id, id: "C\(MadeUpOrder.stamp(day))-\(number)",
            changes: [
                .init(
                    at: opened,
                    members: [
                        ("type", .text("inquiry")), ("opened_at", .time(opened)),
                        ("due_at", .time(opened + .hours(24))),
                        ("channel", .text("chat")),
                    ]),
                .init(
                    at: answered,
                    members: [("responded_at", .time(answered)), ("resolved_at", .time(answered + .minutes(20)))]),
            ])
    }

    func isAfterTurn(_ day: LocalDay) -> Bool { day >= turn }

    /// Of ten thousand orders of that day, how many end in a dispute.
    func disputes(on day: LocalDay) -> Int {
        switch story {
        case .sliding where day >= turn: min(700, 150 + 40 * turn.distance(to: day))
        case .healed where day >= turn && day < turn.advanced(by: 6): 900
        case .tiny: 400
        default: 15
        }
    }
}
