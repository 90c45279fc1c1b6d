import Testing

@Suite("Lists in an order that name all its facts of a kind")
struct WholeListTests {
    static let wrong: [(String, String)] = [
        ("whole: [{kind: refund, each: refunds, id: id}]", "of a kind that 'things' brings"),
        ("whole: [{kind: penalty, each: refunds, id: id}]", "of a kind that 'things' brings"),
        ("whole: [{kind: order, each: refunds, id: id}]", "of a kind that 'things' brings"),
        ("whole: [{kind: line, id: id}]", "each"), ("whole: [{kind: lin, each: lines, id: id}]", "'line'"),
        ("whole: [{kind: line, each: lines, id: id, where: {a: [b]}}]", "'where'"),
        (
            "whole: [{kind: line, each: lines, id: id}]\ndetails: {item: id, streams: {more: {get: \"/m/{item}\", adds: [{kind: order, amount: a}]}}}",
            "to which nothing is added"
        ),
    ]

    @Test("what cannot be one is said where it is written", arguments: wrong)
    func faults(_ whole: String, _ words: String) {
        let facts = "facts: [{kind: order, id: id}, {kind: line, each: lines, id: id, order: ^id}]\n"
        let found = MadeUpPack.errors("items: list\n" + facts + whole)
        #expect(found.count == 1 && found[0].contains(words), "\(found)")
        let noOrder = MadeUpPack.errors(
            "items: list\nfacts: [{kind: line, id: id}]\nwhole: [{kind: line, each: lines, id: id}]")
        #expect(noOrder.count == 1 && noOrder[0].contains("whose items are orders"), "\(noOrder)")
    }
}
