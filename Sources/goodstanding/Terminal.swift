import Foundation
import Glibc
import Synchronization

/// What standard output and standard error can show.
enum Terminal {
    static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1
    /// Colour only on a terminal, and never where NO_COLOR is set (no-color.org).
    private static let allowsColour =
        ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    enum Style: String { case red = "31", yellow = "33", green = "32", magenta = "35", dim = "2", bold = "1" }

    static func styled(_ text: String, _ style: Style, onError: Bool = false) -> String {
        guard allowsColour, onError ? errorIsTerminal : outputIsTerminal else { return text }
        return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
    }

    /// Everything that is not a result.
    static func note(_ text: String) {
        // Who cannot be told cannot be told that either.
        _ = put(text + "\n", to: STDERR_FILENO)
    }

    /// A result, as it is. Ends the program when it cannot be written: with a word about why, or, when the reader has
    /// gone away (`| head`), without one, as any filter does.
    static func write(_ text: String) {
        guard let fault = put(text, to: STDOUT_FILENO) else { return }
        if fault == EPIPE {
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        note("goodstanding: standard output cannot be written: \(String(cString: strerror(fault)))")
        exit(isCheck ? 3 : 1)
    }

    /// Of `check`, whose exit codes are those of monitoring plugins.
    static var isCheck: Bool { CommandLine.arguments.dropFirst().first == "check" }

    /// nil when all of it was written, else the system's error number.
    private static func put(_ text: String, to file: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(file, rest.baseAddress, rest.count)
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }

    /// On standard error, without a line end.
    static func show(_ text: String) { _ = put(text, to: STDERR_FILENO) }

    /// Text that came from outside, such as an id, with its control characters written out: on a terminal they would be
    /// obeyed, and a line end would look like the end of the line.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isControl(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x202A...0x202E ~= scalar.value
            || 0x2066...0x2069 ~= scalar.value
    }

    /// Columns a terminal needs for the text: East Asian wide characters take two, combining marks none.
    static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}

/// One line on standard error that is written over as work goes on; where there is no terminal a line of its own now and
/// then, or nothing.
///
/// Tasks side by side report to it, so what it showed last stands behind a lock, held for the writing of one line.
final class ProgressLine: Sendable {
    private struct Shown {
        var text = ""
        var at = ContinuousClock.now
    }

    private let last = Mutex(Shown())
    private let isShown = Terminal.errorIsTerminal
    private let elsewhere: Duration?

    /// - Parameter elsewhere: how often a line is written where there is no terminal; nil: never.
    init(elsewhere: Duration? = nil) { self.elsewhere = elsewhere }

    /// At most ten times a second, so that showing costs nothing.
    func show(_ text: @autoclosure () -> String) {
        guard isShown else { return note(text) }
        last.withLock { last in
            guard last.text.isEmpty || ContinuousClock.now - last.at > .milliseconds(100) else { return }
            last = Shown(text: text())
            Terminal.show("\r\u{1B}[2K\(last.text)")
        }
    }

    /// The first only after the time has passed: what is done sooner needs none.
    private func note(_ text: () -> String) {
        guard let elsewhere else { return }
        last.withLock { last in
            guard ContinuousClock.now - last.at > elsewhere else { return }
            last = Shown(text: text())
            Terminal.note(last.text)
        }
    }

    func clear() {
        last.withLock { last in
            guard isShown, !last.text.isEmpty else { return }
            last.text = ""
            Terminal.show("\r\u{1B}[2K")
        }
    }
}
