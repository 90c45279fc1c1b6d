import HTTPTypes
import TestSupport
import Testing

@testable import Curl

@Suite("Addresses and turns")
struct AddressTests {
    @Test(
        "an absolute http address is taken apart",
        arguments: [
            ("http://shop.example", "http", "shop.example", 80, "/"),
            ("HTTPS://Shop.Example:8443/a/b?x=1&y=%20#part", "https", "shop.example", 8443, "/a/b?x=1&y=%20"),
            ("https://shop.example?x=/", "https", "shop.example", 443, "/?x=/"),
            ("http://127.0.0.1:80/../x", "http", "127.0.0.1", 80, "/../x"),
            ("http://[::1]:8080/x", "http", "[::1]", 8080, "/x"),
        ])
    func good(text: String, scheme: String, host: String, port: UInt16, path: String) throws {
        let address = try #require(Address(text))
        #expect(address.origin == Address.Origin(scheme: scheme, host: host, port: port))
        #expect(address.path == path)
        #expect(Request(method: .get, url: text) != nil)
    }

    @Test(
        "any other text is no address",
        arguments: [
            "", "shop.example", "/path", "//shop.example/", "ftp://shop.example/", "file:///etc/passwd", "http:/x",
            "http://", "http:///x", "http://user@shop.example/", "http://user:word@shop.example/", "http://a b/",
            "http://shop.example/a b", "http://shop.example/\r\nX: y", "http://shop.example:/",
            "http://shop.example:0/",
            "http://shop.example:65536/", "http://shop.example:8a/", "http://sch\u{f6}n.example/",
            "http://shop.example/\u{8ba2}", "http://[::1", "http://[::1]x/", "http://[shop]/", "http://[]/",
            " http://a/",
            "http://a\\b/", "http://\(String(repeating: "a", count: 254))/",
        ])
    func bad(text: String) {
        #expect(Request(method: .get, url: text) == nil)
    }

    @Test("a request's head can be signed after the request was made")
    func changedHead() throws {
        var request = try #require(Request(method: .get, url: "https://shop.example/a"))
        request.head.path = "/a?sign=1"
        request.head.headerFields[.authorization] = "x"
        #expect(request.address?.url == "https://shop.example/a?sign=1")
    }

    @Test("in a lane the order of arrival counts; lanes take turns; limits hold")
    func lanes() throws {
        let (a, b) = (
            Address.Origin(scheme: "http", host: "a", port: 80), Address.Origin(scheme: "http", host: "b", port: 80)
        )
        var lanes = Lanes<Int>(perLane: 2, overall: 3)
        for job in [1, 2, 3, 4] { lanes.add(job, to: a) }
        for job in [11, 12] { lanes.add(job, to: b) }
        func turn() throws -> (job: Int, lane: Lanes<Int>.Lane) {
            let next = lanes.next()
            return try #require(next)
        }
        func nobody() -> Bool { lanes.next() == nil }
        let (first, second, third) = (try turn(), try turn(), try turn())
        #expect([first.job, second.job, third.job] == [1, 11, 2])
        #expect(nobody(), "three are under way")
        lanes.leave(second.lane)
        let fourth = try turn()
        #expect(fourth.job == 12, "lane a has two under way")
        lanes.leave(fourth.lane)
        #expect(nobody())
        lanes.leave(first.lane)
        #expect(try turn().job == 3)
        let left = lanes.removeAll()
        #expect(left == [4])
    }

    @Test(
        "of everything added each comes once, in order, and never too many at a time", arguments: [1, 2, 3] as [UInt64])
    func lanesAtRandom(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let origins = (0..<5).map { Address.Origin(scheme: "http", host: "h\($0)", port: 80) }
        var lanes = Lanes<(origin: Int, number: Int)>(perLane: 3, overall: 8)
        var underWay: [(origin: Int, lane: Lanes<(origin: Int, number: Int)>.Lane)] = []
        var came: [Int: [Int]] = [:]
        var added = 0
        while added < 5000 || !underWay.isEmpty {
            if added < 5000 && Bool.random(using: &random) {
                let origin = Int.random(in: 0..<5, using: &random)
                lanes.add((origin, added), to: origins[origin])
                added += 1
            }
            while let (job, lane) = lanes.next() {
                came[job.origin, default: []].append(job.number)
                underWay.append((job.origin, lane))
            }
            #expect(underWay.count <= 8)
            #expect((0..<5).allSatisfy { origin in underWay.count { $0.origin == origin } <= 3 })
            if !underWay.isEmpty && (added == 5000 || Bool.random(using: &random)) {
                lanes.leave(underWay.remove(at: Int.random(in: 0..<underWay.count, using: &random)).lane)
            }
        }
        #expect(came.values.map(\.count).reduce(0, +) == 5000)
        #expect(came.values.allSatisfy { $0 == $0.sorted() })
    }

    @Test("lines of a head that are no field are passed over")
    func fields() {
        let head = "HTTP/1.1 200 OK\r\nA: 1\r\nnonsense\r\nB b: 2\r\n: 3\r\nC:\t 4 \t\r\nA:5\n\r\n"
        let fields = Reply.fields(Array(head.utf8))
        #expect(fields.map { "\($0.name)=\($0.value)" } == ["A=1", "C=4", "A=5"])
    }
}
