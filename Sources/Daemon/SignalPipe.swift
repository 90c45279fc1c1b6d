@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Signals as a stream that loses none.
///
/// A dispatch signal source is armed only some time after it was resumed, on another thread, and a SIGTERM that comes
/// right after READY=1 is then lost. Here a handler writes the signal's number into a pipe from its installation on,
/// and the pipe keeps it until somebody reads.
package enum SignalPipe {
    /// The pipe's writing end; -1 until `signals` was called. The handler may touch nothing else.
    private static let writer = Atomic<Int32>(-1)

    /// From now on, `numbers` no longer end the process; each one that arrives is an element. Called once.
    package static func signals(_ numbers: [Int32]) -> AsyncStream<Int32> {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "a pipe could not be opened")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        writer.store(ends[1], ordering: .sequentiallyConsistent)
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        let reader = DispatchSource.makeReadSource(fileDescriptor: ends[0], queue: DispatchQueue(label: "signals"))
        reader.setEventHandler { [end = ends[0]] in
            var byte: UInt8 = 0
            while read(end, &byte, 1) == 1 { continuation.yield(Int32(byte)) }
        }
        reader.resume()
        continuation.onTermination = { _ in reader.cancel() }
        for number in numbers {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                var byte = UInt8(truncatingIfNeeded: number)
                let saved = errno
                _ = write(SignalPipe.writer.load(ordering: .sequentiallyConsistent), &byte, 1)
                errno = saved
            }
            action.sa_flags = SA_RESTART
            precondition(sigaction(number, &action, nil) == 0, "signal \(number) could not be handled")
        }
        return stream
    }
}
