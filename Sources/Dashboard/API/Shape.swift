import Facts

/// What a value of an answer looks like: as much of JSON Schema as the API's document needs.
///
/// Of an object every member is always there; what is not known is null.
indirect enum Shape: Sendable {
    case text, moment, day, whole, number, truth, anything
    case word([String])
    case list(Shape)
    /// An object of which the names of the members are not known before.
    case map(Shape)
    case object([Member])
    case orNull(Shape)
    case either([Shape])
    /// One of `OpenAPIDocument.shapes`.
    case named(String)
    case described(String, Shape)

    struct Member: Sendable {
        let name: String
        let shape: Shape

        init(_ name: String, _ shape: Shape) { (self.name, self.shape) = (name, shape) }
    }

    static func words<Words: CaseIterable & RawRepresentable>(of type: Words.Type) -> Shape
    where Words.RawValue == String { .word(Words.allCases.map(\.rawValue)) }

    /// A text in the two languages.
    static let inBothTongues = Shape.named("Words")

    var schema: JSONValue { .object(members) }

    private var members: [(String, JSONValue)] {
        switch self {
        case .text: [("type", .string("string"))]
        case .moment: [("type", .string("string")), ("format", .string("date-time"))]
        case .day: [("type", .string("string")), ("format", .string("date"))]
        case .whole: [("type", .string("integer"))]
        case .number: [("type", .string("number"))]
        case .truth: [("type", .string("boolean"))]
        case .anything: []
        case .word(let words): [("type", .string("string")), ("enum", .array(words.map(JSONValue.string)))]
        case .list(let shape): [("type", .string("array")), ("items", shape.schema)]
        case .map(let shape): [("type", .string("object")), ("additionalProperties", shape.schema)]
        case .object(let members):
            [
                ("type", .string("object")), ("required", .array(members.map { .string($0.name) })),
                ("properties", .object(members.map { ($0.name, $0.shape.schema) })),
            ]
        case .orNull(let shape):
            [("anyOf", .array([shape.schema, .object([("type", .string("null"))])]))]
        case .either(let shapes): [("anyOf", .array(shapes.map(\.schema)))]
        case .named(let name): [("$ref", .string("#/components/schemas/\(name)"))]
        case .described(let words, let shape): shape.members + [("description", .string(words))]
        }
    }
}

extension JSONValue {
    /// An object with one member more.
    func with(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + [(name, value)])
    }

    init(_ number: Int) { self = .number(String(number)) }
    init(_ moment: Timestamp?) { self = .init(moment?.description) }
    init(_ day: LocalDay?) { self = .init(day?.description) }
}
