package import Foundation

/// A program of the machine, run by a test.
package struct Tool: Sendable {
    private let path: String

    package struct Failed: Error, CustomStringConvertible {
        package var description: String
    }

    /// nil when the machine has no such program.
    package init?(_ name: String) {
        let folders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"]
        guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile(atPath:))
        else { return nil }
        self.path = path
    }

    package static func exists(_ name: String) -> Bool { Tool(name) != nil }

    /// Runs it to its end and gives what it wrote to standard output. All three streams are files, so that neither a
    /// full pipe nor a daemon left behind can hold anybody up.
    @discardableResult
    package func run(_ arguments: [String], input: [UInt8] = []) async throws -> [UInt8] {
        let errand = try Errand(path, arguments, input)
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            errand.process.terminationHandler = { _ in ended.resume() }
            do {
                try errand.process.run()
                errand.closeFiles()
            } catch {
                errand.process.terminationHandler = nil
                ended.resume(throwing: error)
            }
        }
        return try errand.answer()
    }

    /// The same for a caller that cannot suspend: it blocks its thread.
    @discardableResult
    package func run(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
        let errand = try Errand(path, arguments, input)
        try errand.process.run()
        errand.process.waitUntilExit()
        return try errand.answer()
    }

    /// One run whose three streams are files, so that neither a full pipe nor a child left behind holds anybody up.
    private struct Errand {
        let process = Process()
        private let folder: ScratchFolder

        init(_ path: String, _ arguments: [String], _ input: [UInt8]) throws {
            folder = try ScratchFolder()
            try Data(input).write(to: folder.url.appending(path: "in"))
            for name in ["out", "err"] { try Data().write(to: folder.url.appending(path: name)) }
            process.executableURL = URL(filePath: path)
            process.arguments = arguments
            process.standardInput = FileHandle(forReadingAtPath: folder.path("in"))
            process.standardOutput = FileHandle(forWritingAtPath: folder.path("out"))
            process.standardError = FileHandle(forWritingAtPath: folder.path("err"))
        }

        /// Ours; the child has its own.
        func closeFiles() {
            for stream in [process.standardInput, process.standardOutput, process.standardError] {
                try? (stream as? FileHandle)?.close()
            }
        }

        func answer() throws -> [UInt8] {
            guard process.terminationStatus == 0 else {
                let words = try String(contentsOfFile: folder.path("err"), encoding: .utf8)
                let program = process.executableURL?.path ?? ""
                throw Failed(description: "\(program) ended with \(process.terminationStatus): \(words)")
            }
            return Array(try Data(contentsOf: folder.url.appending(path: "out")))
        }
    }

    /// Starts it and returns at once.
    package func launch(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Starts it, and returns when a line of its standard output begins with the given words; gives that line.
    package func start(_ arguments: [String], until words: String) async throws -> (process: Process, line: String) {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let reading = output.fileHandleForReading
        let line = await withCheckedContinuation { (found: CheckedContinuation<String?, Never>) in
            // A thread of its own: reading blocks.
            Thread.detachNewThread {
                var text = ""
                while let more = try? reading.read(upToCount: 1), !more.isEmpty {
                    text += String(decoding: more, as: UTF8.self)
                    guard text.hasSuffix("\n") else { continue }
                    let line = text.split(separator: "\n").last.map(String.init) ?? ""
                    if line.hasPrefix(words) {
                        found.resume(returning: line)
                        // What it says later must not fill the pipe.
                        while let more = try? reading.read(upToCount: 4096), !more.isEmpty {}
                        return
                    }
                }
                found.resume(returning: nil)
            }
        }
        guard let line else { throw Failed(description: "\(path) ended before it said \(words)") }
        return (process, line)
    }
}

/// A folder that is gone after the test.
package final class ScratchFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    package func path(_ name: String) -> String { url.appending(path: name).path }

    deinit { try? FileManager.default.removeItem(at: url) }
}
