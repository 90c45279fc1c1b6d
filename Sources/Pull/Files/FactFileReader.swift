import Facts

/// Reads a file of facts batch by batch. An actor, so that reading and what is done with the last batch overlap.
actor FactFileReader {
    private(set) var summary: FactFileSummary
    private var decoder: FactDecoder
    private let file: FactFile
    private let bytesTotal: Int64?
    private var lines: LineReader
    private var isAtEnd = false
    private var lastStore = ""
    private var alike = AlikeRejections()

    init(_ file: FactFile, decoding: FactDecoding, began: Timestamp) throws(FactFileError) {
        let bytes: FileBytes
        switch file.origin {
        case .path(let path): bytes = try FileBytes(path: path)
        case .standardInput: bytes = .standardInput
        }
        var until = began
        if let modified = bytes.modified {
            until = min(began, Timestamp(microseconds: modified.seconds * 1_000_000 + modified.nanoseconds / 1000))
        }
        bytesTotal = bytes.size
        summary = FactFileSummary(name: file.name, coveredUntil: until)
        (self.file, decoder) = (file, decoding.decoder())
        lines = try LineReader(bytes, lineLimit: file.lineLimit)
    }

    /// Nil at the end, and after a failure, which the summary then holds.
    func next() -> FactFileBatch? {
        if isAtEnd { return nil }
        var batch = FactFileBatch()
        batch.bytesTotal = bytesTotal
        batch.facts.reserveCapacity(file.batchLines)
        let begin = lines.textBytes
        var count = 0
        do throws(FactFileError) {
            while count < file.batchLines, lines.textBytes - begin < file.batchBytes {
                switch try lines.next() {
                case .text(let line):
                    if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { continue }
                    count += 1
                    try take(line, into: &batch)
                case .tooLong(let length):
                    count += 1
                    let reason = "the line is \(length) bytes long; at most \(file.lineLimit) are read"
                    reject(Rejection(reason: reason, text: "\(length) bytes"), into: &batch)
                case .end:
                    isAtEnd = true
                }
                if isAtEnd { break }
            }
        } catch {
            (isAtEnd, summary.failure) = (true, error)
        }
        summary.lines = lines.number
        summary.isEmpty = lines.textBytes == 0
        summary.unknownMembers = decoder.unknownMembers
        batch.bytesRead = lines.bytesRead
        return batch.isEmpty && isAtEnd ? nil : batch
    }

    private func take(_ line: UnsafeRawBufferPointer, into batch: inout FactFileBatch) throws(FactFileError) {
        switch decoder.decode(line: line) {
        case .fact(let fact):
            batch.facts.append(fact)
            summary.facts += 1
            summary.kinds.insert(fact.kind)
            if fact.store != lastStore {
                lastStore = fact.store
                summary.stores.insert(fact.store)
            }
        case .mark(let mark):
            batch.marks.append(mark)
            summary.marks += 1
        case .coverage(let coverage): summary.coverage[coverage.store, default: [:]][coverage.kind] = coverage.interval
        case .rejected(let rejection):
            // Whoever wrote the file was stopped there.
            if lines.isUnended, rejection.isNoJSON, line.first == UInt8(ascii: "{") {
                throw .endsInLine(file.name, lines.number)
            }
            reject(rejection, into: &batch)
        }
    }

    private func reject(_ rejection: Rejection, into batch: inout FactFileBatch) {
        let rejection = alike.numbered(rejection)
        batch.rejections.append(
            RejectedText(position: "line \(lines.number)", rejection: rejection, factsBefore: batch.facts.count))
        summary.rejected += 1
    }
}
