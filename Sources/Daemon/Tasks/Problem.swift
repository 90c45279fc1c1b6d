import Language
import Ledgers

/// An error in the words of the command line: what was wrong, and whether the user's input was.
package struct Problem {
    package var message: String
    package var isUsage: Bool

    /// nil for errors that are not ours, such as those of the argument parser.
    package init?(_ error: any Error) {
        switch error {
        case let error as ConfigurationError:
            message = error.diagnostics.map { $0.render() }.joined(separator: "\n")
            isUsage = true
        case let error as TaskError:
            message = "goodstanding: " + error.message
            isUsage = error.isUsage
        case let error as LedgerError:
            message = "goodstanding: " + error.description
            isUsage = false
        default:
            return nil
        }
    }
}
