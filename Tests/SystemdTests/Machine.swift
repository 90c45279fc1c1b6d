import Foundation
import TestSupport

/// What stands around the tests: the checkout they were built from, and this machine's programs.
enum Machine {
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The first of the programs that is not there, in words; nil when all are.
    static func absence(of names: [String]) -> String? {
        names.first { !Tool.exists($0) }.map { "the program \($0) is not installed" }
    }

    /// Runs a program to its end and gives what it wrote to standard output; throws `Trouble` when it ends with another
    /// status than 0.
    ///
    /// What it opens it closes. The tests here ask systemd hundreds of times, and in a process with some 1,300 open
    /// descriptors Foundation's `Process` reads beyond a buffer and crashes (swift-corelibs-foundation 5472).
    @discardableResult
    static func run(_ command: [String], input: String = "") async throws -> String {
        let folder = try Workplace()
        try folder.write("in", input)
        for name in ["out", "err"] { try folder.write(name, "") }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.environment = environment
        let streams = try [
            FileHandle(forReadingFrom: URL(filePath: folder.file("in"))),
            FileHandle(forWritingTo: URL(filePath: folder.file("out"))),
            FileHandle(forWritingTo: URL(filePath: folder.file("err"))),
        ]
        defer { for stream in streams { try? stream.close() } }
        (process.standardInput, process.standardOutput, process.standardError) = (streams[0], streams[1], streams[2])
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                ended.resume(throwing: error)
            }
        }
        guard process.terminationStatus == 0 else {
            let words = try String(contentsOfFile: folder.file("err"), encoding: .utf8)
            throw Trouble("\(command.joined(separator: " ")) ended with \(process.terminationStatus): \(words)")
        }
        return String(decoding: try Data(contentsOf: URL(filePath: folder.file("out"))), as: UTF8.self)
    }

    /// Tools speak English, and the `make` that runs these tests passes nothing on to the one that they run.
    static let environment = ProcessInfo.processInfo.environment
        .filter { !["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "LANGUAGE"].contains($0.key) }
        .merging(["LC_ALL": "C.UTF-8"]) { $1 }
}

/// What went wrong around a test, in words.
struct Trouble: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// Returns when the condition holds, and throws when it does not in time.
///
/// - Parameter evidence: asked when time is up, for the failure's text.
func eventually(
    _ what: String, within limit: Duration = .seconds(20), evidence: () async throws -> String = { "" },
    _ condition: () async throws -> Bool
) async throws {
    let began = ContinuousClock.now
    while try await !condition() {
        guard ContinuousClock.now - began < limit else {
            throw Trouble("not within \(limit): \(what)\n\(try await evidence())")
        }
        await Pause.milliseconds(100)
    }
}
