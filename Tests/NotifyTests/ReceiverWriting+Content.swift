import Alerts
import Notify
import Rules

extension ReceiverWriting {
    /// What is sent of alerts that are told together, each written first as it is kept.
    func bytes(of content: NoticeContent) -> [UInt8] {
        body(
            of: content.alerts.map { Part(part($0, id: content.id), told: $0.before) }, id: content.id,
            receiver: content.receiver,
            madeAt: content.madeAt)
    }
}

extension NoticeContent.Told {
    /// As what it was told before it happened, by somebody who heard of everything.
    fileprivate var before: Standing? {
        switch event.kind {
        case .raised: report.announced ?? .warning
        case .lowered: report.announced ?? .breach
        default: report.announced
        }
    }
}
