package import Facts
import Rollups

/// What of a store's facts the ledger has learnt since an earlier moment: facts that it did not know then, and facts
/// that it knew otherwise.
package struct KnownThen: Sendable {
    /// Of every fact that is known now and was not, or was known otherwise, or is known no more.
    package var changed: [Change]
    /// The files in which those facts lie now, and in which they lay then; as they are now, each whole.
    package var files: [OrderFile]

    package struct Change: Sendable {
        package var key: FactKey
        /// nil: it was not known yet, or was taken back.
        package var then: Fact?
        /// It did not stand then: the ledger had not heard of it, or another source's facts stood.
        package var isNew: Bool
        /// nil: it was taken back, or moved aside.
        package var now: Fact?
    }

    /// All of it as our own people know it.
    package func applying(_ marks: MarksInForce) -> KnownThen {
        KnownThen(
            changed: changed.map {
                Change(
                    key: $0.key, then: $0.then.map(marks.applied), isNew: $0.isNew, now: $0.now.map(marks.applied))
            }, files: files.map(marks.applied))
    }

    /// The files as they were known then.
    package var then: [OrderFile] { rebuilt { $0.then } }

    /// The files as they were known then, and what was learnt since beside it: what was corrected is as it was.
    package var withLearnt: [OrderFile] { rebuilt { $0.isNew ? $0.now : $0.then } }

    private func rebuilt(_ version: (Change) -> Fact?) -> [OrderFile] {
        var facts: [FactKey: Fact] = [:]
        for file in files {
            if let order = file.order { facts[order.key] = order }
            for child in file.children { facts[child.key] = child }
        }
        for change in changed { facts[change.key] = version(change) }
        return OrderFile.files(of: facts.values)
    }
}
