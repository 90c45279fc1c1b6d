package import Facts

/// What stands in one field of an export.
package struct Cell: Sendable, Hashable {
    /// As people see it, without the blanks around it: of a date in a workbook `2026-03-02 10:00:00`, of a share that it
    /// shows in percent `1.34%`.
    package var text: String
    /// Of a date or time that the file itself knows to be one: what the calendar and the clock on the wall show.
    package var wall: WallTime?
    /// A number of which a spreadsheet has lost digits: no order number can be read from it.
    package var isShortened = false
    /// More text may stand behind the value: on a page nothing says where it ends.
    package var isOpenEnded = false

    package init(_ text: String, wall: WallTime? = nil, isShortened: Bool = false, isOpenEnded: Bool = false) {
        (self.text, self.wall, self.isShortened, self.isOpenEnded) = (text, wall, isShortened, isOpenEnded)
    }

    package static let empty = Cell("")
}

/// What the calendar and the clock on some wall show.
package struct WallTime: Sendable, Hashable {
    package var day: LocalDay
    package var microsecondsOfDay: Int64

    package init(day: LocalDay, microsecondsOfDay: Int64 = 0) {
        (self.day, self.microsecondsOfDay) = (day, microsecondsOfDay)
    }

    package func moment(in calendar: StoreCalendar) -> Timestamp {
        calendar.moment(day: day, microsecondsOfDay: microsecondsOfDay)
    }
}

/// One row of an export.
package struct Row: Sendable, Hashable {
    /// As people count it, from 1: of text the line on which it begins, of a workbook the row.
    package var number: Int
    package var cells: [Cell]
    /// Why it cannot be taken apart; nil where it can.
    package var fault: String?

    package init(_ number: Int, _ cells: [Cell], fault: String? = nil) {
        (self.number, self.cells, self.fault) = (number, cells, fault)
    }

    /// Nothing but blanks stands in it.
    package var isBlank: Bool { fault == nil && cells.allSatisfy { $0.text.isEmpty } }
}
