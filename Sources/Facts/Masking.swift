import CJSON
import Crypto

/// Raw text for quarantine, without what may identify a person.
enum Masking {
    /// Of quarantined text no more than this is kept.
    private static let greatestBytes = 2000

    /// Of text that does not decode: its length, a hash by which to find it again, and how it begins, with every letter
    /// as `x` and every digit as `0`.
    static func unreadable(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        let excerpt = bytes.prefix(120).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(ascii: "x")
            case 0x20..<0x7F: byte
            case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): UInt8(ascii: " ")
            default: UInt8(ascii: "?")
            }
        }
        return "\(bytes.count) bytes, SHA-256 \(hash.finalize().prefix(8).hex)…, like "
            + String(decoding: excerpt, as: UTF8.self)
    }

    /// Of JSON: the members that the schema names, as they came; of all others only the name, and of `buyer` and labels
    /// that are not allowed likewise.
    static func object(_ tokens: JSONReader.Tokens, at object: Int, kind: FactKind?, labels: Set<String>) -> String {
        var bytes: [UInt8] = []
        write(tokens, at: object, into: &bytes) { key in
            let name = Int(key.name)
            if name >= 0, name < DecodingTable.labels { return .asItIs }
            if name == DecodingTable.labels { return .labels(labels) }
            guard name >= 0, let kind, let index = DecodingTable.shared.entry(kind, name) else { return .blank }
            return Schema[kind].members[index].name == "buyer" ? .blank : .asItIs
        }
        if bytes.count > greatestBytes {
            bytes.removeSubrange(greatestBytes...)
            bytes.append(contentsOf: "…".utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private enum Treatment {
        case asItIs
        case blank
        case labels(Set<String>)
    }

    private static func write(
        _ tokens: JSONReader.Tokens, at index: Int, into bytes: inout [UInt8],
        _ treatment: (cjson_token) -> Treatment
    ) {
        let token = tokens[index]
        guard token.kind == CJSON_OBJECT, bytes.count <= greatestBytes else { return writeScalar(token, into: &bytes) }
        bytes.append(UInt8(ascii: "{"))
        var at = index + 1
        while at < Int(token.next) {
            if at > index + 1 { bytes.append(UInt8(ascii: ",")) }
            // A name that is no identifier may itself be somebody's.
            let key = tokens[at].bytes
            let isIdentifier = key.count <= 40 && key.allSatisfy { ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || $0 == 95 }
            bytes.append(jsonString: isIdentifier ? tokens[at].string : "…")
            bytes.append(UInt8(ascii: ":"))
            switch treatment(tokens[at]) {
            case .asItIs: writeScalar(tokens[at + 1], into: &bytes)
            case .blank: bytes.append(jsonString: "…")
            case .labels(let allowed):
                write(tokens, at: at + 1, into: &bytes) {
                    allowed.contains($0.string) ? .asItIs : .blank
                }
            }
            at = Int(tokens[at + 1].next)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func writeScalar(_ token: cjson_token, into bytes: inout [UInt8]) {
        switch token.kind {
        case CJSON_STRING:
            let cut = token.bytes.prefix(FactDecoder.greatestIDBytes)
            let text = String(decoding: cut, as: UTF8.self)
            bytes.append(jsonString: cut.count < token.bytes.count ? text + "…" : text)
        case CJSON_NUMBER, CJSON_NULL, CJSON_TRUE, CJSON_FALSE: bytes.append(contentsOf: token.bytes.prefix(60))
        case CJSON_OBJECT: bytes.append(contentsOf: #"{"…":"…"}"#.utf8)
        case CJSON_ARRAY: bytes.append(contentsOf: #"["…"]"#.utf8)
        default: bytes.append(jsonString: "…")
        }
    }

    /// A value within a reason, cut short.
    static func quoted(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let cut = bytes.prefix(40)
        var quoted: [UInt8] = []
        quoted.append(jsonString: String(decoding: cut, as: UTF8.self))
        return String(decoding: quoted, as: UTF8.self) + (cut.count < bytes.count ? "…" : "")
    }
}
