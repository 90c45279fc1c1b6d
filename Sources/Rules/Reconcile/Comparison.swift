package import Facts
package import Language

/// Ours beside theirs: what we count of a metric as of the moment for which the platform's figure holds.
package struct Comparison: Sendable {
    package let pair: ReconcilePair
    /// The moment for which the platform's figure holds.
    package let at: Timestamp
    package let theirs: Fraction
    /// Of the facts as they stood then, without what our own people have marked, of which the platform knows nothing.
    package let ours: Estimate
    package let standing: Standing
    /// Why nothing can be said; nil where it can.
    package let hindrance: Hindrance?

    package enum Standing: String, Sendable, Hashable, CaseIterable {
        /// They lie no further apart than is tolerated.
        case agrees
        case differs
        /// Ours cannot be told: see `hindrance`.
        case unknown

        /// For people.
        package var title: Words {
            switch self {
            case .agrees: Words(en: "agrees", zh: "一致")
            case .differs: Words(en: "differs", zh: "不一致")
            case .unknown: Words(en: "unknown", zh: "未知")
            }
        }
    }

    package enum Hindrance: Sendable, Hashable {
        /// Of these kinds not all is known that counts up to then.
        case uncovered(FactKinds)
        /// A source has told a part of these kinds, and more belongs to it.
        case halfTold(FactKinds)
        /// The platform does not tell what ours rests on: which right is lacking.
        case withheld(Words)
        /// Nothing to divide by, or no value of a parameter.
        case missing

        /// For people.
        package var words: Words {
            func names(_ kinds: FactKinds) -> Words {
                Words(
                    en: kinds.kinds.map(\.name).joined(separator: ", "),
                    zh: kinds.kinds.map { Schema[$0].meaning.zh }.joined(separator: "、"))
            }
            switch self {
            case .withheld(let why): return why
            case .uncovered(let kinds):
                return Words(
                    en: "not all is known of \(names(kinds).en) up to then", zh: "\(names(kinds).zh)数据截至当时不完整")
            case .halfTold(let kinds):
                return Words(
                    en: "a pull or import of \(names(kinds).en) is under way, or broke off in its middle",
                    zh: "\(names(kinds).zh)数据的拉取或导入正在进行，或中途中断")
            case .missing: return Words(en: "there was nothing to count it from", zh: "当时没有可供计算的数据")
            }
        }
    }

    /// The exact figure of ours, or nil.
    package var figure: Fraction? { if case .exact(.number(let ours)) = ours { ours } else { nil } }

    /// Ours less theirs; nil while ours is not known, and where it is too large.
    package var difference: Fraction? { figure?.subtracting(theirs) }

    /// How far they may lie apart.
    package var allowance: Fraction { pair.allowance(for: theirs) }

    /// Whether a figure lies no further from theirs than is tolerated.
    package func fits(_ figure: Fraction) -> Bool { Comparison.lies(figure, within: allowance, of: theirs) }

    /// Whether it lies nearer to theirs than ours does.
    package func isNearer(_ figure: Fraction) -> Bool {
        guard let own = self.figure, let ours = Comparison.distance(own, theirs),
            let other = Comparison.distance(figure, theirs)
        else { return false }
        return other < ours
    }

    package static func lies(_ figure: Fraction, within allowance: Fraction, of theirs: Fraction) -> Bool {
        distance(figure, theirs).map { $0 <= allowance } ?? false
    }

    private static func distance(_ a: Fraction, _ b: Fraction) -> Fraction? {
        a.subtracting(b).flatMap { $0 < .zero ? $0.negated : $0 }
    }
}
