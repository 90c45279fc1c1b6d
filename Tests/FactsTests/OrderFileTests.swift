import Facts
import TestSupport
import Testing

@Suite("An order and all that names it are one file")
struct OrderFileTests {
    @Test("facts come to the files of their orders, by the bytes of the ids; what names none is a file of its own")
    func grouping() {
        // One é is a single character, the other an e with an accent: two orders.
        let files = OrderFile.files(of: [
            refund("r1", of: "caf\u{E9}", [:]), order("caf\u{E9}", [:]), fact(.penalty, "p", [:]),
            order("cafe\u{301}", [:]), refund("r2", of: "caf\u{E9}", [:]), refund("r3", of: "unknown", [:]),
        ])
        #expect(files.map { $0.order?.id.utf8.count } == [5, nil, 6, nil])
        #expect(files.map { $0.children.map(\.id) } == [["r1", "r2"], ["p"], [], ["r3"]])
        #expect(OrderFile.files(of: []).isEmpty)
    }
}
