import FireSupport
import Foundation

/// 10,000 alerts, 8 receivers, 100 kills: `make fire`. It ends with 1 when something was lost, came out of order, or came
/// again under another id, and with 2 when nothing was, but the disk could not be filled. A number as its argument is another seed.
@main
enum UnderFire {
    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst()
        guard wanted.count < 2, let seed = wanted.isEmpty ? 16 : UInt64(wanted.first ?? "") else {
            FileHandle.standardError.write(Data("usage: Fire [SEED]\n".utf8))
            exit(64)
        }
        let outcome = try await Fire(.whole, seed: seed).run { words in
            FileHandle.standardError.write(Data((words + "\n").utf8))
        }
        print(outcome.report)
        fflush(nil)
        if !outcome.wrong.isEmpty { exit(1) }
        // Not all of it was tried: that is no pass.
        if !outcome.isDiskReal { exit(2) }
    }
}
