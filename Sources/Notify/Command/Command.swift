import CSpawn
import Foundation
import Glibc
import Synchronization

/// One run of a program: no shell, a process group of its own, a bound on its time, and of what it says on standard error the
/// beginning.
struct Command: Sendable {
    var words: [String]
    var environment: [String: String]
    var input: [UInt8]

    static let limit = Duration.seconds(15)
    /// Of standard error, in bytes.
    private static let mostSaid = 200
    /// How often a run that says nothing is looked at, in milliseconds.
    private static let lookEvery: Int32 = 20

    enum Ending: Sendable, Hashable {
        case exited(Int32, said: String)
        case killed(signal: Int32, said: String)
        case tooSlow
        case notStarted(String)
        /// Whoever waited for it waits no longer.
        case interrupted
    }

    func run(within limit: Duration = Command.limit) async -> Ending {
        let flag = Flag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // It waits for the child, which would hold up everybody else on one of the pool's threads.
                Thread.detachNewThread { continuation.resume(returning: waited(limit, flag)) }
            }
        } onCancel: {
            flag.set()
        }
    }

    private final class Flag: Sendable {
        private let state = Atomic<Bool>(false)
        var isSet: Bool { state.load(ordering: .relaxed) }
        func set() { state.store(true, ordering: .relaxed) }
    }

    private func waited(_ limit: Duration, _ flag: Flag) -> Ending {
        // What it is given lies in a file without a name: nobody waits for a program that does not read.
        let given = memfd_create("notice", cspawn_memfd_cloexec)
        guard given >= 0 else { return .notStarted(Self.words(errno)) }
        defer { close(given) }
        guard Self.write(input, to: given), lseek(given, 0, SEEK_SET) == 0 else {
            return .notStarted(Self.words(errno))
        }
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, Int32(O_CLOEXEC)) == 0 else { return .notStarted(Self.words(errno)) }
        defer { close(ends[0]) }
        // Our end alone: a program is not used to an error output that cannot wait.
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        var child: pid_t = 0
        let fault = spawn(&child, input: given, errors: ends[1])
        close(ends[1])
        guard fault == 0 else { return .notStarted(Self.words(fault)) }

        let latest = ContinuousClock.now + limit
        var (said, hasEnded, status): ([UInt8], Bool, Int32) = ([], false, 0)
        while true {
            Self.listen(ends[0], &said, &hasEnded)
            let found = waitpid(child, &status, WNOHANG)
            if found == child { break }
            guard ContinuousClock.now < latest, !flag.isSet else {
                // Its children too: they are of its group.
                kill(-child, SIGKILL)
                waitpid(child, &status, 0)
                return flag.isSet ? .interrupted : .tooSlow
            }
            if hasEnded { usleep(useconds_t(Self.lookEvery) * 1000) }
        }
        Self.drain(ends[0], &said, &hasEnded)
        let words = String(decoding: said, as: UTF8.self).map { $0.isNewline ? " " : String($0) }.joined()
            .trimmingCharacters(in: .whitespaces)
        // The low seven bits are the signal by which it ended, none where it ended by itself.
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF, said: words) : .killed(signal: signal, said: words)
    }

    /// Reads what it said, or waits a moment for it to say something.
    private static func listen(_ file: Int32, _ said: inout [UInt8], _ hasEnded: inout Bool) {
        guard !hasEnded else { return }
        var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        if poll(&waiting, 1, lookEvery) > 0 { drain(file, &said, &hasEnded) }
    }

    /// All of it is read, or it would wait for us; the beginning is kept.
    private static func drain(_ file: Int32, _ said: inout [UInt8], _ hasEnded: inout Bool) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        // A program that says more than this at a time is looked after first.
        for _ in 0..<16 where !hasEnded {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { hasEnded = true }
            guard count > 0 else { return }
            said += buffer.prefix(min(count, mostSaid - said.count))
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// - Returns: what went wrong, as `errno` has it; 0: nothing.
    private func spawn(_ child: inout pid_t, input: Int32, errors: Int32) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // Nothing of ours stays open in it: no ledger, no socket.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        return posix_spawn(&child, words[0], &actions, &attributes, arguments, variables)
    }

    private static func words(_ number: Int32) -> String { String(cString: strerror(number)) }
}
