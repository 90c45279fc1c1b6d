package import Facts

/// The type of an expression.
package enum ValueType: Sendable, Hashable {
    case number
    case duration
    case time
    case bool
    /// An enumeration, with its words.
    case word([String])
    case string

    package init(_ member: MemberType) {
        switch member {
        case .number: self = .number
        case .time: self = .time
        case .bool: self = .bool
        case .word(let words): self = .word(words)
        case .string: self = .string
        }
    }
}

extension ValueType {
    /// As messages speak of it.
    package var phrase: String {
        switch self {
        case .number: "a number"
        case .duration: "a duration"
        case .time: "a time"
        case .bool: "a condition"
        case .word: "a word"
        case .string: "a string"
        }
    }
}
