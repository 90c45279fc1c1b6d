import Facts
import HTTPTypes
import Hummingbird
import Language
import NIOCore

/// What is sent with an act: one object, of which every member is known before.
struct ActBody: Sendable {
    struct Member: Sendable {
        enum Kind: Sendable {
            case text
            /// One at least.
            case texts
            case truth
            case word([String])
            /// A number, or a text that is one.
            case figure
        }

        let name: String
        let kind: Kind
        let meaning: String
        var isRequired = false

        init(_ name: String, _ kind: Kind, _ meaning: String) {
            (self.name, self.kind, self.meaning) = (name, kind, meaning)
        }

        static func required(_ name: String, _ kind: Kind, _ meaning: String) -> Member {
            var member = Member(name, kind, meaning)
            member.isRequired = true
            return member
        }
    }

    let members: [Member]

    init(_ members: Member...) { self.members = members }

    static let refusals: [HTTPResponse.Status] = [.contentTooLarge, .unsupportedMediaType]
    private static let (type, greatestBytes) = ("application/json", 64 << 10)

    // MARK: Reading

    /// As the fields of a form; of several texts one field each.
    func fields(of http: Request) async throws -> [(name: String, value: String)] {
        let type = http.headers[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
        guard type == Self.type else {
            throw APIProblem(
                .unsupportedMediaType, "an act comes as \(Self.type), and not as '\(type)'", parameter: "Content-Type")
        }
        var http = http
        let body: ByteBuffer
        do {
            body = try await http.collectBody(upTo: Self.greatestBytes)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw APIProblem(.contentTooLarge, "an act has \(Self.greatestBytes >> 10) KiB at most")
        }
        return try fields(of: Array(body.readableBytesView))
    }

    func fields(of bytes: [UInt8]) throws -> [(name: String, value: String)] {
        let opened = bytes.withUnsafeBytes { bytes in
            Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
        }
        guard let document = try? opened.get(), document.root.isObject else {
            throw APIProblem(.badRequest, "the body is no JSON object")
        }
        let names = document.root.names
        for (place, name) in names.enumerated() {
            guard let member = members.first(where: { $0.name == name }) else {
                let hint = NearestName.hint(for: name, among: members.map(\.name))
                throw APIProblem(.badRequest, "there is no member '\(name)' here\(hint)", parameter: name)
            }
            guard !names[..<place].contains(name) else {
                throw APIProblem(.badRequest, "\(member.name) is given twice", parameter: name)
            }
        }
        return try members.flatMap { member -> [(name: String, value: String)] in
            guard let node = document.root[member.name] else {
                guard !member.isRequired else {
                    throw APIProblem(.badRequest, "\(member.name) is missing", parameter: member.name)
                }
                return []
            }
            guard let values = member.values(of: node) else {
                throw APIProblem(.badRequest, "\(member.name) \(member.fault)", parameter: member.name)
            }
            return values.map { (member.name, $0) }
        }
    }

    // MARK: In the document

    var json: JSONValue {
        let schema = JSONValue.object([
            ("type", .string("object")),
            ("required", .array(members.filter(\.isRequired).map { .string($0.name) })),
            ("properties", .object(members.map { ($0.name, $0.schema) })), ("additionalProperties", .bool(false)),
        ])
        return .object([
            ("required", .bool(true)), ("content", .object([(Self.type, .object([("schema", schema)]))])),
        ])
    }

    /// What is answered to an act.
    static func done(_ done: Act.Done) -> JSONValue {
        .object([("id", JSONValue(done.id)), ("done", JSONValue(done.words))])
    }

    static let doneShape = Shape.object([
        .init(
            "id",
            .described(
                "of the episode, silence, fact, reading or notice that it is about; null: of none", .orNull(.text))),
        .init("done", .described("what was done, for people", .inBothTongues)),
    ])
}

extension ActBody.Member {
    /// nil: it is none of its kind.
    fileprivate func values(of node: JSONNode) -> [String]? {
        switch kind {
        case .text: node.isString ? node.text.flatMap { $0.isEmpty ? nil : [$0] } : nil
        case .truth: node.isBool ? node.text.map { [$0] } : nil
        case .word(let words): node.isString ? node.text.flatMap { words.contains($0) ? [$0] : nil } : nil
        case .figure: node.isString || node.isNumber ? node.text.flatMap { $0.isEmpty ? nil : [$0] } : nil
        case .texts:
            node.isArray && !node.elements.isEmpty
                && node.elements.allSatisfy { $0.isString && $0.text?.isEmpty == false }
                ? node.elements.compactMap(\.text) : nil
        }
    }

    fileprivate var fault: String {
        switch kind {
        case .text: "is a text with something in it"
        case .truth: "is true or false"
        case .word(let words): "is one of \(words.joined(separator: ", "))"
        case .figure: "is a number, or a text that is one"
        case .texts: "is a list of texts, one at least"
        }
    }

    fileprivate var schema: JSONValue {
        let filled: (String, JSONValue) = ("minLength", JSONValue(1))
        let members: [(String, JSONValue)]
        switch kind {
        case .text: members = [("type", .string("string")), filled]
        case .truth: members = [("type", .string("boolean"))]
        case .word(let words): members = [("type", .string("string")), ("enum", .array(words.map(JSONValue.string)))]
        case .figure: members = [("type", .array([.string("string"), .string("number")])), filled]
        case .texts:
            members = [
                ("type", .string("array")), ("minItems", JSONValue(1)),
                ("items", .object([("type", .string("string")), filled])),
            ]
        }
        return .object(members + [("description", .string(meaning))])
    }
}
