import Facts
import Language
import Rules
import TestSupport
import Testing

/// `line:column: message` of everything found.
func places(_ log: DiagnosticLog) -> [String] { places(log.inOrder) }

func places(_ diagnostics: [Diagnostic]) -> [String] {
    diagnostics.map {
        let (line, column) = $0.source.lineAndColumn(at: $0.range.lowerBound)
        return "\(line):\(column): \($0.severity.rawValue): \($0.message)"
    }
}

@Suite("YAML is read strictly, with places")
struct YAMLCursorTests {
    private func open(_ text: String) -> (YAMLCursor?, DiagnosticLog) {
        let log = DiagnosticLog()
        return (YAMLCursor.open(SourceText(name: "x.yaml", text: text), as: "the file", log: log), log)
    }

    struct Fault: Sendable {
        var text: String
        var expected: String
    }

    static let faults: [Fault] = [
        Fault(
            text: "a: 1\nb: 2\na: 3\n",
            expected: "1:1: error: the key 'a' stands twice in this mapping; keep one of each"),
        Fault(
            text: "a: &x 1\nb: 2\n",
            expected: "1:4: error: anchors (&) and aliases (*) are not supported; write the value out"),
        Fault(
            text: "a: &x {k: v}\nb: *x\n",
            expected: "1:4: error: anchors (&) and aliases (*) are not supported; write the value out"),
        Fault(
            text: "a: *x\n",
            expected: "1:4: error: not valid YAML: found undefined alias; anchors and aliases are not supported, "
                + "quote text that begins with *"),
        Fault(text: "a: !!int 1\n", expected: "1:4: error: tags (!) are not supported; leave it out"),
        Fault(
            text: "a: 1\n---\nb: 2\n",
            expected: "2:1: error: not valid YAML expected a single document in the stream: "
                + "but found another document; a file holds one document, without ---"),
        Fault(
            text: "a: 1\n\tb: 2\n",
            expected: "2:1: error: not valid YAML while scanning a plain scalar: found a tab character that violates "
                + "indentation; indent with spaces, not tabs"),
        Fault(
            text: "a: b: c\n",
            expected:
                "1:5: error: not valid YAML: mapping values are not allowed in this context; text with ': ' in it "
                + "needs quotes, and a key its own line"),
        Fault(
            text: "a: \u{1}\n",
            expected: "1:4: error: not valid YAML: control characters are not allowed; is it a text file?"),
    ]

    @Test("what is no YAML, or YAML of a refused sort, is one error with its place", arguments: faults)
    func refuses(_ fault: Fault) {
        let (cursor, log) = open(fault.text)
        #expect(places(log) == [fault.expected])
        #expect((cursor == nil) == fault.expected.contains("not valid YAML"))
    }

    @Test("aliases of aliases are told once each and not followed", .timeLimit(.minutes(1)))
    func bomb() throws {
        let levels = (1...40).map { "l\($0): &l\($0) [*l\($0 - 1), *l\($0 - 1)]" }.joined(separator: "\n")
        let (cursor, log) = open("l0: &l0 [x]\n\(levels)\nlast: *l40\n")
        #expect(log.inOrder.count == 41)
        func count(_ cursor: YAMLCursor) -> Int { 1 + (cursor.items() ?? []).reduce(0) { $0 + count($1) } }
        let counts: [Int] = try #require(cursor?.entries()).map { count($0.value) }
        #expect(counts == [2] + Array(repeating: 3, count: 40) + [1])
    }

    @Test("merge keys and keys that an expression was torn into say so")
    func traps() throws {
        let (cursor, log) = open(
            """
            merge:
              <<: {a: 1}
            flow: {require: max(a, b) < 3, for: 1d}
            block:
              count(order) < 3:
            quoted: {"a (b)": 1}
            """)
        for entry in try #require(cursor?.entries()) { _ = entry.value.entries() }
        #expect(
            places(log) == [
                "2:3: error: merge keys (<<) are not supported; write the keys out",
                "3:24: error: an expression inside { } needs quotes: a comma or a colon in it has ended it, and this is "
                    + "read as a key; write key: \"…\", or write it in block style",
                "5:3: error: a key cannot hold '('; if this is an expression, its key and a colon are missing before it",
            ])
    }

    @Test("scalars are read as written")
    func asWritten() throws {
        let (cursor, log) = open("a: NO\nb: 010\nc: 2026-03-16\nd: ~\ne: '0x1F'\nf: 1e3\n")
        let texts = try #require(cursor?.entries()).map { $0.value.string() }
        #expect(texts == ["NO", "010", "2026-03-16", "~", "0x1F", "1e3"])
        #expect(log.diagnostics.isEmpty)
    }

    @Test("typed readings say what they wanted and what they met")
    func typed() throws {
        let (cursor, log) = open(
            "bool: NO\nnumber: ten\nspan: 5mo\nday: 2026-02-30\nword: mjor\nid: -x\nempty:\nlist: [a]\nmany: 11\n")
        let keys = try #require(
            cursor?.keys(["bool", "number", "span", "day", "word", "id", "empty", "list", "many"]))
        _ = keys["bool"]?.bool()
        _ = keys["number"]?.integer()
        _ = keys["span"]?.span()
        _ = keys["day"]?.day()
        _ = keys["word"]?.word(of: ["critical", "major", "minor"])
        _ = keys["id"]?.id()
        _ = keys["empty"]?.string()
        _ = keys["list"]?.string()
        _ = keys["many"]?.integer(1...10)
        #expect(
            places(log) == [
                "1:7: error: bool must be true or false, not 'NO'",
                "2:9: error: number must be a whole number, not 'ten'",
                "3:7: error: span must be a length of time such as 30s, 5min, 48h or 1d, not '5mo'",
                "4:6: error: day must be a day such as 2026-03-16, not '2026-02-30'",
                "5:7: error: word must be one of critical, major, minor, not 'mjor'; did you mean 'major'?",
                "6:5: error: id must be an id of letters, digits, '.', '_' and '-', beginning with a letter or digit, "
                    + "not '-x'",
                "7:7: error: empty has no value",
                "8:7: error: list must be text, not a list",
                "9:7: error: many must be 1 to 10, not 11",
            ])
    }

    @Test("unknown keys come with the nearest known one, missing ones with their owner")
    func unknownKeys() throws {
        let (cursor, log) = open("rule:\n  requier: a\n  zzz: 1\n  levels: {}\n")
        let rule = try #require(cursor?.entries()?.first?.value)
        _ = rule.keys(["require", "for"], required: ["require"], advice: ["levels": "is not known to this version"])
        #expect(
            places(log) == [
                "1:1: error: rule lacks 'require'",
                "2:3: error: unknown key 'requier' in rule; did you mean 'require'?",
                "3:3: error: unknown key 'zzz' in rule; known keys are require, for",
                "4:3: error: 'levels' is not known to this version",
            ])
    }

    @Test(
        "lengths of time",
        arguments: [
            ("0d", 0), ("1d", 86_400), ("48h", 172_800), ("30min", 1800), ("5m", 300), ("90s", 90), ("1", nil),
            ("d", nil), ("-1d", nil),
            ("1 d", nil), ("99999999999999999999d", nil), ("400000d", nil), ("", nil),
        ] as [(String, Int64?)])
    func spans(_ text: String, _ seconds: Int64?) {
        #expect(TimeSpan(written: text) == seconds.map(TimeSpan.seconds))
    }

    @Test("a length of time is written as it is read")
    func lengths() {
        #expect(TimeSpan.seconds(86_400).written == "1d" && TimeSpan.seconds(5400).written == "90m")
        #expect(TimeSpan.zero.written == "0s")
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let unit = random.pick([1, 60, 3600, 86_400] as [Int64])
            let span = TimeSpan.seconds(Int64.random(in: 0..<5000, using: &random) * unit)
            #expect(TimeSpan(written: span.written) == span)
        }
    }

    @Test(
        "an empty document is an empty mapping; an empty file is no error of YAML",
        arguments: ["", "\n", "# only words\n"])
    func empty(_ text: String) {
        let (cursor, log) = open(text)
        #expect(cursor?.isEmpty == true)
        #expect(cursor?.entries()?.isEmpty == true)
        #expect(log.diagnostics.isEmpty)
    }

    @Test(
        "bytes that are no text are refused by name",
        arguments: [
            [0xFF, 0xFE, 0x00], [0x61, 0x00, 0x62], [0xC3, 0x28],
        ] as [[UInt8]])
    func binary(_ bytes: [UInt8]) {
        let log = DiagnosticLog()
        #expect(YAMLCursor.text(of: bytes, name: "x.yaml", log: log) == nil)
        #expect(log.diagnostics.map(\.message) == ["the file is not UTF-8 text; is it the right file?"])
    }

    @Test("nesting without end is an error, not a crash", arguments: ["[", "{a: ", "- ", "? "])
    func deep(_ piece: String) {
        let (cursor, log) = open(String(repeating: piece, count: 100_000))
        #expect(cursor == nil)
        #expect(log.diagnostics.count == 1)
        #expect(log.hasErrors)
    }

    // MARK: Passages

    struct Scalar: Sendable {
        var text: String
        /// The scalar as read, and the source from the place of each of these pieces on.
        var value: String
        var pieces: [String]
    }

    static let scalars: [Scalar] = [
        Scalar(text: "k: alpha < beta", value: "alpha < beta", pieces: ["alpha", "<", "beta"]),
        Scalar(
            text: "k: alpha or\n     beta or\n   gamma # done\n", value: "alpha or beta or gamma",
            pieces: ["alpha", "beta", "gamma"]),
        Scalar(text: "k: alpha\n\n   beta", value: "alpha\nbeta", pieces: ["alpha", "beta"]),
        Scalar(text: "k: 'it''s beta'", value: "it's beta", pieces: ["it", "s beta"]),
        Scalar(
            text: "k: \"say \\\"x\\\" == \\u4e2d beta\"", value: "say \"x\" == 中 beta",
            pieces: ["say", "x", "==", "beta"]),
        Scalar(
            text: "k: \"alpha \\\n    beta\n    gamma\"", value: "alpha beta gamma", pieces: ["alpha", "beta", "gamma"]),
        Scalar(text: "k: >\n   alpha or\n   beta\n", value: "alpha or beta\n", pieces: ["alpha", "or", "beta"]),
        Scalar(
            text: "k: |\n   alpha or # x\n     beta\n", value: "alpha or # x\n  beta\n",
            pieces: ["alpha", "# x", "beta"]),
        Scalar(text: "中文: 拼多多 < beta\r\n", value: "拼多多 < beta", pieces: ["拼多多", "<", "beta"]),
        Scalar(text: "\u{FEFF}k: alpha", value: "alpha", pieces: ["alpha"]),
    ]

    @Test("every character of a scalar knows its place in the file", arguments: scalars)
    func passages(_ row: Scalar) throws {
        let (cursor, _) = open(row.text)
        let passage = try #require(cursor?.entries()?.first?.value.passage())
        #expect(passage.text == row.value)
        for piece in row.pieces {
            let found = try #require(passage.text.range(of: piece))
            let low = passage.text.utf8.distance(from: passage.text.startIndex, to: found.lowerBound)
            let high = passage.text.utf8.distance(from: passage.text.startIndex, to: found.upperBound)
            let place = passage.place(low..<high)
            let bytes = Array(row.text.utf8)
            #expect(String(decoding: bytes[place], as: UTF8.self) == piece)
        }
    }

    @Test("a file with CR LF, bare CR and other line ends keeps its places")
    func lineEnds() throws {
        let (cursor, _) = open("a: 1\r\nb: 2\rc: x\u{2028}d: 3\nkey: value\n")
        let entry = try #require(cursor?.entries()?.last)
        #expect(entry.key == "key")
        let bytes = Array(entry.value.source.text.utf8)
        #expect(String(decoding: bytes[entry.value.range], as: UTF8.self) == "value")
        #expect(String(decoding: bytes[entry.keyRange], as: UTF8.self) == "key")
    }
}

extension String {
    /// The first occurrence, without Foundation.
    func range(of piece: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(piece) { return start..<index(start, offsetBy: piece.count) }
            start = index(after: start)
        }
        return nil
    }
}
