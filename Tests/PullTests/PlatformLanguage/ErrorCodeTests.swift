import Testing

@testable import Pull

@Suite("Codes of errors, as packs write them")
struct ErrorCodeTests {
    static let rows: [(String, String, Bool)] = [
        ("105", "105", true), ("105", "106", false), ("105", "1051", false), ("", "", true),
        ("1051", "105*", true), ("105", "105*", true), ("10", "105*", false), ("", "*", true),
        ("105001", "105???", true), ("10500", "105???", false), ("106001", "105???", false),
        // Any character, in a beginning too.
        ("10a", "10?*", true), ("10abc", "10?*", true), ("10", "10?*", false), ("11a", "10?*", false),
        ("10?", "10?*", true),
        ("post_number", "*_number", true), ("_number", "*_number", true), ("post_numbers", "*_number", false),
        ("number", "*_number", false), ("a12", "*?2", true), ("2", "*?2", false),
    ]

    @Test("a star is whatever follows, or stands before, a question mark any one character", arguments: rows)
    func codes(_ code: String, _ pattern: String, _ fits: Bool) {
        #expect(PlatformVerdict.is(code, like: pattern) == fits)
    }
}
