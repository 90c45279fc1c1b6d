/// Why a file could not be read to its end. What was read before stands.
package enum FactFileError: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotOpen(String, because: String)
    case cannotRead(String, because: String)
    /// It ends inside its compressed data.
    case cutOff(String)
    /// Its last line has no end and is not JSON.
    case endsInLine(String, Int)
    case damaged(String, because: String)

    package var description: String {
        switch self {
        case .cannotOpen(let name, let because): "Opening \(name) failed: \(because)."
        case .cannotRead(let name, let because): "Reading \(name) failed: \(because)."
        case .cutOff(let name):
            "\(name) is cut off: it ends inside its compressed data. What came before was read; bring the whole file and "
                + "import it again, which changes nothing that is already known."
        case .endsInLine(let name, let line):
            "\(name) is cut off: it ends in the middle of line \(line). What came before was read; bring the whole file and "
                + "import it again, which changes nothing that is already known."
        case .damaged(let name, let because):
            "\(name) cannot be read on: \(because). What came before was read."
        }
    }
}
