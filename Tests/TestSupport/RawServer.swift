import Foundation
import Glibc
import Synchronization

/// A TCP server on loopback that says whatever its script says, right or wrong: for answers no proper server gives.
///
/// Every connection runs the script on a thread of its own, where reading and writing block.
package final class RawServer: Sendable {
    package typealias Script = @Sendable (Connection) -> Void

    package let port: Int
    private let listener: Int32
    private struct State {
        var connections: [Connection] = []
        var isClosed = false
    }
    private let state = Mutex(State())

    package struct CouldNotListen: Error {}

    package init(_ script: @escaping Script) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, size) == 0 && listen(listener, 512) == 0
                    && getsockname(listener, pointer, &size) == 0
            }
        }
        guard bound else {
            Glibc.close(listener)
            throw CouldNotListen()
        }
        self.listener = listener
        self.port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in accept(script) }
    }

    private func accept(_ script: @escaping Script) {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            guard socket >= 0 else { break }
            let connection = Connection(socket)
            let isClosed = state.withLock { state in
                state.connections.append(connection)
                return state.isClosed
            }
            guard !isClosed else {
                connection.close()
                break
            }
            Thread.detachNewThread {
                script(connection)
                connection.close()
            }
        }
        Glibc.close(listener)
    }

    /// Connections accepted so far.
    package var connectionCount: Int { state.withLock { $0.connections.count } }

    /// Ends all connections and listens no more.
    package func close() {
        let connections = state.withLock { state in
            state.isClosed = true
            return state.connections
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in connections { connection.hangUp() }
    }

    /// A server, for the duration of a test.
    package static func running<Result>(
        _ script: @escaping Script, isolation: isolated (any Actor)? = #isolation,
        _ body: (RawServer) async throws -> Result
    ) async throws -> Result {
        let server = try RawServer(script)
        defer { server.close() }
        return try await body(server)
    }

    /// A port of loopback where nobody listens: one that was free a moment ago.
    package static func freePort() throws -> Int {
        let server = try RawServer { _ in }
        server.close()
        return server.port
    }

    /// One client's connection, seen from the server.
    package final class Connection: Sendable {
        private let socket: Mutex<Int32>
        private let number: Int32
        /// Read but not yet asked for; used by the script's thread only, the lock satisfies the compiler.
        private let ahead = Mutex<[UInt8]>([])

        fileprivate init(_ socket: Int32) {
            self.socket = Mutex(socket)
            self.number = socket
        }

        /// A request's head up to and with its blank line; nil when the client has closed.
        package func readHead() -> String? {
            let blank = Array("\r\n\r\n".utf8)
            var bytes = ahead.withLock { $0 }
            while true {
                if let end = bytes.indices.dropLast(3).first(where: { bytes[$0..<($0 + 4)].elementsEqual(blank) }) {
                    ahead.withLock { $0 = Array(bytes[(end + 4)...]) }
                    return String(decoding: bytes[..<(end + 4)], as: UTF8.self)
                }
                guard let more = receive() else { return nil }
                bytes += more
            }
        }

        /// The body of a request whose head names its length.
        package func readBody(_ count: Int) -> [UInt8] {
            var bytes = ahead.withLock { $0 }
            while bytes.count < count, let more = receive() { bytes += more }
            ahead.withLock { $0 = Array(bytes.dropFirst(count)) }
            return Array(bytes.prefix(count))
        }

        /// False when the client no longer takes it.
        @discardableResult
        package func write(_ bytes: some Sequence<UInt8>) -> Bool {
            let bytes = Array(bytes)
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }

        @discardableResult
        package func write(_ text: String) -> Bool { write(text.utf8) }

        /// Returns when the client has closed its side, or the server was closed.
        package func waitForClose() {
            while receive() != nil {}
        }

        /// Ends the connection with a reset, as a crashed server's system does.
        package func reset() {
            var value = linger(l_onoff: 1, l_linger: 0)
            setsockopt(number, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
            close()
        }

        package func close() {
            socket.withLock { socket in
                if socket >= 0 { Glibc.close(socket) }
                socket = -1
            }
        }

        /// Ends the connection from outside: its thread's reading and writing fail, and it closes.
        fileprivate func hangUp() {
            socket.withLock { socket in
                if socket >= 0 { shutdown(socket, Int32(SHUT_RDWR)) }
            }
        }

        private func receive() -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: 16384)
            let count = recv(number, &buffer, buffer.count, 0)
            return count > 0 ? Array(buffer[..<count]) : nil
        }
    }
}
