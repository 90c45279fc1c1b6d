package import Facts
package import Rollups

/// The order files of one store in which a mark is in force, as their source tells them, and the marks.
package struct MarkedFiles: Sendable {
    package let marks: MarksInForce
    /// Each whole.
    package let files: [OrderFile]

    package init(marks: MarksInForce, files: [OrderFile]) { (self.marks, self.files) = (marks, files) }

    /// What the figures would be if the marks counted.
    package func counted(in sums: StoreSums, for needs: Needs, calendar: StoreCalendar) -> StoreSums {
        sums.replacing(files, by: files.map(marks.applied), for: needs, calendar: calendar)
    }

    /// Files that were read for a figure, with the marks, and those that only a mark could bring into it.
    package func applied(to read: [OrderFile]) -> [OrderFile] {
        let known = Set(read.compactMap(\.identity))
        return (read + files.filter { $0.identity.map { !known.contains($0) } ?? false }).map(marks.applied)
    }
}
