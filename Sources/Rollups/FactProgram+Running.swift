import Facts
import Language

extension FactProgram {
    /// The value on `fact`, a fact of `file`, or missing.
    ///
    /// `stack` has room for `depth` integers. `isBeyond` is set, and the result means nothing, when a number on the way
    /// does not fit: then the evaluator has to be asked.
    @inline(__always)
    func value(
        of fact: Fact, in file: OrderFile, stack: UnsafeMutablePointer<Int64>, isBeyond: inout Bool
    ) -> Int64 {
        if let plainSlot { return fact.numbers[plainSlot] }
        return run(fact, file, stack, &isBeyond)
    }

    private func run(
        _ fact: Fact, _ file: OrderFile, _ stack: UnsafeMutablePointer<Int64>, _ isBeyond: inout Bool
    ) -> Int64 {
        let missing = Fact.missing
        // One past the top.
        var top = stack
        for step in steps {
            switch step.operation {
            case .constant:
                top.pointee = step.constant
                top += 1
            case .member:
                top.pointee = fact.numbers[Int(step.slot)]
                top += 1
            case .orderMember:
                top.pointee = (fact.kind == .order ? fact : file.order)?.numbers[Int(step.slot)] ?? missing
                top += 1
            case .negate:
                if top[-1] != missing { top[-1] = -top[-1] }
            case .absolute:
                if top[-1] != missing { top[-1] = abs(top[-1]) }
            case .multiplyByConstant:
                guard top[-1] != missing else { continue }
                let (product, isOver) = top[-1].multipliedReportingOverflow(by: step.constant)
                if isOver || product == missing { isBeyond = true }
                top[-1] = product
            case .add:
                top -= 1
                let (sum, isOver) = top[-1].addingReportingOverflow(top[0])
                if top[-1] == missing || top[0] == missing {
                    top[-1] = missing
                } else {
                    if isOver || sum == missing { isBeyond = true }
                    top[-1] = sum
                }
            case .subtract:
                top -= 1
                let (difference, isOver) = top[-1].subtractingReportingOverflow(top[0])
                if top[-1] == missing || top[0] == missing {
                    top[-1] = missing
                } else {
                    if isOver || difference == missing { isBeyond = true }
                    top[-1] = difference
                }
            case .equal:
                top -= 1
                top[-1] = top[-1] == top[0] && top[0] != missing ? 1 : 0
            case .notEqual:
                top -= 1
                top[-1] = top[-1] == top[0] && top[0] != missing ? 0 : 1
            case .less:
                top -= 1
                top[-1] = top[-1] < top[0] && top[-1] != missing ? 1 : 0
            case .lessOrEqual:
                top -= 1
                top[-1] = top[-1] <= top[0] && top[-1] != missing ? 1 : 0
            case .greater:
                top -= 1
                top[-1] = top[-1] > top[0] && top[0] != missing ? 1 : 0
            case .greaterOrEqual:
                top -= 1
                top[-1] = top[-1] >= top[0] && top[0] != missing ? 1 : 0
            case .isMissing:
                top[-1] = top[-1] == missing ? 1 : 0
            case .isOneOfWords:
                let word = top[-1]
                top[-1] = word >= 0 && word < 64 && UInt64(bitPattern: step.constant) >> UInt64(word) & 1 == 1 ? 1 : 0
            case .not:
                top[-1] = top[-1] == 1 ? 0 : 1
            case .and:
                top -= 1
                top[-1] = top[-1] == 1 && top[0] == 1 ? 1 : 0
            case .or:
                top -= 1
                top[-1] = top[-1] == 1 || top[0] == 1 ? 1 : 0
            case .select:
                top -= 2
                top[-1] = top[-1] == 1 ? top[0] : top[1]
            case .coalesce:
                top -= 1
                if top[-1] == missing { top[-1] = top[0] }
            case .least:
                top -= 1
                // Missing is the least integer there is, and one missing argument makes the result missing.
                top[-1] = min(top[-1], top[0])
            case .greatest:
                top -= 1
                top[-1] = top[-1] == missing || top[0] == missing ? missing : max(top[-1], top[0])
            case .text:
                top.pointee = tests[Int(step.slot)].holds(for: fact, in: file) ? 1 : 0
                top += 1
            case .file:
                top.pointee = reductions[Int(step.slot)].value(in: file, stack: top, isBeyond: &isBeyond)
                top += 1
            }
        }
        return stack.pointee
    }
}

extension FactProgram.TextTest {
    func holds(for fact: Fact, in file: OrderFile) -> Bool {
        guard !ofOrder || fact.kind == .order else {
            guard let order = file.order else { return holds(nil) }
            return holds(text(of: order))
        }
        return holds(text(of: fact))
    }

    private func text(of fact: Fact) -> String? {
        switch source {
        case .member(let slot): fact.texts[slot]
        case .label(let name): fact.labels[name]
        }
    }

    private func holds(_ text: String?) -> Bool {
        switch question {
        case .isMissing: text == nil
        case .isOneOf(let texts): text.map { text in texts.contains { $0.isSameBytes(as: text) } } ?? false
        case .isNotEqual(let other): text.map { !$0.isSameBytes(as: other) } ?? true
        }
    }
}

extension FactProgram.FileReduction {
    func value(in file: OrderFile, stack: UnsafeMutablePointer<Int64>, isBeyond: inout Bool) -> Int64 {
        var result: Int64 = reducer == .count || reducer == .sum ? 0 : Fact.missing
        if kind == .order {
            if let order = file.order { take(order, file, stack, &isBeyond, &result) }
        } else {
            for fact in file.children where fact.kind == kind { take(fact, file, stack, &isBeyond, &result) }
        }
        return result
    }

    @inline(__always)
    private func take(
        _ fact: Fact, _ file: OrderFile, _ stack: UnsafeMutablePointer<Int64>, _ isBeyond: inout Bool,
        _ result: inout Int64
    ) {
        if let filter {
            guard filter.value(of: fact, in: file, stack: stack, isBeyond: &isBeyond) == 1 else { return }
        }
        guard reducer != .count, let value else {
            result += 1_000_000
            return
        }
        let taken = value.value(of: fact, in: file, stack: stack, isBeyond: &isBeyond)
        guard taken != Fact.missing else { return }
        switch reducer {
        case .min: result = result == Fact.missing ? taken : Swift.min(result, taken)
        case .max: result = result == Fact.missing ? taken : Swift.max(result, taken)
        default:
            let (sum, isOver) = result.addingReportingOverflow(taken)
            if isOver || sum == Fact.missing { isBeyond = true }
            result = sum
        }
    }
}
