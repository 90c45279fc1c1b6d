import CJSON

/// Up to when, and from when, one kind of one store is known to be complete: `{"kind":"coverage","store":…,"of":"order",
/// "until":…}`. An export carries it, so that its import proves no more than was known.
package struct KindCoverage: Sendable, Hashable {
    package let store: String
    package let kind: FactKind
    package let interval: CoverageInterval

    package init(store: String, kind: FactKind, interval: CoverageInterval) {
        (self.store, self.kind, self.interval) = (store, kind, interval)
    }
}

extension FactDecoder {
    static let coverageKind = "coverage"

    func decodeCoverage(_ object: Int) -> DecodedFact {
        let texts = texts(of: object)
        func moment(_ name: String) throws(Problem) -> Timestamp? {
            guard let text = texts[name] else { return nil }
            guard let moment = Timestamp(text) else { throw Problem("\(name) is no time with an offset") }
            return moment
        }
        do throws(Problem) {
            if let list = try withheldList(object) { return .fact(list.fact) }
            guard let store = texts["store"], !store.isEmpty, store.utf8.count <= FactDecoder.greatestIDBytes,
                !store.utf8.contains(0), !reader.isDamaged(reader.tokens[object])
            else { throw Problem("coverage without a store") }
            guard let kind = texts["of"].flatMap({ FactKind(name: $0) }), kind != .measure else {
                throw Problem("coverage of no kind of fact")
            }
            guard let until = try moment("until") else { throw Problem("coverage without until") }
            let from = try moment("from")
            guard from.map({ $0 < until }) ?? true else { throw Problem("coverage that ends before it begins") }
            return .coverage(
                KindCoverage(store: store, kind: kind, interval: CoverageInterval(from: from, until: until)))
        } catch {
            return .rejected(
                Rejection(
                    reason: error.words,
                    text: Masking.object(reader.tokens, at: object, kind: nil, labels: [])))
        }
    }
}

extension FactEncoder {
    /// As a line of an export, without a line end.
    package static func encode(_ coverage: KindCoverage, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"kind\":\"\(FactDecoder.coverageKind)\",\"store\":".utf8)
        bytes.append(jsonString: coverage.store)
        bytes.append(contentsOf: ",\"of\":\"\(coverage.kind.name)\"".utf8)
        if let from = coverage.interval.from { bytes.append(contentsOf: ",\"from\":\"\(from)\"".utf8) }
        bytes.append(contentsOf: ",\"until\":\"\(coverage.interval.until)\"}".utf8)
    }
}
