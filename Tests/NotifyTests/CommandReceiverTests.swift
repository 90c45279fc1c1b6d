import Alerts
import Curl
import Facts
import Foundation
import TestSupport
import Testing

@testable import Notify

@Suite("Commands as receivers", .serialized, .timeLimit(.minutes(1)))
struct CommandReceiverTests {
    /// A script, given a notice.
    private func outcome(
        _ script: String, arguments: [String] = [], _ notice: Notice? = nil, in folder: Workplace
    ) async throws -> Outcome {
        let path = folder.file("page")
        try folder.write("page", "#!/bin/sh\ncd '\(folder.path)'\n" + script)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let receiver = try Receiver(
            id: "pager", kind: .command, address: .program([path] + arguments), secret: nil)
        var generator = SeededGenerator(seed: 1)
        return await Notifier(transport: CannedTransport([.failure(.shutDown)]), clock: ManualClock(start))
            .send(try notice ?? alert(), to: receiver, attempt: 1, using: &generator)
    }

    private func alert() throws -> Notice {
        let content = NoticeContent(id: "ntc_1", receiver: "pager", madeAt: start, alerts: [try told()])
        return Notice(
            id: "ntc_1", receiver: "pager", key: key, episode: "ep_1", change: 1, madeAt: start,
            body: ReceiverWriting(.command).bytes(of: content))
    }

    private func failure(_ outcome: Outcome) throws -> Failure {
        guard case .retry(_, let failure) = outcome else { return try #require(nil as Failure?, "it was \(outcome)") }
        return failure
    }

    @Test("it gets the notice's JSON, its words as they are, and of our environment nothing else")
    func given() async throws {
        let folder = try Workplace()
        setenv("GOODSTANDING_TEST_SECRET", "hidden", 1)
        defer { unsetenv("GOODSTANDING_TEST_SECRET") }
        let words = ["--urgent", "a b", "$(touch broken)", "; touch broken", ""]
        let notice = try alert()
        let taken = try await outcome(
            "cat > body\nenv > environment\nfor word; do printf '%s\\n' \"$word\"; done > words\nls /proc/$$/fd > files",
            arguments: words, notice, in: folder)
        #expect(taken.isWhollyTaken)
        #expect(try Array(Data(contentsOf: URL(filePath: folder.file("body")))) == notice.body)
        #expect(
            try String(contentsOfFile: folder.file("words"), encoding: .utf8) == words.joined(separator: "\n") + "\n")
        #expect(!FileManager.default.fileExists(atPath: folder.file("broken")))
        let environment = try String(contentsOfFile: folder.file("environment"), encoding: .utf8).split(separator: "\n")
        let names = Set(environment.map { String($0.prefix { $0 != "=" }) })
        let own: Set = ["PATH", "HOME", "LANG"]
        // What a shell sets by itself.
        #expect(
            names.subtracting(own).subtracting(["PWD", "OLDPWD", "SHLVL", "_"]) == [
                "GOODSTANDING_NOTICE_ID", "GOODSTANDING_EVENT", "GOODSTANDING_STORE", "GOODSTANDING_RULE",
            ])
        for line in [
            "GOODSTANDING_NOTICE_ID=ntc_1", "GOODSTANDING_EVENT=firing", "GOODSTANDING_STORE=pdd-flagship",
            "GOODSTANDING_RULE=dispute-refunds",
        ] { #expect(environment.contains(Substring(line)), "\(environment)") }
        // The shell keeps its script, and what it will write to again, open from 10 on or at 255, and `ls` is another process.
        let files = try String(contentsOfFile: folder.file("files"), encoding: .utf8).split(separator: "\n").compactMap
        { Int($0) }
        #expect(Set(files).isSubset(of: [0, 1, 2, 10, 11, 255]), "\(files)")
    }

    @Test("75 passes by itself; any other end wants somebody to mend it, and its first words are told")
    func ends() async throws {
        let folder = try Workplace()
        let busy = try failure(try await outcome("echo 'line is busy' >&2; exit 75", in: folder))
        #expect(busy.kind == .passing && busy.description.contains("it ended with 75: line is busy"), "\(busy)")
        let broken = try failure(try await outcome("echo 'no\nsuch pager' >&2; exit 3", in: folder))
        #expect(
            broken.kind == .needsMending && broken.description.contains("it ended with 3: no such pager"), "\(broken)")
        let killed = try failure(try await outcome("kill -9 $$", in: folder))
        #expect(killed.kind == .needsMending && killed.description.contains("by signal 9"), "\(killed)")
        let gone = try Receiver(id: "pager", kind: .command, address: .program(["/nowhere/page"]), secret: nil)
        var generator = SeededGenerator(seed: 1)
        let missing = await Notifier(transport: CannedTransport([.failure(.shutDown)]), clock: ManualClock(start))
            .send(try alert(), to: gone, attempt: 1, using: &generator)
        #expect(try failure(missing).description.contains("could not be started: No such file"), "\(missing)")
    }

    @Test("what does not read, says too much, or leaves a child behind holds nobody up")
    func unruly() async throws {
        let folder = try Workplace()
        let large = Notice(
            id: "ntc_1", receiver: "pager", key: key, episode: "ep_1", change: 1, madeAt: start,
            body: Array(repeating: UInt8(ascii: " "), count: 4 << 20))
        #expect(try await outcome("exit 0", large, in: folder).isWhollyTaken)
        let loud = try failure(
            try await outcome("yes 'all is lost' | head -c 50000000 >&2; exit 1", in: folder))
        #expect(loud.description.contains("all is lost") && loud.description.utf8.count < 600, "\(loud)")
        let began = ContinuousClock.now
        #expect(try await outcome("sleep 60 & echo $! > child; exit 0", in: folder).isWhollyTaken)
        #expect(ContinuousClock.now - began < .seconds(10))
        let child = try #require(
            Int32(try String(contentsOfFile: folder.file("child"), encoding: .utf8).filter(\.isNumber)))
        kill(child, SIGKILL)
    }

    @Test("what takes too long is ended with all that it began, and so is what nobody waits for any more")
    func slow() async throws {
        let folder = try Workplace()
        try folder.write("page", "#!/bin/sh\nsleep 60 & echo $! > '\(folder.file("child"))'; wait")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file("page"))
        let command = Command(words: [folder.file("page")], environment: ["PATH": "/usr/bin:/bin"], input: [])
        #expect(await command.run(within: .seconds(1)) == .tooSlow)
        try await expectGone(folder)
        try FileManager.default.removeItem(atPath: folder.file("child"))
        let waiting = Task { await command.run() }
        while (try? child(folder)) == nil { await Pause.milliseconds(10) }
        waiting.cancel()
        #expect(await waiting.value == .interrupted)
        try await expectGone(folder)
    }

    private func child(_ folder: Workplace) throws -> Int32 {
        let text = try String(contentsOfFile: folder.file("child"), encoding: .utf8)
        return try #require(text.hasSuffix("\n") ? Int32(text.dropLast()) : nil)
    }

    private func expectGone(_ folder: Workplace) async throws {
        let child = try child(folder)
        for _ in 0..<200 where kill(child, 0) == 0 {
            // Dead, and collected by nobody where there is no init.
            let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            if state?.split(separator: ")").last?.contains("Z") ?? true { return }
            await Pause.milliseconds(20)
        }
        #expect(kill(child, 0) != 0)
    }
}
