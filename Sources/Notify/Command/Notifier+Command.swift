import Alerts
import Facts
import Foundation

/// A program of this machine, which is given the notice's JSON on its standard input.
extension Notifier {
    /// 0 is success. sysexits.h calls 75 what may pass by itself (EX_TEMPFAIL).
    func run(
        _ words: [String], with notice: Notice, for receiver: Receiver, attempt: Int,
        using generator: inout some RandomNumberGenerator
    ) async -> Outcome {
        let ending = await Command(words: words, environment: Self.environment(notice), input: notice.body).run()
        let kind: Failure.Kind
        var words: String
        switch ending {
        case .exited(0, let said): return .taken(Self.answer("it ended with 0" + (said.isEmpty ? "" : ": \(said)")))
        case .interrupted: return .interrupted
        case .exited(let status, let said):
            kind = status == 75 ? .passing : .needsMending
            words = "it ended with \(status)" + (said.isEmpty ? "" : ": \(said)")
        case .killed(let signal, let said):
            kind = .needsMending
            words = "it ended by signal \(signal)" + (said.isEmpty ? "" : ": \(said)")
        case .tooSlow:
            kind = .needsMending
            words = "it was not through within \(Command.limit) and was ended"
        case .notStarted(let reason):
            kind = .needsMending
            words = "it could not be started: \(reason)"
        }
        words = "Giving a notice to command '\(receiver.id)' (\(receiver.host), attempt \(attempt)) failed: \(words)."
        return retry(kind, words, attempt, using: &generator)
    }

    /// Nothing of ours but where programs and a home are, and of the notice what a script decides by.
    private static func environment(_ notice: Notice) -> [String: String] {
        let own = ProcessInfo.processInfo.environment
        var environment = own.filter { ["PATH", "HOME", "LANG"].contains($0.key) }
        environment["GOODSTANDING_NOTICE_ID"] = notice.id
        environment["GOODSTANDING_EVENT"] = event(notice.body)
        environment["GOODSTANDING_STORE"] = notice.key.store
        environment["GOODSTANDING_RULE"] = notice.key.rule
        // A byte that ends a text in C stands in no id; none is cut in two by one.
        return environment.mapValues { $0.replacing("\0", with: "") }
    }

    /// Of the last alert; of what is none, its type.
    private static func event(_ body: [UInt8]) -> String {
        body.withUnsafeBytes { bytes in
            let opened = Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
            guard let root = try? opened.get().root else { return "" }
            return root["data"]?["alerts"]?.elements.last?["event"]?.text ?? root["type"]?.text ?? ""
        }
    }
}
