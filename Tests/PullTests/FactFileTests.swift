import Facts
import Foundation
import Pull
import TestSupport
import Testing

@Suite("a file of facts")
struct FactFileTests {
    private static let lines = (0..<2_500).map { line($0) }
    private static let text = lines.joined(separator: "\n") + "\n"

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var testDescription: String
        var bytes: [UInt8]
        init(_ description: String, name: String = "facts.jsonl", _ bytes: [UInt8]) {
            (self.name, testDescription, self.bytes) = (name, description, bytes)
        }
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static let half = lines[..<1_000].joined(separator: "\n")
    private static let rest = lines[1_000...].joined(separator: "\n")

    private struct Read {
        var ids: [String] = []
        var rejected: [String] = []
        var batches = 0
        var progress: [Int64] = []
        var summary: FactFileSummary
    }

    private func read(_ path: String, _ change: (inout FactFile) -> Void = { _ in }) async throws -> Read {
        var file = FactFile(argument: path)
        change(&file)
        var (ids, rejected, batches, progress): ([String], [String], Int, [Int64]) = ([], [], 0, [])
        let summary = try await file.read(decoding: decoding, clock: ManualClock()) { batch in
            ids += batch.facts.map(\.id)
            rejected += batch.rejections.map(\.position)
            batches += 1
            progress.append(batch.bytesRead)
        }
        return Read(ids: ids, rejected: rejected, batches: batches, progress: progress, summary: summary)
    }

    private func read(
        _ bytes: [UInt8], name: String = "facts.jsonl", _ change: (inout FactFile) -> Void = { _ in }
    ) async throws -> Read {
        try await withFolder { folder in
            let file = folder.appending(path: name)
            try Data(bytes).write(to: file)
            return try await read(file.path, change)
        }
    }

    @Test(
        "gives every fact in order, however it is written",
        arguments: [
            Row("plain", bytes(text)),
            Row("without a last line end", bytes(String(text.dropLast()))),
            Row("with a byte order mark", [0xEF, 0xBB, 0xBF] + bytes(text)),
            Row("with CRLF", bytes(text.replacingOccurrences(of: "\n", with: "\r\n"))),
            Row("with blank lines", bytes("\n \n" + text.replacingOccurrences(of: "}\n", with: "}\n\n\t\r\n"))),
            Row("gzip", name: "f.jsonl.gz", gzipped(bytes(text))),
            Row(
                "gzip in two members, cut between lines", name: "f.gz",
                gzipped(bytes(half)) + gzipped(bytes("\n" + rest))),
            Row("gzip padded with zeros", name: "f.gz", gzipped(bytes(text)) + [UInt8](repeating: 0, count: 700)),
            Row("zstd", name: "f.jsonl.zst", zstandard(bytes(text))),
            Row("zstd in two frames", name: "f.zst", zstandard(bytes(half + "\n")) + zstandard(bytes(rest))),
        ])
    func readsAll(_ row: Row) async throws {
        let read = try await read(row.bytes, name: row.name) { $0.batchLines = 1_000 }
        #expect(read.ids == (0..<2_500).map(String.init))
        #expect(read.rejected.isEmpty)
        #expect(read.batches == 3)
        #expect(read.summary.failure == nil)
        #expect(read.summary.facts == 2_500)
        #expect(read.summary.stores == ["s"])
        #expect(read.summary.kinds == FactKinds(.rating))
        #expect(!read.summary.isHopeless)
        #expect(read.progress == read.progress.sorted())
        #expect(read.progress.last == Int64(row.bytes.count))
    }

    @Test("one cut off gives what came before and says so", arguments: ["f.gz", "f.zst"])
    func cutOff(_ name: String) async throws {
        // Ids that do not compress well, so that the cuts fall into many places.
        var generator = SeededGenerator(seed: 3)
        let ids = (0..<20_000).map { _ in String(generator.next(), radix: 36) }
        let text = Self.bytes(ids.map { line($0) }.joined(separator: "\n") + "\n")
        let whole = name == "f.gz" ? gzipped(text) : zstandard(text)
        for tenth in 1...9 {
            let read = try await read(Array(whole[..<(whole.count * tenth / 10)]), name: name)
            let cut = try #require(read.summary.failure, "a file cut at \(tenth)/10 was taken for whole")
            guard case .cutOff(let path) = cut else { Issue.record("\(cut)"); continue }
            #expect(path.hasSuffix(name))
            #expect(read.ids == Array(ids.prefix(read.ids.count)))
            #expect(read.ids.count < ids.count)
            if tenth == 9 { #expect(read.ids.count > ids.count / 2) }
        }
        let noEnd = try await read(Array(whole.dropLast()), name: name)
        #expect(noEnd.summary.failure != nil, "the last byte is missing")
    }

    @Test("a damaged one gives what came before and says so", arguments: ["f.gz", "f.zst"])
    func damaged(_ name: String) async throws {
        var whole = name == "f.gz" ? gzipped(Self.bytes(Self.text)) : zstandard(Self.bytes(Self.text))
        for index in (whole.count / 2)..<(whole.count / 2 + 40) { whole[index] ^= 0xA5 }
        let read = try await read(whole, name: name)
        #expect(read.summary.failure != nil)
        #expect(read.ids.count < 2_500)
    }

    @Test("a name that promises compression which is not there is an error", arguments: ["f.gz", "f.zst"])
    func misnamed(_ name: String) async throws {
        let read = try await read(Self.bytes(Self.text), name: name)
        let failure = try #require(read.summary.failure)
        #expect("\(failure)".contains("its name ends in ."), "\(failure)")
        #expect(read.ids.isEmpty)
    }

    @Test("after a gzip member only another one or zeros may follow")
    func trailingGarbage() async throws {
        let read = try await read(gzipped(Self.bytes(Self.text)) + Self.bytes("garbage"), name: "f.gz")
        #expect(read.summary.failure != nil)
        #expect(read.ids.count == 2_500)
    }

    @Test(
        "a line that is too long is set aside with its place, and the others stand",
        arguments: [1_001, 3_000, 3_000_000])
    func longLine(_ length: Int) async throws {
        let long = #"{"kind":"rating","store":"s","id":"long","score":5,"note":""#
        let text =
            line(1) + "\n" + long + String(repeating: "x", count: length) + "\"}\n" + line(2) + "\n"
            + String(repeating: "y", count: length)
        let read = try await read(Self.bytes(text)) { $0.lineLimit = 1_000 }
        #expect(read.ids == ["1", "2"])
        #expect(read.rejected == ["line 2", "line 4"])
        #expect(read.summary.lines == 4)
    }

    @Test("a line at the limit is read, one byte more is not")
    func lineLimit() async throws {
        let text = line(1)
        let read = try await read(Self.bytes(text + "\n" + text + " \n")) { $0.lineLimit = text.utf8.count }
        #expect(read.ids == ["1"])
        #expect(read.rejected == ["line 2"])
    }

    @Test("a hole of 300 MB is one line too long, and takes no memory")
    func hole() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "hole.jsonl")
            try Data(Self.bytes(line(1) + "\n")).write(to: file)
            let handle = try FileHandle(forWritingTo: file)
            try handle.truncate(atOffset: 300 << 20)
            try handle.close()
            let before = try residentPages()
            let read = try await read(file.path)
            #expect(read.ids == ["1"])
            #expect(read.rejected == ["line 2"])
            // Pages of 4 KiB: less than 64 MB more.
            #expect(try residentPages() - before < 16_384)
        }
    }

    private func residentPages() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try #require(Int(text.split(separator: " ")[1]))
    }

    @Test("bad lines among good ones are set aside with their place")
    func badLines() async throws {
        let text = [line(1), "{", line(2), "[]", #"{"kind":"unheard","store":"s","id":"3"}"#, line(4)].joined(
            separator: "\n")
        let read = try await read(Self.bytes(text))
        #expect(read.ids == ["1", "2", "4"])
        #expect(read.rejected == ["line 2", "line 4", "line 5"])
        #expect(read.summary.rejected == 3)
        #expect(!read.summary.isHopeless)
    }

    @Test("what is no file of facts at all is hopeless")
    func hopeless() async throws {
        var generator = SeededGenerator(seed: 11)
        let binary = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for bytes in [binary, Self.bytes("id,store\n1,s\n"), Self.bytes("\n\n"), [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]] {
            let read = try await read(bytes)
            #expect(read.ids.isEmpty)
            #expect(read.summary.isHopeless)
            #expect(read.summary.failure == nil)
        }
    }

    @Test("an empty file is empty, and not hopeless; an empty .gz is cut off")
    func empty() async throws {
        let plain = try await read([])
        #expect(plain.batches == 0)
        #expect(!plain.summary.isHopeless)
        #expect(plain.summary.failure == nil)
        let nothing = try await read(gzipped([]), name: "f.gz")
        #expect(!nothing.summary.isHopeless)
        #expect(nothing.summary.failure == nil)
        let cut = try await read([], name: "f.gz")
        #expect(cut.summary.failure != nil)
    }

    @Test("a file that cannot be opened says why")
    func cannotOpen() async throws {
        let missing = try await read("/nonexistent/facts.jsonl").summary
        #expect(
            missing.failure.map(String.init(describing:))
                == "Opening /nonexistent/facts.jsonl failed: No such file or directory.")
        let folder = try await read("/tmp").summary
        #expect(
            folder.failure.map(String.init(describing:)) == "Opening /tmp failed: it is a folder; name the files in it."
        )
    }

    @Test("a file covers up to when it was last changed, and never the future")
    func coverage() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "f.jsonl")
            try Data(Self.bytes(Self.text)).write(to: file)
            let clock = ManualClock(Timestamp(seconds: 1_780_000_000))
            func until(changed seconds: Double) async throws -> Timestamp {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: file.path)
                return try await FactFile(.path(file.path)).read(decoding: decoding, clock: clock) { _ in }.coveredUntil
            }
            #expect(try await until(changed: 1_700_000_000) == Timestamp(seconds: 1_700_000_000))
            #expect(try await until(changed: 1_900_000_000) == clock.now)
        }
    }

    @Test("who handles the batches can stop the reading")
    func stops() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "f.jsonl")
            try Data(Self.bytes(Self.text)).write(to: file)
            var plan = FactFile(.path(file.path))
            plan.batchLines = 100
            var batches = 0
            await #expect(throws: Interruption.self) {
                _ = try await plan.read(decoding: decoding, clock: ManualClock()) { _ in
                    batches += 1
                    if batches == 3 { throw Interruption() }
                }
            }
            #expect(batches == 3)
        }
    }
}
