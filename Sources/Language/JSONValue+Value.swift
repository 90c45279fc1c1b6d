package import Facts

extension JSONValue {
    package init(_ value: Value) {
        switch value {
        case .missing: self = .null
        case .number(let fraction): self = .number(fraction.description)
        case .duration(let microseconds):
            self = microseconds.divided(by: Fraction(1_000_000)).map { .number($0.description) } ?? .null
        case .time(let moment): self = .string(moment.description)
        case .bool(let truth): self = .bool(truth)
        case .word(let text), .string(let text): self = .string(text)
        }
    }
}
