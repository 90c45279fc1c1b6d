extension LocalDay: CustomStringConvertible {
    /// `2026-03-02`.
    package var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Years before 0 or after 9999 do not occur in what facts carry; they are printed with their sign and all digits.
    package func write(to bytes: inout [UInt8]) {
        let (year, month, day) = civil
        if year < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(decimal: abs(year), width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(decimal: month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(decimal: day, width: 2)
    }

    /// nil when the text is not a day of the calendar written `2026-03-02`.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        let read: LocalDay? = text.withUTF8 { bytes in
            guard bytes.count == 10, let year = bytes.digits(at: 0, count: 4), bytes[4] == UInt8(ascii: "-"),
                let month = bytes.digits(at: 5, count: 2), bytes[7] == UInt8(ascii: "-"),
                let day = bytes.digits(at: 8, count: 2), year >= 1, month >= 1, month <= 12, day >= 1,
                day <= LocalDay.days(inMonth: month, of: year)
            else { return nil }
            return LocalDay(year: year, month: month, day: day)
        }
        guard let read else { return nil }
        self = read
    }
}
