package import Foundation
import Glibc

/// The built program, run as a person or a service manager runs it.
package enum Program {
    /// Beside the test bundle, where the package manager puts what one build made.
    package static let path: String = {
        let besideTests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
            path: "goodstanding"
        ).path
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let inBuild = package.appending(path: ".build/debug/goodstanding").path
        return FileManager.default.isExecutableFile(atPath: besideTests) ? besideTests : inBuild
    }()

    package struct Outcome: Sendable {
        /// The exit code; for a program ended by a signal, 128 and its number.
        package var status: Int32
        package var output: String
        package var error: String
    }

    /// Runs it to its end.
    @discardableResult
    package static func run(
        _ arguments: String..., input: Data? = nil, environment: [String: String] = [:], folder: String? = nil
    ) async throws -> Outcome {
        let running = try Running(arguments, input: input, environment: environment, folder: folder)
        return await running.finish()
    }

    /// A run that goes on beside the test.
    package final class Running: Sendable {
        private let process: ProcessBox
        private let files: URL
        private let ended: AsyncStream<Int32>

        package init(
            _ arguments: [String], input: Data? = nil, environment: [String: String] = [:], folder: String? = nil
        ) throws {
            // Files rather than pipes: a pipe that nobody empties would stop the program.
            files = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
            let process = Process()
            process.executableURL = URL(filePath: Program.path)
            process.arguments = arguments
            if let folder { process.currentDirectoryURL = URL(filePath: folder) }
            let inherited = ProcessInfo.processInfo.environment.filter {
                ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"].contains($0.key)
            }
            process.environment = inherited.merging(["LANG": "C.UTF-8"]) { $1 }.merging(environment) { $1 }
            for (name, isOutput) in [("output", true), ("error", false)] {
                let file = files.appending(path: name)
                _ = FileManager.default.createFile(atPath: file.path, contents: nil)
                let handle = try FileHandle(forWritingTo: file)
                if isOutput { process.standardOutput = handle } else { process.standardError = handle }
            }
            if let input {
                let file = files.appending(path: "input")
                try input.write(to: file)
                process.standardInput = try FileHandle(forReadingFrom: file)
            } else {
                process.standardInput = FileHandle.nullDevice
            }
            let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
            ended = stream
            process.terminationHandler = { process in
                let isSignal = process.terminationReason == .uncaughtSignal
                continuation.yield(isSignal ? 128 + process.terminationStatus : process.terminationStatus)
                continuation.finish()
            }
            try process.run()
            // The child has its own; ours would stay open as long as the process object does.
            for stream in [process.standardInput, process.standardOutput, process.standardError] {
                if let handle = stream as? FileHandle, handle !== FileHandle.nullDevice { try? handle.close() }
            }
            self.process = ProcessBox(process)
        }

        package var pid: Int32 { process.pid }
        package func send(_ signal: Int32) { kill(pid, signal) }

        /// What it has printed so far.
        package var output: String { read("output") }
        package var error: String { read("error") }

        /// Waits for its end.
        package func finish() async -> Outcome {
            var status: Int32 = -1
            for await value in ended { status = value }
            let outcome = Outcome(status: status, output: output, error: error)
            try? FileManager.default.removeItem(at: files)
            return outcome
        }

        private func read(_ name: String) -> String {
            (try? String(decoding: Data(contentsOf: files.appending(path: name)), as: UTF8.self)) ?? ""
        }
    }

    /// Unchecked: the process is only asked for its identifier, which never changes after the start.
    private struct ProcessBox: @unchecked Sendable {
        private let process: Process
        let pid: Int32
        init(_ process: Process) { (self.process, pid) = (process, process.processIdentifier) }
    }
}
