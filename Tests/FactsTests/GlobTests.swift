import Facts
import Testing

@Test(
    "a glob fits the whole id",
    arguments: [
        ("*", "", true), ("*", "anything 任何", true), ("erp-*", "erp-1", true), ("erp-*", "erp-", true),
        ("erp-*", "xerp-1", false), ("a?c", "abc", true), ("a?c", "ac", false), ("a?c", "a拼c", true),
        ("*-east", "shop-1-east", true),
        ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false), ("", "", true), ("", "a", false), ("a", "A", false),
        ("*aab", "aaaab", true), ("a*", "ba", false),
    ])
func globs(_ pattern: String, _ id: String, _ expected: Bool) {
    #expect(Glob(pattern).matches(id) == expected)
}
