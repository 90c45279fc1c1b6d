import Foundation
import PlatformSupport
import Simulation

/// A made-up platform on loopback, until the standard input ends: it makes each answer when it is asked.
struct ServedPlatform {
    let row: PlatformRow
    let platform: MadeUpPlatform

    /// - Parameters:
    ///   - orders: a day.
    ///   - days: of history, which end now.
    init?(pack: String, orders: Int, days: Int) {
        guard let row = PlatformRow.all.first(where: { $0.pack == pack }) else { return nil }
        self.row = row
        let now = Int64(Date().timeIntervalSince1970)
        let history = PlatformHistory(seed: 1, from: now - Int64(days) * 86_400, days: days, orders: orders)
        platform = MadeUpPlatform(row.dialect, history: history) { Int64(Date().timeIntervalSince1970) }
    }

    /// Prints the store as a configuration has it, and a line of its own behind it.
    func run() async throws {
        let given = await platform.desk.credentials
        try await platform.serving { endpoint in
            let told = row.entry("shop", at: endpoint, given) + "orders: \(platform.history.orders.count)\n"
            FileHandle.standardOutput.write(Data(told.utf8))
            while readLine() != nil {}
        }
    }
}
