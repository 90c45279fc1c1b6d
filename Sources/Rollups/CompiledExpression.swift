import Facts
import Language

/// A filter, value or time of an aggregate, ready to be asked of many facts: a program over integers where that is
/// exact, the language's evaluator everywhere else.
///
/// A class, as `KindPlan` is: on the hot path a reference is counted once where a value would count each array in it.
final class CompiledExpression: Sendable {
    /// Empty when there is none.
    private let program: FactProgram
    private let hasProgram: Bool
    private let general: GeneralExpression
    /// It gives 1 and 0, which count as 1,000,000 and 0 millionths when they are averaged.
    let isCondition: Bool

    init(_ expression: TypedExpression, _ calendar: StoreCalendar) {
        let program = FactProgram(expression)
        hasProgram = program != nil
        self.program = program ?? FactProgram()
        general = GeneralExpression(expression, calendar)
        isCondition = expression.type == .bool
    }

    var depth: Int { program.depth }

    /// As an integer (see `GeneralExpression.integer`).
    @inline(__always)
    func integer(of fact: Fact, in file: OrderFile, stack: UnsafeMutablePointer<Int64>) -> Int64 {
        if hasProgram {
            var isBeyond = false
            let value = program.value(of: fact, in: file, stack: stack, isBeyond: &isBeyond)
            if !isBeyond { return value }
        }
        return general.integer(of: fact, in: file)
    }

    /// As a filter: missing is false.
    @inline(__always)
    func holds(for fact: Fact, in file: OrderFile, stack: UnsafeMutablePointer<Int64>) -> Bool {
        integer(of: fact, in: file, stack: stack) == 1
    }
}

/// The same through the language's evaluator, for every expression there is.
struct GeneralExpression: Sendable {
    let expression: TypedExpression
    let calendar: StoreCalendar

    init(_ expression: TypedExpression, _ calendar: StoreCalendar) {
        (self.expression, self.calendar) = (expression, calendar)
    }

    func value(of fact: Fact, in file: OrderFile) -> Value {
        Evaluator.value(of: expression, for: fact, in: file, calendar)
    }

    /// Numbers in millionths and durations in microseconds, rounded half-even once; times in microseconds; conditions 1
    /// and 0. Missing, and what does not fit, is `Fact.missing`.
    func integer(of fact: Fact, in file: OrderFile) -> Int64 {
        let value = value(of: fact, in: file)
        if case .bool(let truth) = value { return truth ? 1 : 0 }
        return Evaluator.amount(of: value) ?? Fact.missing
    }
}
