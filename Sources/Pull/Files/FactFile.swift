package import Facts

/// Facts as JSON Lines from a file or from standard input: plain, or compressed as `.gz` and `.zst` by name.
package struct FactFile: Sendable {
    package let origin: Origin
    /// The longest line that is looked at, in bytes; a longer one is set aside.
    package var lineLimit = 1 << 20
    /// Lines and bytes of text in one batch, whichever is reached first.
    package var batchLines = 10_000
    package var batchBytes = 16 << 20

    package enum Origin: Sendable, Hashable {
        case path(String)
        /// Always plain.
        case standardInput
    }

    package init(_ origin: Origin) { self.origin = origin }

    /// As the command line names it: `-` is standard input.
    package init(argument: String) { origin = argument == "-" ? .standardInput : .path(argument) }

    /// What people know it by.
    package var name: String {
        switch origin {
        case .path(let path): path
        case .standardInput: "standard input"
        }
    }

    /// Reads to the end and hands over batch after batch; the next is read while one is being handled.
    ///
    /// - Parameter clock: a file is held to be as old as it says, and never younger than the moment reading began.
    /// - Throws: what `handle` throws, and CancellationError. A file that cannot be opened or read to its end throws
    ///   nothing: what was read before has been handled, and the summary says what was wrong.
    package func read(
        decoding: FactDecoding, clock: some WallClock, handle: (FactFileBatch) async throws -> Void
    ) async throws -> FactFileSummary {
        let reader: FactFileReader
        do throws(FactFileError) {
            reader = try FactFileReader(self, decoding: decoding, began: clock.now)
        } catch {
            var summary = FactFileSummary(name: name, coveredUntil: clock.now)
            summary.failure = error
            return summary
        }
        var batch = await reader.next()
        while let current = batch {
            try Task.checkCancellation()
            async let following = reader.next()
            try await handle(current)
            batch = await following
        }
        return await reader.summary
    }
}

/// Some of a file's lines as facts.
package struct FactFileBatch: Sendable {
    package var facts: [Fact] = []
    package var marks: [Mark] = []
    /// Those that did not become facts: `line 17`.
    package var rejections: [RejectedText] = []
    /// How far reading has come, for a progress bar.
    package var bytesRead: Int64 = 0
    /// Nil when it cannot be told.
    package var bytesTotal: Int64?

    package init() {}

    var isEmpty: Bool { facts.isEmpty && marks.isEmpty && rejections.isEmpty }
}

/// What there was in a file.
package struct FactFileSummary: Sendable {
    package let name: String
    package internal(set) var facts = 0
    package internal(set) var marks = 0
    /// What it says itself of what is complete, as an export does, by store.
    package internal(set) var coverage: [String: [FactKind: CoverageInterval]] = [:]
    package internal(set) var rejected = 0
    package internal(set) var lines = 0
    package internal(set) var isEmpty = true
    package internal(set) var unknownMembers = UnknownMembers()
    /// The kinds that occur anywhere in it, measures among them.
    package internal(set) var kinds: FactKinds = []
    package internal(set) var stores: Set<String> = []
    /// Up to when the file can be complete: when it was last changed, of standard input when reading began.
    package internal(set) var coveredUntil: Timestamp
    /// Why it was not read to its end; nil when it was. A file that was not covers nothing.
    package internal(set) var failure: FactFileError?

    /// There was something in it, and none of it was a fact: most likely it is not such a file at all.
    package var isHopeless: Bool { !isEmpty && facts == 0 && marks == 0 && coverage.isEmpty }
}
