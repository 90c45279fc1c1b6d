import Curl
package import Facts
import Ledgers
import Pull

/// Every feed, once.
package struct PullTask: Sendable {
    private let config: String?
    private let feed: String?
    private let level: String

    package init(config: String?, feed: String?, log level: String) {
        (self.config, self.feed, self.level) = (config, feed, level)
    }

    /// What became of one feed.
    package struct Outcome: Sendable {
        package var words: Words
        package var hasFailed: Bool
    }

    package func run(progress: @escaping @Sendable (Words) -> Void) async throws -> [Outcome] {
        let assembly = try Assembly.open(config: config, log: level, asksOthers: true)
        let lock = try assembly.runLock(for: "pull")
        defer { withExtendedLifetime(lock) {} }
        let feeds = assembly.config.feeds.filter { feed == nil || $0.id == feed }
        if let feed, feeds.isEmpty {
            throw TaskError(
                assembly.config.feeds.isEmpty
                    ? "there is no feed '\(feed)': the configuration has none"
                    : "there is no feed '\(feed)'; there are \(assembly.config.feeds.map(\.id).joined(separator: ", "))",
                isUsage: true)
        }
        guard !feeds.isEmpty else { throw TaskError("the configuration has no feed to pull", isUsage: true) }
        let adopted = try await assembly.adopt(progress: progress)
        let transport = assembly.transport()
        let pulling = FeedPulling(assembly: assembly, transport: transport, decoding: try await assembly.decoding())
        let outcomes = try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            for (index, feed) in feeds.enumerated() {
                group.addTask {
                    let result = try await pulling.pull(
                        feed, waits: { progress(Words($0)) },
                        committed: { pages, _ in
                            progress(
                                Words(en: "\(feed.id): page \(pages.number)", zh: "\(feed.id)：第 \(pages.number) 页"))
                        })
                    return (index, Outcome(words: result.words, hasFailed: result.failure != nil))
                }
            }
            var found: [(Int, Outcome)] = []
            for try await outcome in group { found.append(outcome) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
        await transport.shutDown()
        try await assembly.adopt(except: adopted, progress: progress)
        return outcomes
    }
}
