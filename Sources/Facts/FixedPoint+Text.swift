extension FixedPoint {
    /// Why a text is not a number that facts may carry.
    package enum TextError: Error, Sendable, Hashable {
        case notANumber
        /// More than about 9.2 million million either way.
        case tooLarge

        /// What is wrong, to follow the name of a member.
        package var words: String {
            switch self {
            case .notANumber: "is not a decimal number"
            case .tooLarge: "is too large"
            }
        }
    }

    /// Reads a decimal number, exactly: digits, perhaps with a leading `-`, a fraction and an exponent (`-12.5`,
    /// `1e3`). What lies beyond the sixth decimal is rounded once, half to even.
    package init(decimal bytes: UnsafeBufferPointer<UInt8>) throws(TextError) {
        var position = 0
        let isNegative = bytes.count > 0 && bytes[0] == UInt8(ascii: "-")
        if isNegative { position = 1 }

        // Digits are gathered in 128 bits; those beyond 37 significant ones only leave a trace in `isInexact`.
        var digits: UInt128 = 0
        var exponent = 0
        var (isInexact, hasDigits) = (false, false)
        var small: UInt64 = 0
        var smallCount = 0
        func take(_ digit: UInt8, isFraction: Bool) {
            hasDigits = true
            if smallCount < 18 {
                small = small * 10 + UInt64(digit)
                if small != 0 { smallCount += 1 }
                digits = UInt128(small)
            } else if smallCount < 37 {
                digits = digits * 10 + UInt128(digit)
                smallCount += 1
            } else {
                isInexact = isInexact || digit != 0
                if !isFraction { exponent += 1 }
                return
            }
            if isFraction { exponent -= 1 }
        }
        while position < bytes.count, bytes[position] &- 48 <= 9 {
            take(bytes[position] &- 48, isFraction: false)
            position += 1
        }
        guard hasDigits else { throw .notANumber }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            let start = position
            while position < bytes.count, bytes[position] &- 48 <= 9 {
                take(bytes[position] &- 48, isFraction: true)
                position += 1
            }
            guard position > start else { throw .notANumber }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            var isNegativeExponent = false
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                isNegativeExponent = bytes[position] == UInt8(ascii: "-")
                position += 1
            }
            let start = position
            var written = 0
            while position < bytes.count, bytes[position] &- 48 <= 9 {
                // Beyond any length of digits a line can have, it only matters that it is huge.
                written = min(written * 10 + Int(bytes[position] &- 48), 1_000_000_000_000)
                position += 1
            }
            guard position > start else { throw .notANumber }
            exponent += isNegativeExponent ? -written : written
        }
        guard position == bytes.count else { throw .notANumber }

        guard let magnitude = FixedPoint.scaled(digits, by: exponent + 6, isInexact: isInexact) else { throw .tooLarge }
        millionths = isNegative ? -magnitude : magnitude
    }

    /// `digits` × 10^`exponent`, rounded half to even; nil when it does not fit.
    private static func scaled(_ digits: UInt128, by exponent: Int, isInexact: Bool) -> Int64? {
        guard digits != 0 else { return 0 }
        if exponent >= 0 {
            // Digits were dropped only beyond 37, and such a number does not fit here.
            guard exponent <= 18, !isInexact else { return nil }
            let (product, overflow) = digits.multipliedReportingOverflow(by: powersOfTen[exponent])
            return overflow ? nil : Int64(exactly: product)
        }
        guard exponent >= -38 else { return 0 }
        let divisor = powersOfTen[-exponent]
        let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: divisor)
        let rest = divisor - remainder
        let isUp = remainder > rest || (remainder == rest && (isInexact || quotient % 2 == 1))
        return Int64(exactly: isUp ? quotient + 1 : quotient)
    }

    private static let powersOfTen: [UInt128] = (0...38).map {
        (0..<$0).reduce(1 as UInt128) { power, _ in power * 10 }
    }

    /// nil when the text is not a decimal number, or too large.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        let read = text.withUTF8 { try? FixedPoint(decimal: $0) }
        guard let read else { return nil }
        self = read
    }
}

extension FixedPoint: CustomStringConvertible {
    /// The shortest exact decimal: `12`, `-0.5`, `0.000001`.
    package var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package func write(to bytes: inout [UInt8]) {
        if millionths < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, fraction) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        bytes.append(decimal: Int(whole), width: 1)
        bytes.append(fraction: Int(fraction))
    }
}
