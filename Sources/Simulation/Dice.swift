/// Chance that can be told again: the same seed gives the same throws on every machine (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Dice of their own for a part of the whole, so that adding a store or a day moves no other.
    init(seed: UInt64, _ parts: Int...) {
        state = seed
        for part in parts {
            state = next() ^ UInt64(bitPattern: Int64(part)) &* 0x9E37_79B9_7F4A_7C15
        }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// True `perTenThousand` times in ten thousand.
    mutating func happens(_ perTenThousand: Int) -> Bool { Int(next() % 10_000) < perTenThousand }

    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// A span between two numbers of minutes, to the second.
    mutating func minutes(_ range: ClosedRange<Int>) -> Int64 {
        Int64(within((range.lowerBound * 60)...(range.upperBound * 60)))
    }
}
