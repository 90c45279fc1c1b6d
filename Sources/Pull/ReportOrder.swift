package import Facts
import Foundation

/// A report that is to be asked for, or that was and is not read yet: kept in the state of a pull, so that nobody waits for it.
package struct ReportOrder: Sendable, Hashable {
    /// Whose it is.
    package var stream: String
    /// Which stretch of time of those that were due together; from 0.
    package var part: Int
    /// When the pull began that it was due in: once it is read, all that it is about is known as of then.
    package var asOf: Timestamp
    /// nil: from the beginning.
    package var from: Timestamp?
    package var until: Timestamp
    /// The platform's; nil: it is still to be asked for.
    package var id: String?
    package var orderedAt: Timestamp?
    /// How often in a row the platform could not make it, what it said last, and when it is to be asked for again.
    package var failures = 0
    package var failure: String?
    package var notBefore: Timestamp?

    package init(stream: String, part: Int, asOf: Timestamp, from: Timestamp?, until: Timestamp) {
        (self.stream, self.part, self.asOf, self.from, self.until) = (stream, part, asOf, from, until)
    }

    /// How the words begin of what the platform refuses, for want of a right say.
    static let refusal = "refused "
    package var isRefused: Bool { failure?.hasPrefix(Self.refusal) ?? false }

    /// The platform could not make it, or knows it no longer.
    mutating func fail(_ words: String, at now: Timestamp) {
        (id, orderedAt) = (nil, nil)
        (failures, failure) = (failures + 1, words)
        notBefore = now + .hours(Int64(min(failures, 6)))
    }

    // MARK: - As text

    /// On one line, for the state to keep.
    var text: String {
        func text(_ moment: Timestamp?) -> String { moment.map { String($0.microseconds) } ?? "-" }
        func text(_ words: String?) -> String { words.map(PercentEncoding.strict) ?? "-" }
        return [
            String(part), text(asOf), text(from), text(until), text(id.map { "=" + $0 }), text(orderedAt),
            String(failures), text(failure.map { "=" + $0 }), text(notBefore), text(stream),
        ].joined(separator: " ")
    }

    /// nil for what `text` did not write.
    init?(text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        func moment(_ index: Int) -> Timestamp? { Int64(parts[index]).map { Timestamp(microseconds: $0) } }
        func words(_ index: Int) -> String? {
            parts[index] == "-" ? nil : parts[index].removingPercentEncoding.map { String($0.dropFirst()) }
        }
        guard parts.count == 10, let part = Int(parts[0]), let failures = Int(parts[6]), let asOf = moment(1),
            let until = moment(3), let stream = parts[9].removingPercentEncoding
        else { return nil }
        self.init(stream: stream, part: part, asOf: asOf, from: moment(2), until: until)
        (id, orderedAt) = (words(4), moment(5))
        (self.failures, failure, notBefore) = (failures, words(7), moment(8))
    }
}

/// What a page does to the reports that are waited for.
package enum ReportChange: Sendable, Hashable {
    /// It stands so now.
    case stands(ReportOrder)
    /// It was read, or there is nothing in it.
    case read(ReportOrder)
}

extension PullState {
    /// Once all parts of a report are read, it tells all as of the moment at which they were due.
    mutating func apply(_ changes: [ReportChange]) {
        for change in changes {
            switch change {
            case .stands(let order):
                if let index = index(of: order) { reports[index] = order } else { reports.append(order) }
            case .read(let order):
                if let index = index(of: order) { reports.remove(at: index) }
                if !reports.contains(where: { $0.stream == order.stream }) { askedAt[order.stream] = order.asOf }
            }
        }
    }

    private func index(of order: ReportOrder) -> Int? {
        reports.firstIndex { $0.stream == order.stream && $0.part == order.part }
    }
}
