package import Facts
package import Rules

/// One metric of a store beside what the platform shows of it.
package struct Reconciled: Sendable {
    package var pair: ReconcilePair
    package var title: Words
    /// nil: no figure of the platform's has been read yet.
    package var comparison: Comparison?
    /// Of figures that part: the first of those in a row that did. One whose own was not known breaks no row.
    package var since: Timestamp?
    /// What may be behind it, each counted: those that come to theirs first, then the nearest. Empty while nothing parts.
    package var candidates: [Candidate]

    /// For programs; it never changes.
    package var standing: String { comparison?.standing.rawValue ?? "unread" }

    /// For people.
    package var standingTitle: Words { comparison?.standing.title ?? Words(en: "no figure", zh: "未录入") }

    /// Those worth a person's while: what comes to theirs, else what comes nearer to it, and what cannot be read.
    package var likely: [Candidate] {
        let fitting = candidates.filter(\.fits)
        return (fitting.isEmpty ? candidates.filter(\.isNearer) : fitting) + candidates.filter { $0.figure == nil }
    }

    /// What ours would come to if something were otherwise.
    package struct Candidate: Sendable {
        package var cause: Cause
        /// nil: it cannot be counted.
        package var figure: Fraction?
        /// It comes to theirs, as far as is tolerated.
        package var fits: Bool
        /// It lies nearer to theirs than ours does.
        package var isNearer: Bool

        package enum Cause: Sendable {
            case variant(MetricVariant)
            /// So many facts were learnt or corrected since.
            case knownThen(Int)
            /// What happened after the moment.
            case later
            case marks
            /// As of so many days later; earlier where negative.
            case day(Int, LocalDay)
            /// So many facts could not be read.
            case quarantined(Int)

            /// For programs; it never changes.
            package var word: String {
                switch self {
                case .variant: "variant"
                case .knownThen: "known_then"
                case .later: "later"
                case .marks: "marks"
                case .day: "day"
                case .quarantined: "quarantined"
                }
            }

            /// For people.
            package var words: Words {
                switch self {
                case .variant(let variant): return variant.title
                case .knownThen(let count):
                    return Words(
                        en: "by what was known at that moment (\(counted(count, "fact")) learnt or corrected since)",
                        zh: "按当时已知的数据（此后新增或更正 \(count) 条）")
                case .later: return Words(en: "with what happened after that moment", zh: "计入该时刻之后的变化")
                case .marks: return Words(en: "with what your own people have marked", zh: "计入本店的标记")
                case .day(let days, let day):
                    let count = counted(abs(days), "day")
                    return Words(
                        en: "as of \(day), \(count) \(days < 0 ? "earlier" : "later")",
                        zh: "按 \(day) 统计（\(days < 0 ? "早" : "晚") \(abs(days)) 天）")
                case .quarantined(let count):
                    return Words(
                        en: "\(counted(count, "fact")) of the store could not be read and count nowhere",
                        zh: "有 \(count) 条数据无法读取，未计入")
                }
            }
        }
    }
}
