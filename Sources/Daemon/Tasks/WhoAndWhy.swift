import Facts
import Foundation
import Rules

/// Who does something by hand, why, and until when: what every act of a person says.
enum WhoAndWhy {
    /// - Parameter name: nil: who is logged in.
    static func person(_ name: String?) throws -> String {
        let name = name ?? Behalf.current?.name ?? NSUserName()
        guard !name.allSatisfy(\.isWhitespace), name.utf8.count <= FactDecoder.greatestIDBytes, !name.utf8.contains(0)
        else {
            throw TaskError(
                Words(en: "--by names nobody, or is over 200 bytes", zh: "--by 为空或超过 200 字节"), isUsage: true)
        }
        return name
    }

    static func check(_ text: String, _ option: String = "--why") throws {
        guard !text.allSatisfy(\.isWhitespace), text.utf8.count <= FactDecoder.greatestTextBytes, !text.utf8.contains(0)
        else {
            throw TaskError(
                Words(en: "\(option) says nothing, or more than 2000 bytes", zh: "\(option) 为空或超过 2000 字节"),
                isUsage: true)
        }
    }

    /// A moment, a day of the calendar's that is the first without it, or a span from now (`2h`, `3d`).
    static func end(_ text: String, in calendar: StoreCalendar, after now: Timestamp) throws -> Timestamp {
        let moment =
            LocalDay(text).map(calendar.startOfDay) ?? Timestamp(text) ?? TimeSpan(written: text).map { now + $0 }
        guard let moment else {
            throw TaskError(
                Words(
                    en: "'\(text)' is neither a day, a time with an offset, nor a span such as 2h",
                    zh: "“\(text)”既不是日期、带时差的时刻，也不是时长（如 2h）"), isUsage: true)
        }
        guard moment > now else {
            throw TaskError(
                Words(en: "--until \(text) lies in the past", zh: "--until \(text) 已过去"), isUsage: true)
        }
        return moment
    }
}
