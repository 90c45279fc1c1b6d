import Facts
package import Language
import Ledgers
import Logging

/// What the pulls of the whole configuration come to a day, held against the platforms' limits. Asks nobody.
package struct PullPlanTask: Sendable {
    private let config: String?
    private let level: String
    private let orders: Int

    /// - Parameter orders: a day, at stores of which the ledger knows nothing yet.
    package init(config: String?, orders: Int, log level: String) {
        (self.config, self.orders, self.level) = (config, orders, level)
    }

    package struct Report: Sendable {
        package var plan: CallPlan
        /// What needs more than half of a limit, with its place.
        package var faults: [Diagnostic]
    }

    package func run() async throws -> Report {
        let (fleet, warnings) = try Assembly.fleet(config: config)
        let logger = Assembly.logger(level)
        ConfigurationWarnings().tell(warnings, logger)
        guard fleet.pullSubjects.contains(where: { $0.store != nil }) else {
            throw TaskError(
                Words(
                    en: "the configuration has no store whose platform is pulled; there is nothing to plan",
                    zh: "配置中没有从平台拉取的店铺，无需规划"), isUsage: true)
        }
        let planner = CallPlanner(fleet, at: SystemClock().now)
        var plan = planner.plan(assuming: Int64(orders))
        // Before the first pull there is no ledger, and nothing is known of any store.
        if let ledger = try Self.ledger(of: fleet) {
            plan = try await planner.plan(from: ledger, assuming: Int64(orders))
        }
        return Report(plan: plan, faults: plan.faults(in: fleet))
    }

    private static func ledger(of fleet: Fleet) throws -> (any Ledger)? {
        do {
            return try Assembly.openLedger(fleet.config, .read)
        } catch {
            switch error {
            case .absent, .missing: return nil
            default: throw error
            }
        }
    }
}
