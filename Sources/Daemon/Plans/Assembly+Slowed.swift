import Facts
import Ledgers
import Pull

/// One pull after another of what a plan has slowed down: the limit is a day's, however often somebody asks.
extension Assembly {
    /// Of a store whose plan was slowed down and that was pulled a short while ago: when it may be pulled again; nil: now.
    func isTooSoon(_ subject: PullSubject) async throws(LedgerError) -> Words? {
        guard let store = subject.store, slowed.contains(where: { $0.slowsStores && $0.pulled.contains(store) }) else {
            return nil
        }
        let record = try await ledger.pullRecord(of: subject.name, store: store)
        guard record.failures == 0, let state = record.state.flatMap({ PullState(text: $0) }), state.cursor == nil,
            let last = state.finishedRequestAt, last + subject.every > clock.now
        else { return nil }
        return subject.words
            + Words(
                en:
                    " was pulled at \(last), and is not pulled again before \(last + subject.every): more would be over half of the platform's limit; pull --plan says more",
                zh:
                    " 已于 \(last) 拉取，\(last + subject.every) 之前不再拉取：否则将超过平台限额的一半；详见 pull --plan")
    }
}

extension CallPlan {
    /// What is said of a store for which there is no room.
    static func heldBack(_ store: String) -> Words {
        Words(
            en:
                "store '\(store)' is not pulled: with it the plan needs more than half of the platform's limit; pull --plan says what fits",
            zh: "店铺 '\(store)' 未拉取：否则计划将超过平台限额的一半；可行配置见 pull --plan")
    }
}

extension CallPlan.Use {
    /// The stores are pulled more seldom, and not only a reading of them.
    fileprivate var slowsStores: Bool {
        switch fits?.change {
        case .stores, .fewer: true
        case .stream, nil: false
        }
    }
}
