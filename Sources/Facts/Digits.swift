extension UnsafeBufferPointer<UInt8> {
    /// The number that `count` decimal digits spell; nil when one of them is none. They must lie within the buffer.
    @inline(__always)
    func digits(at start: Int, count: Int) -> Int? {
        var value = 0
        for position in start..<start + count {
            let digit = self[position] &- 48
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    /// Eight bytes at a time, as far as they go.
    @inline(__always)
    package func isEqual(to other: ContiguousArray<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return other.withUnsafeBufferPointer { isEqual(to: $0) }
    }

    @inline(__always)
    package func isEqual(to other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let (bytes, other) = (UnsafeRawBufferPointer(self), UnsafeRawBufferPointer(other))
        var at = 0
        while at + 8 <= bytes.count {
            let (left, right) = (
                bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self),
                other.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            )
            guard left == right else { return false }
            at += 8
        }
        while at < bytes.count {
            guard bytes[at] == other[at] else { return false }
            at += 1
        }
        return true
    }

    /// Spreads ids over a table; no defence against ids made to collide, which only makes the table slow.
    var spread: Int {
        let bytes = UnsafeRawBufferPointer(self)
        var hash: UInt64 = UInt64(bytes.count)
        var at = 0
        while at + 8 <= bytes.count {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            at += 8
        }
        while at < bytes.count {
            hash = (hash ^ UInt64(bytes[at])) &* 0x9E37_79B9_7F4A_7C15
            at += 1
        }
        return Int(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}

extension [UInt8] {
    /// At least `width` digits of a number that is not negative.
    mutating func append(decimal value: Int, width: Int) {
        var unit = 1
        for _ in 1..<Swift.max(width, 1) { unit *= 10 }
        while value / unit >= 10 { unit *= 10 }
        while unit > 0 {
            append(48 + UInt8(truncatingIfNeeded: value / unit % 10))
            unit /= 10
        }
    }

    /// A point and the digits of so many millionths without trailing zeros; nothing for 0.
    mutating func append(fraction millionths: Int) {
        guard millionths > 0 else { return }
        append(UInt8(ascii: "."))
        var (rest, unit) = (millionths, 100_000)
        while rest > 0 {
            append(48 + UInt8(truncatingIfNeeded: rest / unit))
            rest %= unit
            unit /= 10
        }
    }
}
