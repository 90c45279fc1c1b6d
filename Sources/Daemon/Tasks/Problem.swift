package import Facts
import Language
import Ledgers

/// An error in the words of the command line: what was wrong, and whether the user's input was.
package struct Problem {
    package var words: Words
    package var isUsage: Bool

    /// nil for errors that are not ours, such as those of the argument parser.
    package init?(_ error: any Error) {
        switch error {
        case let error as ConfigurationError:
            words = Words(error.diagnostics.map { $0.render() }.joined(separator: "\n"))
            isUsage = true
        case let error as TaskError:
            words = Words("goodstanding: ") + error.words
            isUsage = error.isUsage
        case let error as LedgerError:
            words = Words("goodstanding: " + error.description)
            isUsage = false
        case let error as TokenFileError:
            words = Words("goodstanding: " + error.description)
            isUsage = false
        default:
            return nil
        }
    }
}
