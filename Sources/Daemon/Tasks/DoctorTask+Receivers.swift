import Curl
import Facts
import Notify

/// Receivers, looked at without sending them anything.
extension DoctorTask {
    func look(at entry: ReceiverEntry, through transport: any Transport) async -> [Finding] {
        let name = Words(en: "receiver '\(entry.id)': ", zh: "接收方 '\(entry.id)'：")
        let receiver: Receiver
        do { receiver = try entry.receiver() } catch { return [Finding(grade: .bad, words: name + Words("\(error)"))] }
        return await ReceiverLook(receiver).findings(through: transport).map { found in
            let grade: Finding.Grade =
                switch found.grade {
                case .good: .good
                case .doubtful: .doubtful
                case .bad: .bad
                }
            return Finding(grade: grade, words: name + found.words)
        }
    }
}
