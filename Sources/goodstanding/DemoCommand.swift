import ArgumentParser
import Daemon
import Dashboard
import Facts

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "A simulated marketplace, the daemon and a receiver, in one command.",
        discussion: """
            Everything is real but the marketplace: the feed is pulled over HTTP by libcurl, thousands of stores are judged, \
            alerts are delivered as signed webhooks. It works in a folder of its own, which is deleted afterwards.

              goodstanding demo
              goodstanding demo --stores 10000 --seed 7
            """)

    @Option(help: "How many stores the marketplace has, 10 to 100000.") var stores = 2000
    @Option(help: "Another seed, another marketplace.") var seed: UInt64 = 1
    @Flag(name: .customLong("keep-running"), help: "Stay until Ctrl-C instead of ending when the story is told.")
    var keepsRunning = false

    func validate() throws {
        guard (10...100_000).contains(stores) else { throw ValidationError("--stores takes 10 to 100000") }
    }

    func run() async throws {
        try await DemoTask(stores: stores, seed: seed, keepsRunning: keepsRunning, pages: DashboardServer.pages).run {
            Terminal.write(Tongue.current($0) + "\n")
        }
    }
}
