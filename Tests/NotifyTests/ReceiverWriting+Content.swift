import Alerts
import Notify

extension ReceiverWriting {
    /// What is sent of alerts that are told together, each written first as it is kept.
    func bytes(of content: NoticeContent) -> [UInt8] {
        body(
            of: content.alerts.map { part($0, id: content.id) }, id: content.id, receiver: content.receiver,
            madeAt: content.madeAt)
    }
}
