import Facts
import Language

/// A filter, value or time of an aggregate as a flat list of steps over integers: what the hot path runs instead of
/// the language's evaluator.
///
/// Members of facts are integers already (millionths, microseconds, words by index), and most of what packs say about
/// them is comparison, logic and sums of times: exact in 64 bits. What is not, such as a quotient, is not made into a
/// program (`FactProgram.init` gives nil), and a program that meets a number it cannot hold says so: in both cases the
/// evaluator answers. Where both answer, they agree.
struct FactProgram: Sendable {
    /// One step. Operands are popped from a stack of integers, the result is pushed; `Fact.missing` is missing, and
    /// conditions are 1 and 0.
    struct Step: Sendable {
        var operation: Operation
        var slot: Int32 = 0
        var constant: Int64 = 0
    }

    enum Operation: UInt8, Sendable {
        case constant, member, orderMember
        case negate, add, subtract, multiplyByConstant, absolute
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case isMissing, isOneOfWords, not, and, or, select, coalesce, least, greatest
        case text, file
    }

    /// A question about a text member or label.
    struct TextTest: Sendable {
        enum Source: Sendable { case member(slot: Int), label(String) }
        enum Question: Sendable { case isMissing, isOneOf([String]), isNotEqual(to: String) }
        var source: Source
        var ofOrder: Bool
        var question: Question
    }

    /// An aggregate over the order file.
    struct FileReduction: Sendable {
        var reducer: Reducer
        var kind: FactKind
        var filter: FactProgram?
        var value: FactProgram?
    }

    var steps: [Step] = []
    var tests: [TextTest] = []
    var reductions: [FileReduction] = []
    /// How many integers the stack needs, those of order-file aggregates included.
    private(set) var depth = 0
    /// The slot of the one member that this program reads, when it does nothing else.
    let plainSlot: Int?

    /// Without steps: stands where there is no program and is never run.
    init() { plainSlot = nil }

    /// nil when the expression needs more than integers.
    init?(_ expression: TypedExpression) {
        if case .member(let member, _, ofOrder: false) = expression.node, member.type != .string {
            plainSlot = member.slot
        } else {
            plainSlot = nil
        }
        guard append(expression) else { return nil }
        depth =
            FactProgram.depth(of: steps)
            + (reductions.map { ($0.filter?.depth ?? 0) + ($0.value?.depth ?? 0) }.max() ?? 0)
    }

    static func depth(of steps: [Step]) -> Int {
        var (height, greatest) = (0, 0)
        for step in steps {
            switch step.operation {
            case .constant, .member, .orderMember, .text, .file: height += 1
            case .negate, .multiplyByConstant, .absolute, .isMissing, .isOneOfWords, .not: break
            case .select: height -= 2
            default: height -= 1
            }
            greatest = max(greatest, height)
        }
        return greatest
    }
}
