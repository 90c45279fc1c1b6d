extension String {
    /// A decimal number with its whole part in groups of three, as it is written in English and in Chinese: `-12,345.60`.
    package var grouped: String {
        let sign = prefix { $0 == "-" || $0 == "+" }
        let whole = self[sign.endIndex...].prefix { $0.isASCII && $0.isNumber }
        guard whole.count > 3 else { return self }
        var text = String(sign)
        for (place, digit) in whole.enumerated() {
            if place > 0, (whole.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text + self[whole.endIndex...]
    }
}
