import Facts
import Ledgers
import Pull

/// What a pushed body holds, in batches.
struct PushedFacts {
    enum Element {
        case fact(Fact)
        /// And where it stood.
        case rejected(Rejection, String)

        var fact: Fact? { if case .fact(let fact) = self { fact } else { nil } }
    }

    private(set) var batches: [[Element]] = []
    private(set) var facts = 0
    /// Lines of an export that are no facts.
    private(set) var ignored = 0
    private(set) var stores: Set<String> = []
    private(set) var kinds: FactKinds = []
    private(set) var rejections: [Rejection] = []
    private(set) var unknownMembers = UnknownMembers()
    private var alike = AlikeRejections()

    private static let batchSize = 5000

    /// Throws where the body as a whole is nothing that could hold facts.
    init(_ text: [UInt8], isLines: Bool, decoding: FactDecoding) throws(PushTask.Refusal) {
        var decoder = decoding.decoder()
        if isLines {
            try readLines(text, &decoder)
        } else {
            let read = text.withUnsafeBytes { bytes in
                Result { () throws(PageError) in try decoder.decode(list: bytes) }
            }
            switch read {
            case .success(let elements):
                for (index, element) in elements.enumerated() { take(element, at: "fact \(index + 1)") }
            case .failure(let error): throw .unreadable(Self.words(error))
            }
        }
        unknownMembers = decoder.unknownMembers
    }

    private mutating func readLines(_ text: [UInt8], _ decoder: inout FactDecoder) throws(PushTask.Refusal) {
        var isAnyJSON = false
        var first: Rejection?
        text.withUnsafeBytes { bytes in
            var (start, number) = (0, 0)
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                (start, number) = (end + 1, number + 1)
                if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
                let element = decoder.decode(line: line)
                if case .rejected(let rejection) = element, rejection.isNoJSON || rejection.isNoObject {
                    first = first ?? rejection
                } else {
                    isAnyJSON = true
                }
                take(element, at: "line \(number)")
            }
        }
        if !isAnyJSON, let first {
            throw .unreadable("nothing in the body is a fact, one a line; the first line is \(first.reason)")
        }
    }

    private mutating func take(_ element: DecodedFact, at position: String) {
        switch element {
        case .fact(let fact):
            facts += 1
            stores.insert(fact.store)
            kinds.insert(fact.kind)
            add(.fact(fact))
        case .mark, .coverage: ignored += 1
        case .rejected(let rejection):
            if let store = rejection.store { stores.insert(store) }
            let rejection = alike.numbered(rejection)
            rejections.append(rejection)
            add(.rejected(rejection, position))
        }
    }

    private mutating func add(_ element: Element) {
        if batches.last.map({ $0.count >= Self.batchSize }) ?? true { batches.append([]) }
        batches[batches.count - 1].append(element)
    }

    private static func words(_ error: PageError) -> String {
        switch error {
        case .empty: "the body is empty"
        case .notJSON: "the body is not JSON, or was cut off"
        case .tooLarge: "the body is too large"
        case .withoutFacts, .badCursor, .withoutNext: "the body is not an object with one list \"facts\""
        }
    }

    /// As the ledger keeps them.
    static func placed(_ batch: [Element]) -> [PlacedRejection] {
        var (placed, before) = ([PlacedRejection](), 0)
        for element in batch {
            switch element {
            case .fact: before += 1
            case .rejected(let rejection, let position):
                placed.append(
                    PlacedRejection(position: "push: \(position)", rejection: rejection, factsBefore: before))
            }
        }
        return placed
    }
}
