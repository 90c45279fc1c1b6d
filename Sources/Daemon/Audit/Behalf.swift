import Foundation
package import Ledgers

/// On whose behalf a task works, and by which way he came.
///
/// It travels with the call, from the door of the pages to the task: so no page can forget to say who acts, and no act of
/// anybody is written down as another's.
package struct Behalf: Sendable, Hashable {
    package var name: String
    package var way: AuditEntry.Way

    package init(name: String, way: AuditEntry.Way) { (self.name, self.way) = (name, way) }

    /// nil: a command, of whoever is logged in on this machine.
    @TaskLocal package static var current: Behalf?

    /// - Parameter name: whom a command names with `--by`.
    static func of(_ name: String?) -> Behalf {
        current ?? Behalf(name: name ?? NSUserName(), way: .command)
    }
}
