import Testing

@testable import Facts

@Suite("A document of JSON is walked by name, and keeps what it read")
struct JSONDocumentTests {
    private static func document(_ text: String) throws -> JSONDocument {
        try Array(text.utf8).withUnsafeBytes { try JSONDocument($0) }
    }

    @Test("those that live side by side, and those that come after, hold each its own")
    func several() throws {
        let first = try Self.document(#"{"a":{"b":["x","y"]}}"#)
        for number in 0..<20 {
            let other = try Self.document(#"{"a":{"b":["n\#(number)"]}}"#)
            #expect(other.root[["a", "b", "0"]]?.text == "n\(number)")
        }
        #expect(first.root[["a", "b", "1"]]?.text == "y")
    }

    @Test("what stands at a path is text, holds others, or is not there")
    func bytes() throws {
        let root = try Self.document(#"{"a":"tëxt","n":1.50,"t":true,"z":null,"l":[{}],"e":""}"#).root
        func found(_ path: String...) -> String {
            switch root.bytes(at: path) {
            case (.text(let bytes), let isNumber): String(decoding: bytes, as: UTF8.self) + (isNumber ? " number" : "")
            case (.textless, _): "textless"
            case (.absent, _): "absent"
            }
        }
        #expect(found("a") == "tëxt" && found("n") == "1.50 number" && found("t") == "true" && found("e") == "")
        #expect(found("z") == "textless" && found("l") == "textless" && found("l", "0") == "textless")
        #expect(found("b") == "absent" && found("a", "b") == "absent" && found("l", "1") == "absent")
    }
}
