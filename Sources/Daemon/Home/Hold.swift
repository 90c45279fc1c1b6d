package import Facts
import Synchronization

/// Whether tokens may be refreshed and notices sent. A lock and no actor: who is about to send asks in passing.
///
/// Of a copy of a ledger nobody knows whether the ledger itself is at work elsewhere. Two that refresh one token lose it
/// for both, and two that send tell everything twice.
package final class Hold: Sendable {
    private let state = Mutex<Words?>(nil)

    package init() {}

    /// Why nothing is refreshed and sent; nil: all goes its way.
    package var reason: Words? { state.withLock { $0 } }

    func set(_ reason: Words?) { state.withLock { $0 = reason } }

    /// What it means, and the way out.
    package static func words(_ reason: Words) -> Words {
        reason
            + Words(
                en:
                    ": no token is refreshed and no notice sent until `goodstanding resume` has shown what it would do, and `goodstanding resume --yes` let go",
                zh: "：暂停刷新令牌和发送通知；请先用 `goodstanding resume` 查看将要执行的操作，再用 `goodstanding resume --yes` 恢复")
    }
}
