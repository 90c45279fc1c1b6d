import Facts

extension StoreCalendar {
    /// A moment as people read it, by the store's own clock: `2026-03-02 08:00 +08:00`.
    func shown(_ moment: Timestamp) -> String {
        let text = self.text(of: moment)
        guard let split = text.firstIndex(of: "T"), text.count > 16 else { return text }
        let zone = text[text.index(split, offsetBy: 9)...].drop { $0 == "." || $0.isNumber }
        return "\(text[..<split]) \(text[text.index(after: split)...].prefix(5)) \(zone == "Z" ? "UTC" : String(zone))"
    }
}
