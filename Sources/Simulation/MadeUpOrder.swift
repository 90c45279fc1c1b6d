import Facts

/// One order from basket to rating.
struct MadeUpOrder {
    let store: MadeUpStore
    let day: LocalDay
    let number: Int

    static func stamp(_ day: LocalDay) -> String {
        let civil = day.civil
        return String(civil.year * 10_000 + civil.month * 100 + civil.day)
    }

    private var order: String { "\(MadeUpOrder.stamp(day))-\(number)" }

    func tell(into facts: inout [MadeUpFact], _ dice: inout Dice) {
        let amount = dice.within(990...29_900)
        let placed = MadeUpStore.start(of: day) + .seconds(dice.minutes(420...1435))
        let buyer = "h:" + MadeUpOrder.hex(dice.next()) + MadeUpOrder.hex(dice.next())
        var changes = [
            MadeUpFact.Change(
                at: placed,
                members: [
                    ("placed_at", .time(placed)), ("status", .text("open")), ("amount", .amount(amount)),
                    ("currency", .text("CNY")), ("units", .whole(dice.within(1...3))), ("fulfillment", .text("seller")),
                    ("buyer", .text(buyer)),
                ])
        ]
        func note(_ at: Timestamp, _ members: [(name: String, value: MadeUpValue)]) {
            changes.append(MadeUpFact.Change(at: at, members: members))
        }
        defer { facts.append(MadeUpFact(kind: .order, store: store.id, id: order, changes: changes)) }

        guard dice.happens(9_600) else {
            let canceled = placed + .minutes(30)
            note(
                canceled,
                [("status", .text("canceled")), ("canceled_at", .time(canceled)), ("canceled_by", .text("buyer"))])
            return
        }
        let paid = placed + .seconds(dice.minutes(1...20))
        let shipBy = paid + .hours(48)
        note(paid, [("status", .text("paid")), ("paid_at", .time(paid)), ("ship_by", .time(shipBy))])

        let turned = store.isAfterTurn(day)
        if dice.happens(store.story == .soldOut && turned ? 600 : 5) {
            let canceled = paid + .seconds(dice.minutes(600...2400))
            note(
                canceled,
                [("status", .text("canceled")), ("canceled_at", .time(canceled)), ("canceled_by", .text("seller"))])
            return
        }
        let isLate = dice.happens(store.story == .late && turned ? 2_000 : 60)
        let shipped = paid + .seconds(isLate ? dice.minutes(2_900...5_000) : dice.minutes(120...1_800))
        let deliverBy = shipped + .days(5)
        note(
            shipped,
            [
                ("status", .text("shipped")), ("shipped_at", .time(shipped)), ("deliver_by", .time(deliverBy)),
                ("tracked", .bool(dice.happens(9_850))),
            ])
        let pickedUp = shipped + .seconds(dice.minutes(30...480))
        note(pickedUp, [("picked_up_at", .time(pickedUp))])
        let delivered = pickedUp + .seconds(dice.minutes(1_000...5_500))
        note(delivered, [("status", .text("delivered")), ("delivered_at", .time(delivered))])
        let completed = delivered + .days(7)
        note(completed, [("status", .text("completed")), ("completed_at", .time(completed))])

        if dice.happens(4_000) { facts.append(rating(after: delivered, &dice)) }
        if dice.happens(store.disputes(on: day)) {
            facts.append(refund(of: amount, after: delivered, isDisputed: true, &dice))
        } else if dice.happens(250) {
            facts.append(refund(of: amount, after: delivered, isDisputed: false, &dice))
        }
    }

    private func rating(after delivered: Timestamp, _ dice: inout Dice) -> MadeUpFact {
        let rated = delivered + .seconds(dice.minutes(60...7_000))
        let isDisappointing = store.story == .disappointing && store.isAfterTurn(day)
        func score(_ dice: inout Dice, isPoor: Bool) -> Int {
            isPoor ? (dice.happens(3_500) ? dice.within(1...3) : 5) : (dice.happens(900) ? 4 : 5)
        }
        let description = score(&dice, isPoor: isDisappointing)
        let logistics = score(&dice, isPoor: false)
        let service = score(&dice, isPoor: false)
        return MadeUpFact(
            kind: .rating, store: store.id, id: "R\(order)",
            changes: [
                .init(
                    at: rated,
                    members: [
                        ("order", .text(order)), ("product", .text("P\(number % 7)")), ("rated_at", .time(rated)),
                        ("score", .whole(min(description, service))), ("description", .whole(description)),
                        ("logistics", .whole(logistics)), ("service", .whole(service)),
                    ])
            ])
    }

    private func refund(of amount: Int, after delivered: Timestamp, isDisputed: Bool, _ dice: inout Dice) -> MadeUpFact
    {
        let opened = delivered + .seconds(dice.minutes(60...2_880))
        let responded = opened + .seconds(dice.minutes(10...900))
        let refunded = responded + .seconds(dice.minutes(30...1_400))
        let reasons =
            isDisputed ? ["quality", "not_as_described", "damaged", "wrong_item"] : ["changed_mind", "price", "other"]
        var changes = [
            MadeUpFact.Change(
                at: opened,
                members: [
                    ("order", .text(order)), ("product", .text("P\(number % 7)")), ("opened_at", .time(opened)),
                    ("type", .text("refund")), ("reason", .text(reasons[dice.within(0...(reasons.count - 1))])),
                    ("status", .text("open")), ("disputed", .bool(false)), ("amount", .amount(amount)),
                    ("currency", .text("CNY")),
                ]),
            MadeUpFact.Change(at: responded, members: [("responded_at", .time(responded))]),
        ]
        var end: [(name: String, value: MadeUpValue)] = [
            ("status", .text("refunded")), ("refunded_at", .time(refunded)), ("closed_at", .time(refunded)),
            ("closed_by", .text(isDisputed ? "platform" : "seller")), ("disputed", .bool(isDisputed)),
        ]
        if isDisputed {
            end += [
                ("intervened", .bool(true)), ("intervened_at", .time(refunded - .minutes(20))),
                ("liable", .text("seller")),
            ]
        }
        changes.append(MadeUpFact.Change(at: refunded, members: end))
        if isDisputed, store.story == .healed, store.isAfterTurn(day) {
            let corrected = max(MadeUpStore.start(of: store.turn.advanced(by: 18)), refunded + .hours(1))
            changes.append(
                MadeUpFact.Change(
                    at: corrected,
                    members: [
                        ("excluded", .bool(true)), ("appeal", .text("won")), ("liable", .text("buyer")),
                    ]))
        }
        return MadeUpFact(kind: .refund, store: store.id, id: "A\(order)", changes: changes)
    }

    private static func hex(_ bits: UInt64) -> String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
